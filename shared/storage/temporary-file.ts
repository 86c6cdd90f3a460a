import { randomUUID } from "node:crypto";
import type { Stats } from "node:fs";
import { lstat, open, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";

/** Names of the temporary files: a version 4 UUID makes other files of such a name impossible. */
const NAME =
  /^\.flowlog-guard-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\.tmp$/;

/** Readable and writable by the owner only. */
const PRIVATE = 0o600;

/** A temporary file older than this is a leftover: no run takes this long to write a file. */
const LEFT_AFTER_MS = 3_600_000;

/**
 * Writes a text to a temporary file, which `use` then renames or links to its final name. Removes the
 * temporary file afterwards if it is still there.
 *
 * @param folder - the folder of the final name: a rename is atomic only within a file system
 * @param mode - permission bits of the file, reduced by the process's umask
 * @param use - called with the path of the file once its content is on the disk
 * @throws a system error when it cannot be written, and what `use` throws
 */
export async function withTemporaryFile<T>(
  folder: string,
  text: string,
  mode: number,
  use: (path: string) => Promise<T>,
): Promise<T> {
  const path = join(folder, `.flowlog-guard-${randomUUID()}.tmp`);
  try {
    const file = await open(path, "wx", mode);
    try {
      await file.writeFile(text);
      // Without it, a crash of the machine can leave the final name with an empty file.
      await file.sync();
    } finally {
      await file.close();
    }
    return await use(path);
  } finally {
    await rm(path, { force: true });
  }
}

/**
 * Creates a file in a folder and removes it.
 *
 * @returns the file's attributes; its modification time is the current time of the file system's clock
 * @throws a system error when no file can be created there
 */
export async function statNewFile(folder: string): Promise<Stats> {
  return withTemporaryFile(folder, "", PRIVATE, async (path) => stat(path));
}

/**
 * Removes the temporary files of {@link withTemporaryFile} that killed runs left in a folder: those of
 * this user that are old enough not to be in use. Errors are ignored, because leftovers are harmless.
 */
export async function removeLeftovers(folder: string): Promise<void> {
  try {
    const names = (await readdir(folder)).filter((name) => NAME.test(name));
    if (names.length === 0) return;
    const now = await statNewFile(folder);
    for (const name of names) {
      const path = join(folder, name);
      const left = await lstat(path);
      const isOurs = left.isFile() && left.uid === now.uid;
      if (isOurs && now.mtimeMs - left.mtimeMs > LEFT_AFTER_MS) await rm(path, { force: true });
    }
  } catch {
    // The next run tries again.
  }
}
