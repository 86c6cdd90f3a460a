import { stringify } from "csv-stringify/sync";

import type { CsvCells } from "./safe-row.ts";

/**
 * Writes CSV for Excel and for programs: UTF-8 with a byte order mark, a line of the columns' names, and
 * CRLF.
 *
 * @param columns - in their order
 * @param rows - safe ones; a cell that is left out, null or undefined is empty
 */
export function writeCsv(columns: readonly string[], rows: readonly CsvCells[]): string {
  return stringify([...rows], {
    bom: true,
    header: true,
    columns,
    record_delimiter: "windows",
    // Excel trims a tab that is not in quotes.
    quoted_match: /^\t/,
  });
}
