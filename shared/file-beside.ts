import { randomUUID } from "node:crypto";
import { open, rm } from "node:fs/promises";
import { join } from "node:path";

/** A name that only {@link randomUUID} makes. */
const NAME =
  /^\.flowlog-guard-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\.tmp$/;

/** Whether a file has a name that {@link withFileBeside} gives. */
export function isNameOfFileBeside(name: string): boolean {
  return NAME.test(name);
}

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
