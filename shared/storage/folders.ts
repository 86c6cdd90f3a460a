import { mkdir, open } from "node:fs/promises";
import { dirname, join, relative } from "node:path";

import { errorCode } from "../text/error-code.ts";

/** A file system, or a system, that has nothing like it: there is nothing to wait for. */
const CANNOT_SYNC = new Set(["EINVAL", "EISDIR", "ENOTSUP", "EPERM"]);

/**
 * Creates a folder, and those that the name of a file has below it, where they do not exist.
 *
 * @param name - relative to the folder
 * @throws a system error when one cannot be created
 */
export async function makeFolders(folder: string, name: string): Promise<void> {
  await mkdir(dirname(join(folder, name)), { recursive: true });
}

/**
 * Waits until a file's name is on the disk, as the file itself is: without it, a crash of the machine
 * can undo what created the file.
 *
 * @throws a system error when the disk fails
 */
export async function syncFolders(folder: string, name: string): Promise<void> {
  let path = dirname(join(folder, name));
  for (;;) {
    await syncFolder(path);
    if (relative(folder, path) === "") return;
    path = dirname(path);
  }
}

async function syncFolder(path: string): Promise<void> {
  try {
    const handle = await open(path, "r");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (!CANNOT_SYNC.has(errorCode(error) ?? "")) throw error;
  }
}
