import type { HistoryFormatName } from "../../../../shared/history/history-formats.ts";

/** The formats of the command history, which itself loads on first use. */
export const HISTORY_FORMAT_NAMES = [
  "table",
  "json",
  "csv",
  "html",
] as const satisfies readonly HistoryFormatName[];
