import { readlinkSync } from "node:fs";
import { dirname, isAbsolute } from "node:path";

/** Systems follow no more. */
const MAX_LINKS = 40;

/**
 * The file that a path leads to, whether it is there or not. To write it is to put another in its
 * place, and that must not be the place of a link: whoever else follows the link would then have
 * another state.
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
