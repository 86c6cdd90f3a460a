import { randomUUID } from "node:crypto";
import type { Stats } from "node:fs";
import { lstat, open, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";

/** A name that only {@link randomUUID} makes. */
const NAME =
  /^\.flowlog-guard-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\.tmp$/;

/** For the eyes of the user who runs this only. */
const PRIVATE = 0o600;

/** No run is that slow with a file. */
const LEFT_AFTER_MS = 3_600_000;

/**
 * Writes a text to a new file of a name that nobody looks for, for another name to be given to it
 * once it is whole. Takes the file away again where that was not done.
 *
 * @param folder - the folder of that other name: a file is moved at once only within a file system
 * @param mode - who may do what with the file, less the process's umask
 * @param use - gets the path of the file, which is on the disk by then
 * @throws a system error when it cannot be written, and what `use` throws
 */
export async function withFileBeside<T>(
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
      // Else a crash of the machine can leave the new name with none of the text.
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
 * Makes a file in a folder, and takes it away.
 *
 * @returns what the file system says of it: its time is now, by the clock of the disk
 * @throws a system error when no file can be made there
 */
export async function newFileIn(folder: string): Promise<Stats> {
  return withFileBeside(folder, "", PRIVATE, async (path) => stat(path));
}

/**
 * Removes what runs that were killed left of {@link withFileBeside} in a folder: the files of its
 * names, of this user, that no run can be writing any more. They do no harm, so nothing that hinders
 * it is an error.
 */
export async function removeLeftBeside(folder: string): Promise<void> {
  try {
    const names = (await readdir(folder)).filter((name) => NAME.test(name));
    if (names.length === 0) return;
    const now = await newFileIn(folder);
    for (const name of names) {
      const path = join(folder, name);
      const left = await lstat(path);
      const isOurs = left.isFile() && left.uid === now.uid;
      if (isOurs && now.mtimeMs - left.mtimeMs > LEFT_AFTER_MS) await rm(path, { force: true });
    }
  } catch {
    // The next run tries it again.
  }
}
