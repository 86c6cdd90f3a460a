import { accessSync, constants, statSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { dirname } from "node:path";

import { ConfigError } from "../../shared/audit/run-error.ts";
import { type World, write } from "./world.ts";

/**
 * Makes sure, before the cloud is asked, that a report can be written to a file.
 *
 * @throws {@link ConfigError} when it cannot
 */
export function assertWritable(path: string): void {
  try {
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) {
      throw new ConfigError([`--output: ${path} is a folder. Name a file.`]);
    }
    accessSync(dirname(path), constants.W_OK);
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError(
      [`--output: ${path} cannot be written. Name a file in a folder that exists and is yours.`],
      { cause: error },
    );
  }
}

/**
 * Writes the report where it was asked for. What cannot be written to the file goes to stdout, so
 * that no finding is lost.
 *
 * @throws {@link ConfigError} when the file could not be written after all
 */
export async function writeReport(
  text: string,
  path: string | undefined,
  world: World,
): Promise<void> {
  if (path === undefined) return write(world.stdout, text);
  try {
    await writeFile(path, text);
  } catch (error) {
    await write(world.stdout, text);
    throw new ConfigError(
      [`--output: ${path} could not be written, so the report went to stdout.`],
      { cause: error },
    );
  }
}
