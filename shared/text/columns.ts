import { displayWidth } from "./display-width.ts";

/** Adds terminal colours to a text, or nothing. */
export type Paint = (text: string) => string;
export const plain: Paint = (text) => text;

export interface Row {
  readonly cells: readonly string[];
  /** The paint of each cell; missing ones are plain. */
  readonly paints: readonly Paint[];
}

/** What is between two cells of a row. */
export const COLUMN_GAP = "   ";

/** Renders rows as lines with aligned columns. */
export function inColumns(rows: readonly Row[]): string {
  const columns = rows[0]?.cells ?? [];
  const widths = columns.map((_, column) => longest(rows.map(({ cells }) => cells[column] ?? "")));
  return rows.map((row) => renderRow(row, widths)).join("\n");
}

/** Does not pad the last cell, so that no line ends in spaces. */
function renderRow({ cells, paints }: Row, widths: readonly number[]): string {
  const last = cells.length - 1;
  return cells
    .map((cell, column) => {
      const painted = (paints[column] ?? plain)(cell);
      const padding = (widths[column] ?? 0) - displayWidth(cell);
      return column === last ? painted : painted + " ".repeat(padding);
    })
    .join(COLUMN_GAP);
}

/** The width of the widest text, in columns of a terminal. */
export function longest(texts: readonly string[]): number {
  return texts.reduce((width, text) => Math.max(width, displayWidth(text)), 0);
}
