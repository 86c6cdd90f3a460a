import { readFileSync } from "node:fs";

import { parse, YAMLParseError } from "yaml";

import { ConfigError } from "../audit/run-error.ts";
import { shownPath } from "../text/shown-path.ts";
import type { ConfigFile } from "./layer.ts";
import { errorCode } from "../text/error-code.ts";

/** Looked for in the current folder when no other file is named. */
const DEFAULT_CONFIG_FILES = ["flowlog-guard.yaml", "flowlog-guard.yml"] as const;

/**
 * Reads a configuration file, without filling in its `${NAME}`.
 *
 * @param path - the file that somebody named; undefined for `flowlog-guard.yaml` or
 *   `flowlog-guard.yml` in the current folder
 * @returns what the file says, not checked; null when nobody named a file and there is none
 * @throws {@link ConfigError} when the file cannot be read or is not YAML, and when nobody named a
 *   file and both are there
 */
export function readConfigFile(path: string | undefined): ConfigFile | null {
  const names = path === undefined ? DEFAULT_CONFIG_FILES : [path];
  const [file, other] = names
    .map((name) => ({ name, text: readText(name, path === undefined) }))
    .filter(({ text }) => text !== null);
  if (file === undefined) return null;
  if (other !== undefined) {
    throw new ConfigError([
      `${file.name} and ${other.name}: both are here. Keep one of them, or name the one that counts with FLOWLOG_GUARD_CONFIG or --config.`,
    ]);
  }
  return { name: file.name, values: parseValues(file.name, file.text ?? "") };
}

/** @returns null where there is no such file, and there need not be one */
function readText(name: string, optional: boolean): string | null {
  try {
    return readFileSync(name, "utf8");
  } catch (error) {
    const code = errorCode(error) ?? "unknown error";
    if (optional && code === "ENOENT") return null;
    // The system's message repeats the name, so it is no cause to keep.
    throw new ConfigError([
      `${shownPath(name)}: cannot be read (${code}). Name a configuration file that exists.`,
    ]);
  }
}

function parseValues(name: string, text: string): unknown {
  try {
    // As JSON, which is what the build packs: it has no references to itself, and no exotic values.
    return JSON.parse(JSON.stringify(parse(text, { logLevel: "error" }) ?? null));
  } catch (error) {
    // The parser's message may quote the line, and with it an address or a key.
    const position = error instanceof YAMLParseError ? error.linePos?.[0] : undefined;
    const at = position === undefined ? "" : ` at line ${position.line}, column ${position.col}`;
    throw new ConfigError([`${name}: is not YAML that can be read${at}`]);
  }
}
