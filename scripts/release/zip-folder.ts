import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";

import { zipSync } from "fflate";

/** The date of every file. Written by its parts, because a zip holds local time without a zone. */
const DATE = new Date(1980, 0, 1, 12);

/**
 * Zips the files of a folder, with its subfolders. The same files give the same bytes.
 *
 * @param more - texts of further files, by their names
 */
export async function zipFolder(
  folder: string,
  more: Readonly<Record<string, string>> = {},
): Promise<Uint8Array> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = new Map<string, Uint8Array>();
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files.set(relative(folder, path).replaceAll("\\", "/"), await readFile(path));
  }
  for (const [name, text] of Object.entries(more)) files.set(name, Buffer.from(text));
  const sorted = [...files].toSorted(([a], [b]) => (a < b ? -1 : 1));
  // 3: Unix, which a zip's reader takes the permissions of: readable by everybody.
  const options = { level: 9, mtime: DATE, os: 3, attrs: 0o100_644 << 16 } as const;
  return zipSync(Object.fromEntries(sorted.map(([name, data]) => [name, [data, options]])));
}
