import { cleanText } from "../../text/clean-text.ts";

/** Bytes of a text that are shown: longer ones are made to fill the page. */
const MAX_BYTES = 2_000;

/**
 * Words that no Markdown dialect takes for markup, and GitHub for no mention, reference, emoji, formula
 * or address.
 */
const PLAIN = /^(?!.*www\.)(?:[\p{L}\p{N} .,;()'"…/。，、：；（）“”-]|:(?= |$))*$/iu;

/**
 * A text from outside, such as a name or an id, as one code span. In it nothing is markup, and GitHub
 * links no mention, issue or address. An empty text stays empty.
 *
 * @see https://github.github.com/gfm/#code-spans
 */
export function codeSpan(text: string): string {
  const visible = cleanText(text, MAX_BYTES);
  if (visible === "") return "";
  const runs = visible.match(/`+/g) ?? [];
  const fence = "`".repeat(Math.max(0, ...runs.map(({ length }) => length)) + 1);
  const isFenced = visible.startsWith("`") || visible.endsWith("`");
  const padded = isFenced ? ` ${visible} ` : visible;
  return `${fence}${padded}${fence}`;
}

/** A sentence that may have a name from outside in it: plain words as they are, all else as code. */
export function proseOrCode(text: string): string {
  const visible = cleanText(text, MAX_BYTES);
  return PLAIN.test(visible) ? visible : codeSpan(visible);
}

/**
 * A row of a table. A pipe ends a cell, also within a code span, unless a backslash is before it.
 * Backslashes that are there already are doubled, so that none of them escapes that one.
 *
 * @see https://github.github.com/gfm/#example-200
 */
export function tableRow(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll(/(\\*)\|/g, String.raw`$1$1\|`)).join(" | ")} |`;
}

/**
 * Lines as a block of code of a shell.
 *
 * @param lines - without line ends
 */
export function shellBlock(lines: readonly string[]): string {
  const runs = lines.join("\n").match(/`+/g) ?? [];
  const fence = "`".repeat(Math.max(2, ...runs.map(({ length }) => length)) + 1);
  return [`${fence}sh`, ...lines, fence].join("\n");
}
