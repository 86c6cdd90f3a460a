import type { Format } from "./format.ts";

/**
 * A row for each finding, for Excel and for programs: the columns are those of `csv/columns.ts`. UTF-8
 * with a byte order mark, without which Excel takes Chinese for another encoding, and CRLF.
 */
export const csv = {
  contentType: "text/csv; charset=utf-8",
  extension: "csv",
  async render(report, options) {
    const { renderCsv } = await import("./csv/render-csv.ts");
    return renderCsv(report, options);
  },
} as const satisfies Format;
