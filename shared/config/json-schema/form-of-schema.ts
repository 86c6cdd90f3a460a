import { MAX_NAMED } from "../receivers.ts";
import {
  ADDED_TO_SCHEMAS,
  FORMS_OF_CHECKS,
  FORMS_OF_NAMES,
  FORMS_OF_SCHEMAS,
} from "./known-forms.ts";
import { type Form, textForm } from "./text-forms.ts";

/** A schema or a step of valibot, with what any kind of them may have. */
interface Part {
  readonly type: string;
  readonly pipe?: readonly unknown[];
  readonly wrapped?: unknown;
  readonly default?: unknown;
  readonly item?: unknown;
  readonly entries?: Readonly<Record<string, unknown>>;
  readonly options?: readonly unknown[];
  readonly requirement?: unknown;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/**
 * The JSON schema of what a schema accepts in the configuration file. Where the file's own schema checks by a
 * function, the form comes from `known-forms.ts`.
 *
 * @param describe - adds words to the form of the value at a path of keys
 * @throws `Error` when the schema has a part whose form is not known
 */
export function formOfSchema(
  schema: unknown,
  describe: (path: readonly string[], form: Form) => Form,
  path: readonly string[] = [],
): Form {
  const known = FORMS_OF_SCHEMAS.get(schema);
  if (known !== undefined) return known;
  const part = partOf(schema);
  const { pipe, wrapped, item, entries = {}, options = [] } = part;
  if (pipe !== undefined) {
    const form = pipe.reduce<Form>(
      (before, step) => withStep(before, step, (inner) => formOfSchema(inner, describe, path)),
      {},
    );
    const added = ADDED_TO_SCHEMAS.get(schema);
    if (added === undefined && pipe.some(isUnknownCheck) && !pipe.some(hasMetadata)) {
      throw new Error(`${path.join(".")} is checked by what has no form in JSON Schema`);
    }
    return { ...form, ...added };
  }
  switch (part.type) {
    case "exact_optional":
      return formOfSchema(wrapped, describe, path);
    case "optional":
      return { ...formOfSchema(wrapped, describe, path), default: part.default };
    case "strict_object": {
      const properties = Object.entries(entries).map(([key, entry]) => {
        const inner = [...path, key];
        return [key, describe(inner, formOfSchema(entry, describe, inner))] as const;
      });
      const required = Object.keys(entries).filter((key) => !isOptional(partOf(entries[key])));
      return {
        type: "object",
        properties: Object.fromEntries(properties),
        ...(required.length > 0 && { required }),
        additionalProperties: false,
      };
    }
    case "array":
      return { type: "array", items: formOfSchema(item, describe, path) };
    case "picklist":
      return textForm({ enum: options.map(String) });
    case "union":
      return { anyOf: options.map((option) => formOfSchema(option, describe, path)) };
    case "string":
      return textForm();
    case "number":
    case "boolean":
      return { type: part.type };
    // What the value is the next step of the pipe says.
    case "custom":
      return {};
    default:
      throw new Error(`${path.join(".")} has a schema of the type ${part.type} without a form`);
  }
}

/** Adds what one step of a pipe says to the form so far. */
function withStep(before: Form, step: unknown, formOf: (schema: unknown) => Form): Form {
  const { type, requirement, metadata } = partOf(step);
  const isList = before["type"] === "array";
  switch (type) {
    case "regex":
      return textForm({ pattern: requirement instanceof RegExp ? requirement.source : "" });
    case "digits":
      return textForm({ pattern: "^\\d+$" });
    case "check":
      return known(FORMS_OF_CHECKS, requirement);
    case "metadata":
      return formOfMetadata(before, metadata ?? {});
    case "non_empty":
      return isList ? { ...before, minItems: 1 } : textForm({ minLength: 1 });
    case "max_length":
      return isList ? { ...before, maxItems: requirement } : before;
    case "integer":
      return ofNumbers(before, { type: "integer" });
    case "min_value":
      return ofNumbers(before, { minimum: requirement });
    case "max_value":
      return ofNumbers(before, { maximum: requirement });
    case "transform":
    case "raw_transform":
    case "raw_check":
      return before;
    default:
      return { ...before, ...formOf(step) };
  }
}

function formOfMetadata(before: Form, metadata: Readonly<Record<string, unknown>>): Form {
  const { checkedBy, shortest, longest, namesCheckedBy, textsCheckedBy } = metadata;
  if (checkedBy !== undefined) return known(FORMS_OF_CHECKS, checkedBy);
  if (typeof shortest === "string" && typeof longest === "string") {
    return {
      ...textForm({ pattern: "^\\s*\\d+(?:\\.\\d+)?(?:ms|s|m|h|d)\\s*$" }),
      description: `From ${shortest} to ${longest}.`,
    };
  }
  if (namesCheckedBy === undefined) return before;
  return {
    type: "object",
    propertyNames: known(FORMS_OF_NAMES, namesCheckedBy),
    additionalProperties: known(FORMS_OF_CHECKS, textsCheckedBy),
    maxProperties: MAX_NAMED,
  };
}

function known(forms: ReadonlyMap<unknown, Form>, check: unknown): Form {
  const form = forms.get(check);
  if (form !== undefined) return form;
  const name = typeof check === "function" ? check.name : "something else";
  throw new Error(`the check ${name} has no form in JSON Schema: add it to known-forms.ts`);
}

/** Adds a limit to the numbers among alternatives. */
function ofNumbers(before: Form, limit: Form): Form {
  const { anyOf } = before;
  if (!Array.isArray(anyOf)) return { ...before, ...limit };
  return {
    ...before,
    anyOf: anyOf.map((each: Form) =>
      each["type"] === "number" || each["type"] === "integer" ? { ...each, ...limit } : each,
    ),
  };
}

function isUnknownCheck(step: unknown): boolean {
  return /^raw_/.test(partOf(step).type);
}

function hasMetadata(step: unknown): boolean {
  return partOf(step).type === "metadata";
}

function isOptional({ type }: Part): boolean {
  return /optional$/.test(type);
}

function partOf(value: unknown): Part {
  if (!isPart(value)) throw new Error("what is no schema has no JSON form");
  return value;
}

function isPart(value: unknown): value is Part {
  return typeof value === "object" && value !== null && "type" in value;
}
