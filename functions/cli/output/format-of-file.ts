import { basename } from "node:path";

import { FORMAT_NAMES, type FormatName, formatOf } from "../../../shared/report/formats.ts";

/** A value of `--output`, taken apart. */
export interface NamedFile {
  /** Null where the value names no format, and the extension is not known. */
  readonly format: FormatName | null;
  /** May be empty. */
  readonly path: string;
}

/**
 * Reads `[FORMAT:]FILE`. Only a format's name is one: `C:\report.json` and `team:report.json` are
 * files. Without it, the longest extension that matches says the format, in either case.
 */
export function readNamedFile(value: string): NamedFile {
  const named = FORMAT_NAMES.find((name) => value.startsWith(`${name}:`));
  if (named !== undefined) return { format: named, path: value.slice(named.length + 1) };
  return { format: formatOfExtension(value), path: value };
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
