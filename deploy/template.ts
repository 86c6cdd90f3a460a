import type { Environment } from "../shared/program/environment.ts";
import type { TemplateFile } from "./template-files.ts";

/** What is to be deployed, its `${…}` filled in, and which of them could not be. */
export interface ResolvedTemplate {
  readonly values: unknown;
  readonly problems: readonly string[];
}

/** Stands where a value could not be filled in; a problem says so. */
export const UNFILLED = "\u0000";

/** Deeper than any template is; what contains itself has no end. */
const MAX_DEPTH = 30;

type Path = readonly (string | number)[];
type Content = TemplateFile["content"];

const EXPRESSION = /\$\{([^}]*)\}/g;
const ENV_CALL = /^env\(\s*(['"])(\w+)\1\s*(?:,\s*(['"])([^'"\\]*)\3\s*)?\)$/;
const VARIABLE = /^vars((?:\.\w+)+)$/;

/**
 * Fills in `${env('NAME')}`, `${env('NAME', 'default')}` and `${vars.name}`, and lays a file over the
 * one that it extends, as Serverless Devs does: a variable of the environment is always text, and an
 * entry without a value counts as not there. Anything else that it may know is a problem here, since
 * what cannot be filled in cannot be checked.
 *
 * @param files - the file to deploy, and the one that it extends
 * @see https://docs.serverless-devs.com/user-guide/spec/
 */
export function resolveTemplate(
  files: readonly TemplateFile[],
  env: Environment,
): ResolvedTemplate {
  const fromBase = files.toReversed();
  const vars = fromBase.reduce<unknown>(
    (merged, { content }) => overlay(merged, content["vars"]),
    {},
  );
  const problems: string[] = [];
  const filled = fromBase.map(({ content }) => {
    const { extend: _extend, ...rest } = content;
    return fillContent({ ...rest, vars }, env, problems);
  });
  return {
    values: filled.reduce<unknown>(overlay, {}),
    problems: [...new Set(problems)],
  };
}

/** One file, with the variables of all. */
function fillContent(content: Content, env: Environment, problems: string[]): unknown {
  function fill(value: unknown, path: Path): unknown {
    if (path.length > MAX_DEPTH) return refuse(path.slice(0, 3), "contains itself");
    if (typeof value === "string") return fillText(value, path);
    if (value instanceof Date) return refuse(path, "is read as a date: put it in quotes");
    if (value instanceof Uint8Array) return refuse(path, "is read as bytes: write it as text");
    if (Array.isArray(value)) return value.map((entry, index) => fill(entry, [...path, index]));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).flatMap(([key, entry]) => {
        const at = [...path, key];
        const isResource = path.length === 1 && path[0] === "resources";
        if (entry === null && (path.length === 0 || isResource)) {
          return [[key, refuse(at, "has no value: to leave something out, delete it where it is")]];
        }
        return entry === null ? [] : [[key, fill(entry, at)]];
      }),
    );
  }

  function refuse(path: Path, problem: string): string {
    problems.push(`${path.join(".")}: ${problem}`);
    return UNFILLED;
  }

  /** A text that is nothing but one expression takes that expression's value as it is. */
  function fillText(text: string, path: Path): unknown {
    const [, whole] = new RegExp(`^${EXPRESSION.source}$`).exec(text) ?? [];
    const filled =
      whole === undefined
        ? text.replaceAll(EXPRESSION, (_, inner: string) =>
            textOf(valueOf(inner.trim(), path), path),
          )
        : valueOf(whole.trim(), path);
    if (typeof filled !== "string") return filled;
    // Serverless Devs reads its own output once more, and knows a second way to write an expression.
    return filled.includes("${") || filled.includes("<%")
      ? refuse(
          path,
          'holds "${" or "<%" where everything is filled in, which would be run as a program',
        )
      : filled;
  }

  function textOf(value: unknown, path: Path): string {
    if (typeof value === "string") return value;
    return typeof value === "number" || typeof value === "boolean"
      ? String(value)
      : refuse(path, "has an object in a text");
  }

  function valueOf(expression: string, path: Path): unknown {
    const [, , name, , fallback] = ENV_CALL.exec(expression) ?? [];
    if (name !== undefined) {
      const value = env[name] ?? fallback;
      if (value !== undefined && value !== "") return value;
      const state = value === "" ? "is empty" : "is not set, and has no default";
      return refuse(path, `the environment variable ${name} ${state}`);
    }
    const [, names] = VARIABLE.exec(expression) ?? [];
    // An entry of vars may itself hold an expression; that one is reported where it stands.
    if (names !== undefined && path[0] !== "vars") {
      const value = names.slice(1).split(".").reduce(entryOf, vars);
      return value === undefined ? refuse(path, `vars has no ${names.slice(1)}`) : value;
    }
    return refuse(
      path,
      "holds an expression other than env(…) and vars.…, which is not supported here",
    );
  }

  const vars = fill(content["vars"] ?? {}, ["vars"]);
  const { access, ...rest } = content;
  // Whose credentials are used is decided before anything is filled in.
  return {
    ...Object(fill({ ...rest, vars: {} }, [])),
    vars,
    ...(access !== undefined && { access }),
  };
}

/** Lays an object over another one: objects are merged, and all else is replaced, lists included. */
function overlay(base: unknown, over: unknown): unknown {
  if (over === undefined) return base;
  if (!isObject(base) || !isObject(over)) return over;
  const merged = Object.entries(over).map(([key, value]) => [key, overlay(base[key], value)]);
  return { ...base, ...Object.fromEntries(merged) };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && value.constructor === Object;
}

function entryOf(values: unknown, key: string): unknown {
  if (typeof values !== "object" || values === null) return undefined;
  return Object.entries(values).find(([name]) => name === key)?.[1];
}
