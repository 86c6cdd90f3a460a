import { readFileSync } from "node:fs";

import { ConfigError } from "../audit/run-error.ts";
import { errorCode } from "../text/error-code.ts";
import { shownPath } from "../text/shown-path.ts";
import { isKeyed } from "./fields.ts";
import { readYaml } from "./file-values.ts";
import type { ConfigFile } from "./layer.ts";
import { keyInFile, listOptions } from "./option.ts";
import { OPTIONS } from "./options.ts";

/** The files that are read from the current folder where no other is named. */
const DEFAULT_CONFIG_FILES = ["flowlog-guard.yaml", "flowlog-guard.yml"] as const;

/**
 * Reads a configuration file, without filling in its `${NAME}`.
 *
 * @param path - the file that the user named; undefined for `flowlog-guard.yaml` or
 *   `flowlog-guard.yml` in the current folder
 * @returns the values of the file, not checked; null where no file was named and there is none
 * @throws {@link ConfigError} when the file cannot be read or is not YAML, and when no file was
 *   named and both are there
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
  return readYaml(file.name, file.text ?? "");
}

/**
 * The keys of a file that only a run that alerts needs: alone, or in a group of such options.
 */
const KEYS_FOR_ALERTS = Object.entries(OPTIONS)
  .filter(([name, entry]) =>
    listOptions({ [name]: entry }).every(({ isForAlerts }) => isForAlerts === true),
  )
  .map(([name]) => keyInFile(name));

/**
 * A configuration file for a function that never alerts. It must not contain the secret of a receiver,
 * nor the address of a state or a heartbeat.
 */
export function withoutAlerts(file: ConfigFile | null): ConfigFile | null {
  if (file === null || !isKeyed(file.values)) return file;
  const values = Object.entries(file.values).filter(([key]) => !KEYS_FOR_ALERTS.includes(key));
  return { ...file, values: Object.fromEntries(values) };
}

/** @returns null where an optional file does not exist */
function readText(name: string, optional: boolean): string | null {
  try {
    return textOf(name, readFileSync(name));
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    const code = errorCode(error) ?? "unknown error";
    if (optional && code === "ENOENT") return null;
    // The system's message repeats the name, so it is no cause to keep.
    throw new ConfigError([
      `${shownPath(name)}: cannot be read (${code}). Name a configuration file that exists.`,
    ]);
  }
}

/** @throws {@link ConfigError} for another encoding than UTF-8, with or without a byte order mark */
function textOf(name: string, bytes: Uint8Array): string {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    if (!text.includes("\0")) return text;
  } catch {
    // Said below, as for UTF-16 that is valid UTF-8 by chance.
  }
  throw new ConfigError([`${shownPath(name)}: is not text in UTF-8: save it in that encoding`]);
}
