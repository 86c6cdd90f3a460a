import { randomUUID } from "node:crypto";
import { accessSync, closeSync, constants, openSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";

import { resolveLinks } from "../../../shared/storage/resolve-links.ts";
import { shownPath } from "../../../shared/text/shown-path.ts";

/** Why a value is not the path of a file, as the end of a sentence; null where it is one. */
export function problemOfName(path: string): string | null {
  if (path === "") return "is empty: name a file";
  if (path === "-") return "- is not a file: for stdout, use --format";
  return isFolder(path) || /[/\\]$/.test(path)
    ? `${shownPath(path)} is a folder: name a file`
    : null;
}

/** Why a file cannot be written, as the end of a sentence; null where it can. */
export function problemOfAccess(path: string): string | null {
  return isWritable(path)
    ? null
    : `${shownPath(path)} cannot be written: name a file in a folder that exists and is yours`;
}

function isFolder(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  } catch {
    return false;
  }
}

function isWritable(path: string): boolean {
  try {
    if (statSync(path, { throwIfNoEntry: false }) !== undefined) {
      accessSync(path, constants.W_OK);
      return true;
    }
    // A link to a file that does not exist yet creates it there.
    createIn(dirname(resolveLinks(path)));
    return true;
  } catch {
    return false;
  }
}

/**
 * Creates a file in a folder, and removes it: permissions alone do not tell, for example for the user
 * root, or in a file system that is not a disk.
 */
function createIn(folder: string): void {
  const path = join(folder, `.flowlog-guard-${randomUUID()}.tmp`);
  closeSync(openSync(path, "wx"));
  rmSync(path);
}
