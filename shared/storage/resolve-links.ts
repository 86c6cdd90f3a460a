import { readlinkSync } from "node:fs";
import { dirname, isAbsolute } from "node:path";

/** Linux follows at most as many. */
const MAX_LINKS = 40;

/**
 * Resolves symbolic links to the path of the file, which need not exist. The state is written by
 * replacing its file; replacing a link instead would separate it from other users of the target.
 */
export function resolveLinks(path: string): string {
  let file = path;
  for (let links = 0; links < MAX_LINKS; links += 1) {
    try {
      const target = readlinkSync(file);
      file = isAbsolute(target) ? target : `${dirname(file)}/${target}`;
    } catch {
      return file;
    }
  }
  return path;
}
