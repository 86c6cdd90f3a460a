import { realpathSync } from "node:fs";
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
