/** What stands in the margins of every printed page, whatever the language. */
export interface PrintedMargins {
  readonly top: string;
  /** Beside the number of the page. */
  readonly bottom: string;
}

/**
 * The style that prints them.
 *
 * @see https://www.w3.org/TR/css-page-3/#margin-boxes
 */
export function printedMargins({ top, bottom }: PrintedMargins): string {
  return `@page{@top-left{content:${cssString(top)}}@bottom-left{content:${cssString(bottom)}}}`;
}

/** A string of a style sheet, in which only letters, digits, spaces and a few marks stand for themselves. */
function cssString(text: string): string {
  const escaped = text
    .toWellFormed()
    .replaceAll(/[^A-Za-z0-9 :._-]/gu, (mark) => `\\${(mark.codePointAt(0) ?? 0).toString(16)} `);
  return `"${escaped}"`;
}
