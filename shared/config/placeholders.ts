import type { Environment } from "../program/environment.ts";
import type { Keys } from "./option.ts";

/** Matches every `${NAME}` in a text. */
export const PLACEHOLDER = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/** Whether a value has a `${NAME}` in it, which is filled in when the program runs. */
export function hasPlaceholder(value: unknown): boolean {
  return typeof value === "string" && value.search(PLACEHOLDER) !== -1;
}

/** The names of all `${NAME}` in a tree of values. */
export function placeholdersIn(value: unknown): string[] {
  return [...JSON.stringify(value ?? null).matchAll(PLACEHOLDER)].map(([, name]) => String(name));
}

/**
 * Replaces every `${NAME}` in a tree of values by the environment variable.
 *
 * @param onProblem - called with the path and the problem of a value: a variable that is not set or
 *   empty, or a `${` without a name and `}`
 */
export function fillPlaceholders(
  value: unknown,
  env: Environment,
  onProblem: (path: Keys, problem: string) => void,
  path: Keys = [],
): unknown {
  const fill = (entry: unknown, key: string | number): unknown =>
    fillPlaceholders(entry, env, onProblem, [...path, key]);
  if (typeof value === "string") {
    if (value.replaceAll(PLACEHOLDER, "").includes("${")) {
      onProblem(path, 'holds a "${" that is not followed by a name and "}": write ${NAME}');
    }
    return value.replaceAll(PLACEHOLDER, (_placeholder, name: string) => {
      const text = env[name] ?? "";
      if (text === "") onProblem(path, `the environment variable ${name} is not set`);
      return text;
    });
  }
  if (Array.isArray(value)) return value.map(fill);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, fill(entry, key)]));
}
