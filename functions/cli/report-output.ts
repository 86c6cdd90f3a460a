import { accessSync, constants, statSync } from "node:fs";
import { dirname } from "node:path";

import { ConfigError, OutputError } from "../../shared/audit/run-error.ts";
import { replaceFile } from "../../shared/storage/replace-file.ts";
import { errorCode } from "../../shared/text/error-code.ts";
import { shownPath } from "../../shared/text/shown-path.ts";
import { type CliRuntime, write } from "./cli-runtime.ts";

/**
 * Checks, before any call to the cloud, that a report can be written to a file.
 *
 * @throws {@link ConfigError} when it cannot
 */
export function assertWritable(path: string): void {
  let problem: string | null = path === "" ? "is empty: name a file" : null;
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats?.isDirectory() === true) problem = "is a folder: name a file";
    accessSync(stats === undefined ? dirname(path) : path, constants.W_OK);
  } catch {
    problem ??= "cannot be written: name a file in a folder that exists and is yours";
  }
  if (problem !== null)
    throw new ConfigError([`--output: ${path === "" ? "" : `${shownPath(path)} `}${problem}`]);
}

/**
 * Writes the report to stdout, or to a file, which is replaced atomically. If the file cannot be
 * written, the report goes to stdout, so that no finding is lost.
 *
 * @throws {@link OutputError} when the file could not be written
 */
export async function writeReport(
  text: string,
  path: string | undefined,
  runtime: CliRuntime,
): Promise<void> {
  if (path === undefined) return write(runtime.stdout, text);
  try {
    await replaceFile(path, text);
  } catch (error) {
    await write(runtime.stdout, text);
    const code = errorCode(error) ?? "unknown error";
    throw new OutputError(`${path} could not be written (${code}), so the report went to stdout.`, {
      cause: error,
    });
  }
}
