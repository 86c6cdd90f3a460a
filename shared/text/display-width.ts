import { eastAsianWidth } from "get-east-asian-width";

/** Text of which each character has one column: nearly every text in a report. */
const ASCII = /^[\x20-\x7e]*$/;
/** Marks that are drawn onto the character before them. */
const COMBINING = /\p{Mn}|\p{Me}/u;
/** Asks for the emoji form of the character before it, which may make that one a column wider. */
const EMOJI_FORM = "\ufe0f";

/**
 * The columns that a text without control characters takes on a terminal: two for a wide character,
 * such as a Chinese one, none for a combining mark. Where terminals differ, as with emoji of several
 * code points, the number is the greater one.
 *
 * @see https://www.unicode.org/reports/tr11/
 */
export function displayWidth(text: string): number {
  if (ASCII.test(text)) return text.length;
  let columns = 0;
  for (const character of text) columns += widthOf(character);
  return columns;
}

function widthOf(character: string): number {
  if (character === EMOJI_FORM) return 1;
  return COMBINING.test(character) ? 0 : eastAsianWidth(character.codePointAt(0) ?? 0);
}
