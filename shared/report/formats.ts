import { csv } from "./csv.ts";
import type { Format } from "./format.ts";
import { html } from "./html.ts";
import { json } from "./json.ts";
import { junit } from "./junit.ts";
import { markdown } from "./markdown.ts";
import { ocsf } from "./ocsf.ts";
import { prometheus } from "./prometheus.ts";
import { sarif } from "./sarif.ts";
import { table } from "./table.ts";

/** Every format, by the name that a flag or a request gives. */
export const FORMATS = {
  table,
  html,
  csv,
  markdown,
  json,
  junit,
  sarif,
  ocsf,
  prometheus,
} as const satisfies Record<string, Format>;

export type FormatName = keyof typeof FORMATS;

/** The names of all formats. */
export const FORMAT_NAMES: readonly FormatName[] = Object.keys(FORMATS).filter(
  (name): name is FormatName => Object.hasOwn(FORMATS, name),
);

/** A format by its name, as all others are. */
export function formatOf(name: FormatName): Format {
  return FORMATS[name];
}
