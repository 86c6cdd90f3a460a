import { cellText } from "../table/cell-text.ts";

/**
 * Where a spreadsheet program would begin a formula: at `=`, `+`, `-` or `@`, also in the widths of
 * Chinese keyboards, after spaces or quotes. Excel divides a cell at `;` where that is the list
 * separator, as in much of Europe, so what follows it counts too.
 *
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
const FORMULA_START = /(^|;)(?=[\s"]*[=+\-@＝＋－＠﹦﹢﹣﹫−])/gu;

/**
 * A text as the content of a cell that no spreadsheet program takes for a formula: an apostrophe comes
 * before what would begin one. Tabs, line ends and what cannot be seen are removed, so that the cell is
 * one line on a terminal too.
 */
export function csvCell(text: string): string {
  return cellText(text).replaceAll(FORMULA_START, "$1'");
}

/**
 * An account's id as the content of a cell: after a tab, so that Excel takes it for a text. As a number
 * it would lose its last digits. A comma or a quote in it is up to the writer of the file.
 */
export function accountCell(id: string): string {
  return `\t${csvCell(id)}`;
}
