import * as v from "valibot";

import type { ProxySettings } from "../http/proxy-settings.ts";
import type { Environment } from "../program/environment.ts";
import { isSafeToEcho } from "../text/safe-to-echo.ts";
import type { Keys } from "./option.ts";
import { fillPlaceholders, hasPlaceholder } from "./placeholders.ts";
import { configSource, type ConfigValues, knownKeys } from "./schema.ts";

/** One source of configuration, checked on its own: its values, or what is wrong with them. */
export interface ConfigLayer {
  readonly values: ConfigValues;
  /** Only the environment names a proxy: a file, a flag or an event does not. */
  readonly proxy?: ProxySettings | null;
  readonly problems: readonly string[];
}

/**
 * Checks one source.
 *
 * @param nameOf - returns the name of the value at a path, for messages
 */
export function readLayer(
  values: unknown,
  nameOf: (path: Keys) => string,
  schema: v.GenericSchema<unknown, ConfigValues> = configSource(),
): ConfigLayer {
  const result = v.safeParse(schema, values, { message: describeIssue });
  if (result.success) return { values: result.output, problems: [] };
  return { values: {}, problems: problemsOf(result.issues, nameOf) };
}

/** A configuration file as it was read: not checked, and its `${NAME}` not filled in. */
export interface ConfigFile {
  readonly name: string;
  readonly values: unknown;
  /** Returns the name with the line of what is at a path. A packed file has no lines. */
  readonly nameAt?: (path: Keys) => string;
}

/** Checks a file, if there is one, with its `${NAME}` filled in from the environment. */
export function readFileLayer(file: ConfigFile | null, env: Environment): ConfigLayer {
  if (file === null) return { values: {}, problems: [] };
  const nameOf = nameInFile(file);
  const problems: string[] = [];
  const filled = fillPlaceholders(file.values ?? {}, env, (path, problem) => {
    problems.push(`${nameOf(path)}: ${problem}`);
  });
  if (problems.length === 0) return readLayer(filled, nameOf);
  return { values: {}, problems: [...problems, ...problemsOfFile(file)] };
}

/** Finds the problems of a file that do not depend on the values of its `${NAME}`: a build has none. */
export function problemsOfFile(file: ConfigFile): string[] {
  const result = v.safeParse(configSource(), file.values ?? {}, { message: describeIssue });
  if (result.success) return [];
  const certain = result.issues.filter(
    ({ path, input }) => !hasPlaceholder(path?.at(-1)?.value ?? input),
  );
  return problemsOf(certain, nameInFile(file));
}

function nameInFile({ name, nameAt = () => name }: ConfigFile): (path: Keys) => string {
  return (path) => (path.length === 0 ? nameAt(path) : `${nameAt(path)}: ${formatPath(path)}`);
}

/** Writes a path as `alerts.receivers[0].url`. A key that may be a secret is not shown. */
export function formatPath(path: Keys): string {
  return path
    .map((key) => {
      if (typeof key === "number") return `[${key}]`;
      return HIDDEN.test(key) || isSafeToEcho(key, knownKeys()) ? `.${key}` : ".(key not shown)";
    })
    .join("")
    .replace(/^\./, "");
}

function problemsOf(
  issues: readonly v.BaseIssue<unknown>[],
  nameOf: (path: Keys) => string,
): string[] {
  return issues.map((issue) => `${nameOf(pathOf(issue))}: ${issue.message}`);
}

/** A key that must not be shown is named by its position in its object. */
function pathOf(issue: v.BaseIssue<unknown>): Keys {
  return (issue.path ?? []).map(({ key, input }) => {
    if (typeof key === "number") return key;
    const name = String(key);
    const place = Object.keys({ ...Object(input) }).indexOf(name) + 1;
    return place === 0 || isSafeToEcho(name, knownKeys()) ? name : `(key ${place}, not shown)`;
  });
}

const HIDDEN = /^\(key \d+, not shown\)$/;

/** The message of an issue for which the schema has none. It never quotes the value. */
function describeIssue(issue: v.BaseIssue<unknown>): string {
  return `must be ${issue.expected ?? "something else"}`;
}
