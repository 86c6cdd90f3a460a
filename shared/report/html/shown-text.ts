/** Control characters, format characters (bidirectional marks), line separators, lone surrogates. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu;

/**
 * A text from outside, such as a name, with all of its characters in sight: in place of one that is
 * invisible or changes the order of others stands its number, as `[U+202E]`. White space is one space.
 */
export function shownText(text: string): string {
  return text
    .replaceAll(/\s+/gu, " ")
    .replaceAll(INVISIBLE, (mark) => {
      const number = (mark.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
      return `[U+${number}]`;
    })
    .trim();
}
