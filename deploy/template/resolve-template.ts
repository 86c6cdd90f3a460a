import type { Environment } from "../../shared/program/environment.ts";
import type { TemplateFile } from "./template-files.ts";

/** A template with its `${…}` expressions filled in, and the problems of those that could not be. */
export interface ResolvedTemplate {
  readonly values: unknown;
  readonly problems: readonly string[];
}

/** Replaces an expression that could not be filled in, for which there is a problem. */
export const UNFILLED = "\u0000";

/** Deeper than any template. A value that contains itself (a YAML alias) would never end. */
const MAX_DEPTH = 30;

type Path = readonly (string | number)[];
type Content = TemplateFile["content"];

const EXPRESSION = /\$\{([^}]*)\}/g;
const ENV_CALL = /^env\(\s*(['"])(\w+)\1\s*(?:,\s*(['"])([^'"\\]*)\3\s*)?\)$/;
const VARIABLE = /^vars((?:\.\w+)+)$/;

/**
 * Fills in `${env('NAME')}`, `${env('NAME', 'default')}` and `${vars.name}`, and merges a file over
 * the one that it extends, as Serverless Devs does: the value of an environment variable is always
 * text, and an entry without a value is left out. Any other expression is a problem, because a value
 * that cannot be filled in cannot be checked.
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

/** Fills in one file, with the merged variables of all files. */
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

  /** A text that consists of a single expression becomes that expression's value, of whatever type. */
  function fillText(text: string, path: Path): unknown {
    const [, whole] = new RegExp(`^${EXPRESSION.source}$`).exec(text) ?? [];
    const filled =
      whole === undefined
        ? text.replaceAll(EXPRESSION, (_, inner: string) =>
            textOf(valueOf(inner.trim(), path), path),
          )
        : valueOf(whole.trim(), path);
    if (typeof filled !== "string") return filled;
    // Serverless Devs evaluates the filled-in text again, and `<%` also starts an expression.
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
    // Entries of vars may contain expressions themselves; those are reported at their own path.
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
  // Serverless Devs reads `access` before it fills in any expression.
  return {
    ...Object(fill({ ...rest, vars: {} }, [])),
    vars,
    ...(access !== undefined && { access }),
  };
}

/** Merges a value over another: objects key by key; lists and all other values are replaced. */
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
