import { link } from "node:fs/promises";
import { join } from "node:path";

import { errorCode } from "../text/error-code.ts";
import { withTemporaryFile } from "./temporary-file.ts";

/** A file that is to be created. */
export interface NewFile {
  /** Where the text is written at first; it exists, and is of the same file system. */
  readonly folder: string;
  /** Relative to the folder; what is above it exists. */
  readonly name: string;
  readonly text: string;
  /** Permission bits, reduced by the process's umask. */
  readonly mode: number;
}

/**
 * Writes a file unless there is one of that name. It appears together with its whole text.
 *
 * @returns whether it was written
 * @throws a system error when it cannot be written
 */
export async function createFile({ folder, name, text, mode }: NewFile): Promise<boolean> {
  return withTemporaryFile(folder, text, mode, async (written) => {
    try {
      // A link appears with the text; a file created by `open` is empty at first.
      await link(written, join(folder, name));
      return true;
    } catch (error) {
      if (errorCode(error) === "EEXIST") return false;
      throw error;
    }
  });
}
