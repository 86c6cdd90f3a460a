import { csv } from "./csv.ts";
import type { HistoryFormat } from "./history-format.ts";
import { html } from "./html.ts";
import { json } from "./json.ts";
import { table } from "./table.ts";

/** Every format of a history, by the name that a flag gives. */
const HISTORY_FORMATS = { table, json, csv, html } as const satisfies Record<string, HistoryFormat>;

export type HistoryFormatName = keyof typeof HISTORY_FORMATS;

/** A format by its name, as all others are. */
export function historyFormatOf(name: HistoryFormatName): HistoryFormat {
  return HISTORY_FORMATS[name];
}
