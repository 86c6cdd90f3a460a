/** Control characters, format characters (bidirectional marks), line separators, lone surrogates. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]+/gu;
const ELLIPSIS = "…";
/** Created on first use: it is slow to create, and most runs cut no text. */
let segmenter: Intl.Segmenter | undefined;

/**
 * Makes text from outside safe to show within a line: removes invisible characters that would change
 * the layout, such as line ends and bidirectional marks, and limits the length.
 *
 * @param maxBytes - maximum length in bytes of UTF-8, at least 8
 */
export function cleanText(text: string, maxBytes = 120): string {
  const visible = text.replaceAll(/\s+/gu, " ").replaceAll(INVISIBLE, "").trim();
  return clipText(visible, maxBytes);
}

/**
 * Truncates a text to a maximum length, between grapheme clusters, and appends an ellipsis.
 *
 * @param lengthOf - measures a text in the unit of `max`. @default bytes of UTF-8
 * @param ellipsis - what is appended
 */
export function clipText(
  text: string,
  max: number,
  lengthOf: (text: string) => number = (measured) => Buffer.byteLength(measured),
  ellipsis: string = ELLIPSIS,
): string {
  if (lengthOf(text) <= max) return text;
  segmenter ??= new Intl.Segmenter();
  let kept = "";
  for (const { segment } of segmenter.segment(text)) {
    if (lengthOf(kept + segment + ellipsis) > max) break;
    kept += segment;
  }
  return kept + ellipsis;
}
