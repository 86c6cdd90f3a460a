/** Control, formatting and bidirectional marks, line separators, and halves of characters. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]+/gu;
const ELLIPSIS = "…";
/** Made when it is needed: most runs cut nothing, and it is slow to make. */
let segmenter: Intl.Segmenter | undefined;

/**
 * Makes text from outside fit to stand in a line: without what is not seen but acts, such as a
 * line's end or a mark that turns the reading direction, and not too long.
 *
 * @param maxBytes - bytes of UTF-8, from 8
 */
export function cleanText(text: string, maxBytes = 120): string {
  const seen = text.replaceAll(/\s+/gu, " ").replaceAll(UNSEEN, "").trim();
  return clipText(seen, maxBytes);
}

/**
 * Cuts a text that is too long, between characters as people see them, and marks the cut.
 *
 * @param lengthOf - how `max` is counted. @default as bytes of UTF-8
 */
export function clipText(
  text: string,
  max: number,
  lengthOf: (text: string) => number = (measured) => Buffer.byteLength(measured),
): string {
  if (lengthOf(text) <= max) return text;
  segmenter ??= new Intl.Segmenter();
  let kept = "";
  for (const { segment } of segmenter.segment(text)) {
    if (lengthOf(kept + segment + ELLIPSIS) > max) break;
    kept += segment;
  }
  return kept + ELLIPSIS;
}
