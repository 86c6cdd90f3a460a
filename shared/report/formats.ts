import type { Format } from "./format.ts";
import { json } from "./json.ts";
import { table } from "./table.ts";

/** Every format, by the name that a flag or a request gives. */
export const FORMATS = { table, json } as const satisfies Record<string, Format>;

export type FormatName = keyof typeof FORMATS;
