import { accountCell, csvCell } from "./csv-cell.ts";

/** The cells of a row by column. */
export type CsvCells = Readonly<Record<string, string | number | null | undefined>>;

/** The same row, of which no spreadsheet program takes a cell for a formula, or an account's id for a number. */
export function safeRow<Row extends CsvCells>(row: Row): Row {
  const cells = Object.entries(row).map(([column, value]) => {
    if (typeof value !== "string") return [column, value];
    return [column, column === "account_id" ? accountCell(value) : csvCell(value)];
  });
  return Object.fromEntries(cells);
}
