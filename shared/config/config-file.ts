import { readFileSync } from "node:fs";

import { parse, YAMLParseError } from "yaml";

import { ConfigError } from "../audit/run-error.ts";
import { shownPath } from "../harmless.ts";
import type { ConfigFile } from "./layer.ts";

/** Looked for in the current folder when no other file is named. */
export const DEFAULT_CONFIG_FILE = "flowlog-guard.yaml";

/**
 * Reads a configuration file, without filling in its `${NAME}`.
 *
 * @param path - the file that somebody named; undefined for {@link DEFAULT_CONFIG_FILE}
 * @returns what the file says, not checked; null when nobody named a file and there is none
 * @throws {@link ConfigError} when the file cannot be read or is not YAML
 */
export function readConfigFile(path: string | undefined): ConfigFile | null {
  const name = path ?? DEFAULT_CONFIG_FILE;
  let text: string;
  try {
    text = readFileSync(name, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
    if (path === undefined && code === "ENOENT") return null;
    // The system's message repeats the name, so it is no cause to keep.
    throw new ConfigError([
      `${shownPath(name)}: cannot be read (${code}). Name a configuration file that exists.`,
    ]);
  }
  try {
    // As JSON, which is what the build packs: it has no references to itself, and no exotic values.
    const values: unknown = JSON.parse(JSON.stringify(parse(text, { logLevel: "error" }) ?? null));
    return { name, values };
  } catch (error) {
    // The parser's message may quote the line, and with it an address or a key.
    const position = error instanceof YAMLParseError ? error.linePos?.[0] : undefined;
    const at = position === undefined ? "" : ` at line ${position.line}, column ${position.col}`;
    throw new ConfigError([`${name}: is not YAML that can be read${at}`]);
  }
}
