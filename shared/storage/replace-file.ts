import type { Stats } from "node:fs";
import { chmod, chown, lstat, rename, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

import { errorCode } from "../text/error-code.ts";
import { holdPipe } from "./hold-pipe.ts";
import { descriptorAt, writeToDescriptor } from "./open-descriptor.ts";
import { removeLeftovers, withTemporaryFile } from "./temporary-file.ts";

/**
 * Error codes when a file cannot be replaced but may be writable: the folder is read-only or belongs
 * to another user, the file belongs to another user, or it is a mount point, as in a container.
 */
const NOT_REPLACEABLE = new Set(["EACCES", "EBUSY", "EPERM", "EROFS", "EXDEV"]);

/** Permission bits of a new file, reduced by the process's umask. */
const NEW_MODE = 0o666;

/**
 * Writes a text to a file. A new or regular file is replaced atomically: a reader finds the whole old
 * or the whole new text, also after a crash. Mode and owner are kept. The following are written in
 * place: a device, a pipe, a file with several hard links, the target of a symbolic link, and a file
 * that cannot be replaced. Temporary files that killed runs left in the folder are removed.
 *
 * @throws a system error when the file cannot be written; a replaceable file is then unchanged
 */
export async function replaceFile(path: string, text: string): Promise<void> {
  const old = await entryAt(path);
  if (old === null || (old.isFile() && old.nlink === 1)) {
    try {
      await replace(path, text, old);
      return;
    } catch (error) {
      if (!NOT_REPLACEABLE.has(errorCode(error) ?? "")) throw error;
    }
  }
  await writeInPlace(path, text);
}

/** What is opened anew is cut, which is wrong for an open file, and waits for a reader of a pipe. */
async function writeInPlace(path: string, text: string): Promise<void> {
  // A link to a file that does not exist yet has none.
  const status = await stat(path).catch(() => null);
  const descriptor = status?.isFile() === true ? descriptorAt(path) : null;
  if (descriptor !== null) {
    await writeToDescriptor(descriptor, text);
    return;
  }
  const held = status?.isFIFO() === true ? await holdPipe(path) : null;
  try {
    await writeFile(path, text);
  } finally {
    await held?.close();
  }
}

async function replace(path: string, text: string, old: Stats | null): Promise<void> {
  const mode = old === null ? NEW_MODE : permissionsOf(old);
  await withTemporaryFile(dirname(path), text, mode, async (written) => {
    if (old !== null) await copyOwnerAndMode(old, written);
    await rename(written, path);
  });
  await removeLeftovers(dirname(path));
}

/** The mode is set last, because a change of the owner clears some of its bits. */
async function copyOwnerAndMode(old: Stats, path: string): Promise<void> {
  const { uid, gid } = await stat(path);
  if (uid !== old.uid || gid !== old.gid) await chown(path, old.uid, old.gid);
  await chmod(path, permissionsOf(old));
}

function permissionsOf({ mode }: Stats): number {
  return mode & 0o7777;
}

async function entryAt(path: string): Promise<Stats | null> {
  try {
    return await lstat(path);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return null;
    throw error;
  }
}
