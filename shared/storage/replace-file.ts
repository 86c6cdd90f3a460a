import type { Stats } from "node:fs";
import { chmod, chown, lstat, rename, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

import { removeLeftBeside, withFileBeside } from "./file-beside.ts";
import { errorCode } from "../text/error-code.ts";

/**
 * What the system says where a file can be written and yet not be replaced: the folder is not ours
 * or read-only, the file belongs to somebody else, or it is a mount of its own, as in a container.
 */
const NOT_REPLACEABLE = new Set(["EACCES", "EBUSY", "EPERM", "EROFS", "EXDEV"]);

/** Of a new file, less the process's umask. */
const NEW_MODE = 0o666;

/**
 * Writes a text to a file. A new or regular file gets it at once: whoever reads it, and whatever ends
 * the process, finds the old text or the new one whole. It keeps its mode and owner. What has more to
 * it than its text is written to as it is: a device, a pipe, a file with several names, what a
 * symbolic link leads to; and so is a file that cannot be replaced. What a killed run left of its own
 * beside a file that is replaced is removed.
 *
 * @throws a system error when it cannot be written; a file that would have been replaced is then as
 * it was
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
  await writeFile(path, text);
}

async function replace(path: string, text: string, old: Stats | null): Promise<void> {
  const mode = old === null ? NEW_MODE : permissionsOf(old);
  await withFileBeside(dirname(path), text, mode, async (written) => {
    if (old !== null) await takeAfter(written, old);
    await rename(written, path);
  });
  await removeLeftBeside(dirname(path));
}

/** Gives a file the owner and the mode of another one. A new owner costs some bits of the mode. */
async function takeAfter(path: string, old: Stats): Promise<void> {
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
