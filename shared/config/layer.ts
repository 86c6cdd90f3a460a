import * as v from "valibot";

import { isSafeToEcho } from "../text/safe-to-echo.ts";
import type { ProxySettings } from "../http/proxy-settings.ts";
import type { Environment } from "../program/environment.ts";
import { KNOWN_KEYS } from "./fields.ts";
import { fillPlaceholders, hasPlaceholder } from "./placeholders.ts";
import { ConfigSource } from "./schema.ts";

type Path = readonly (string | number)[];

/** One source of configuration, checked on its own: what it says, or what is wrong with it. */
export interface ConfigLayer {
  readonly values: ConfigSource;
  /** The environment's alone: a file, a flag or an event names no proxy. */
  readonly proxy?: ProxySettings | null;
  readonly problems: readonly string[];
}

/**
 * Checks one source.
 *
 * @param nameOf - how a person finds the value that a path leads to
 */
export function readLayer(
  values: unknown,
  nameOf: (path: Path) => string,
  schema: v.GenericSchema<unknown, ConfigSource> = ConfigSource,
): ConfigLayer {
  const result = v.safeParse(schema, values, { message: describeIssue });
  if (result.success) return { values: result.output, problems: [] };
  return { values: {}, problems: problemsOf(result.issues, nameOf) };
}

/** A configuration file as it was read: not checked, its `${NAME}` not yet filled in. */
export interface ConfigFile {
  readonly name: string;
  readonly values: unknown;
}

/** Checks what a file says, if there is one, with its `${NAME}` filled in from the environment. */
export function readFileLayer(file: ConfigFile | null, env: Environment): ConfigLayer {
  if (file === null) return { values: {}, problems: [] };
  const nameOf = nameInFile(file.name);
  const problems: string[] = [];
  const filled = fillPlaceholders(file.values ?? {}, env, (path, problem) => {
    problems.push(`${nameOf(path)}: ${problem}`);
  });
  if (problems.length === 0) return readLayer(filled, nameOf);
  return { values: {}, problems: [...problems, ...problemsOfFile(file)] };
}

/**
 * Says what is wrong with a file as far as that can be told before its `${NAME}` are known: at
 * build time.
 */
export function problemsOfFile({ name, values }: ConfigFile): string[] {
  const result = v.safeParse(ConfigSource, values ?? {}, { message: describeIssue });
  if (result.success) return [];
  const certain = result.issues.filter(
    ({ path, input }) => !hasPlaceholder(path?.at(-1)?.value ?? input),
  );
  return problemsOf(certain, nameInFile(name));
}

function nameInFile(fileName: string): (path: Path) => string {
  return (path) => (path.length === 0 ? fileName : `${fileName}: ${formatPath(path)}`);
}

/** Writes a path as `alerts.receivers[0].url`. A key that may be an address or a key is not shown. */
export function formatPath(path: Path): string {
  return path
    .map((key) => {
      if (typeof key === "number") return `[${key}]`;
      return HIDDEN.test(key) || isSafeToEcho(key, KNOWN_KEYS) ? `.${key}` : ".(key not shown)";
    })
    .join("")
    .replace(/^\./, "");
}

function problemsOf(
  issues: readonly v.BaseIssue<unknown>[],
  nameOf: (path: Path) => string,
): string[] {
  return issues.map((issue) => `${nameOf(pathOf(issue))}: ${issue.message}`);
}

/** A key that is not shown is told by its place among its neighbours. */
function pathOf(issue: v.BaseIssue<unknown>): Path {
  return (issue.path ?? []).map(({ key, input }) => {
    if (typeof key === "number") return key;
    const name = String(key);
    const place = Object.keys({ ...Object(input) }).indexOf(name) + 1;
    return place === 0 || isSafeToEcho(name, KNOWN_KEYS) ? name : `(key ${place}, not shown)`;
  });
}

const HIDDEN = /^\(key \d+, not shown\)$/;

/** The message for what the schema words no message for. Never quotes what it found. */
function describeIssue(issue: v.BaseIssue<unknown>): string {
  return `must be ${issue.expected ?? "something else"}`;
}
