import { TOOL } from "../program/tool.ts";
import { DEFAULT_CONFIG } from "./config.ts";
import { DESCRIPTIONS, EXAMPLES } from "./json-schema/descriptions.ts";
import { formOfSchema } from "./json-schema/form-of-schema.ts";
import type { Form } from "./json-schema/text-forms.ts";
import { isOption, keyInFile, type Option, type OptionTable } from "./option.ts";
import { OPTIONS } from "./options.ts";

/**
 * The JSON schema of a configuration file, made from the table of options. It accepts every file that the
 * program accepts. What needs more than one value of the file or the environment of a run, such as names that
 * are used twice, only the program can tell.
 *
 * Draft 7, because that is what editors support best: the YAML language server, VS Code and JetBrains.
 *
 * @see https://json-schema.org/draft-07/schema
 */
export function configJsonSchema(): Form {
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: `Configuration of ${TOOL.name}`,
    description: `flowlog-guard.yaml. Every key may be left out. "flowlog-guard config" checks the file and prints it with all defaults.`,
    ...formOfTable(OPTIONS, []),
    // An empty file is a configuration too.
    type: ["object", "null"],
  };
}

function formOfTable(table: OptionTable, path: readonly string[]): Form {
  const properties = Object.entries(table).map(([name, entry]) => {
    const key = keyInFile(name);
    const inner = [...path, key];
    const form = isOption(entry) ? formOfOption(entry, inner) : formOfTable(entry, inner);
    return [key, described(inner, form)] as const;
  });
  return {
    type: "object",
    properties: Object.fromEntries(properties),
    additionalProperties: false,
  };
}

function formOfOption(option: Option<unknown>, path: readonly string[]): Form {
  const { fallback, fallbackText } = option;
  const form = formOfSchema(option.schema, described, path);
  const written =
    fallback === null || fallbackText !== undefined
      ? undefined
      : option.describe(fallback, DEFAULT_CONFIG);
  return {
    ...form,
    ...(written !== undefined && written !== null && { default: written }),
    ...(fallbackText !== undefined && {
      description: [form["description"], `Default: ${fallbackText}.`].filter(Boolean).join(" "),
    }),
  };
}

/** Adds the words for the key at a path: what it is for, before what its form says of itself. */
function described(path: readonly string[], form: Form): Form {
  const key = path.join(".");
  const about = DESCRIPTIONS.get(key);
  const examples = EXAMPLES.get(key);
  const description = [about, form["description"]].filter(Boolean).join(" ");
  return {
    ...form,
    ...(description !== "" && { description }),
    ...(examples !== undefined && { examples }),
  };
}
