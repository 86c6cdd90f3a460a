import { basename } from "node:path";

import { FORMAT_NAMES, type FormatName, formatOf } from "../../../shared/report/formats.ts";

/** A value of `--output`, taken apart. */
export interface NamedFile {
  /** Null where neither the value nor the extension names one. */
  readonly format: FormatName | null;
  /** May be empty. */
  readonly path: string;
}

/** What a name of a format may look like: longer than the name of a drive, and in no folder. */
const FORMAT_LIKE = /^[a-z][\w-]+:/i;

/**
 * Reads `[FORMAT:]FILE`. Without a format, the longest extension that matches says it, in either case.
 * `C:\report.json` and `./team:report.json` are files.
 */
export function readNamedFile(value: string): NamedFile {
  const named = FORMAT_NAMES.find((name) => value.startsWith(`${name}:`));
  if (named !== undefined) return { format: named, path: value.slice(named.length + 1) };
  return { format: formatOfExtension(value), path: value };
}

/** Whether a value begins as with a format, and there is none of that name: it is probably misspelt. */
export function namesUnknownFormat(value: string): boolean {
  return FORMAT_LIKE.test(value) && !FORMAT_NAMES.some((name) => value.startsWith(`${name}:`));
}

function formatOfExtension(path: string): FormatName | null {
  const name = basename(path).toLowerCase();
  const [longest] = FORMAT_NAMES.filter((format) =>
    name.endsWith(`.${formatOf(format).extension}`),
  ).toSorted((a, b) => formatOf(b).extension.length - formatOf(a).extension.length);
  return longest ?? null;
}

/** The extensions and their formats, for a message: `.txt (table), .json (json)`. */
export function describeExtensions(): string {
  return FORMAT_NAMES.map((name) => `.${formatOf(name).extension} (${name})`).join(", ");
}
