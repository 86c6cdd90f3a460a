import { realpathSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";

import { resolveLinks } from "../../../shared/storage/resolve-links.ts";

/** The one path of a file that may have several, by links or relative ones. The file need not exist. */
export function realPathOf(path: string): string {
  const file = resolve(resolveLinks(path));
  try {
    return join(realpathSync(dirname(file)), basename(file));
  } catch {
    return file;
  }
}

/**
 * What is equal where two paths are those of one file: by links of both kinds, by relative paths, or by
 * case where the file system knows none. Of a file that does not exist yet it is the path alone.
 */
export function identityOf(path: string): string {
  try {
    const { dev, ino } = statSync(path, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return realPathOf(path);
  }
}
