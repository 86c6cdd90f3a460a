import { parse, YAMLParseError } from "yaml";

import type { Environment } from "../shared/environment.ts";

/** What an `s.yaml` says, its `${…}` filled in, and which of them could not be. */
export interface ResolvedTemplate {
  readonly values: unknown;
  readonly problems: readonly string[];
}

/** Stands where an expression could not be filled in; a problem says so. */
export const UNFILLED = "\u0000";

type Path = readonly (string | number)[];

const EXPRESSION = /\$\{([^}]*)\}/g;
const ENV_CALL = /^env\(\s*(['"])(\w+)\1\s*(?:,\s*(['"])(.*)\3\s*)?\)$/;
const VARIABLE = /^vars((?:\.\w+)+)$/;

/**
 * Reads an `s.yaml` and fills in `${env('NAME')}`, `${env('NAME', 'default')}` and `${vars.name}`, as
 * Serverless Devs does. Anything else that it may know is a problem here: what cannot be filled in
 * cannot be checked.
 *
 * @see https://docs.serverless-devs.com/user-guide/spec/
 */
export function resolveTemplate(text: string, env: Environment): ResolvedTemplate {
  let template: unknown;
  try {
    template = parse(text, { logLevel: "error" });
  } catch (error) {
    const line = error instanceof YAMLParseError ? error.linePos?.[0].line : undefined;
    const at = line === undefined ? "" : `, at line ${line}`;
    return { values: null, problems: [`s.yaml: is not YAML that can be read${at}`] };
  }
  const problems: string[] = [];

  function fill(value: unknown, path: Path): unknown {
    if (typeof value === "string") return fillText(value, path);
    if (Array.isArray(value)) return value.map((entry, index) => fill(entry, [...path, index]));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, entry]) => [key, fill(entry, [...path, key])]),
    );
  }

  /** A text that is nothing but one expression takes that expression's value as it is. */
  function fillText(text: string, path: Path): unknown {
    const [whole, expression] = new RegExp(`^${EXPRESSION.source}$`).exec(text) ?? [];
    if (whole !== undefined) return valueOf(String(expression).trim(), path);
    return text.replaceAll(EXPRESSION, (_, inner: string) => String(valueOf(inner.trim(), path)));
  }

  function valueOf(expression: string, path: Path): unknown {
    const [, , name, , fallback] = ENV_CALL.exec(expression) ?? [];
    if (name !== undefined) {
      const value = env[name] ?? fallback;
      if (value !== undefined && value !== "") return value;
      const state = value === "" ? "is empty" : "is not set, and has no default";
      problems.push(`${path.join(".")}: the environment variable ${name} ${state}`);
      return UNFILLED;
    }
    const [, names] = VARIABLE.exec(expression) ?? [];
    // An entry of vars may itself hold an expression; that one is reported where it stands.
    if (names !== undefined && path[0] !== "vars") {
      const value = names.slice(1).split(".").reduce(entryOf, vars);
      if (value !== undefined) return value;
      problems.push(`${path.join(".")}: vars has no ${names.slice(1)}`);
      return UNFILLED;
    }
    problems.push(
      `${path.join(".")}: holds an expression other than env(…) and vars.…, which is not checked here`,
    );
    return UNFILLED;
  }

  const vars = fill(entryOf(template, "vars"), ["vars"]);
  const rest =
    typeof template === "object" && template !== null ? { ...template, vars: undefined } : template;
  const values = fill(rest, []);
  return {
    values: typeof values === "object" && values !== null ? { ...values, vars } : values,
    problems,
  };
}

function entryOf(values: unknown, key: string): unknown {
  if (typeof values !== "object" || values === null) return undefined;
  return Object.entries(values).find(([name]) => name === key)?.[1];
}
