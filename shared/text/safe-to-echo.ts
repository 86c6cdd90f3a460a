import { editDistance } from "./edit-distance.ts";

/** A text of at most this many characters is too short to be a secret or to reveal one. */
const MAX_SHORT = 3;
/** Longer texts are not compared with known words. */
const MAX_COMPARED = 32;
/** A count or a duration, in or out of range. */
const NUMBER = /^-?\d{1,5}(\.\d{1,3})? ?(ms|s|m|h|d)?$/i;
/** An area that region ids begin with, followed by a place, misspelt or not. */
const REGION = /^!?(cn|ap|us|eu|me|na|sa|af|rus)([-_ ]([a-z*]{1,12}|[1-9]\d?)){1,3}$/i;

/**
 * Whether an error message may repeat a text that the user wrote where something else was expected.
 * Such a text may be a secret in the wrong place, and a short secret or a part of one cannot be
 * recognised. Only numbers, texts that resemble a region id, and near misses of known words are
 * repeated; for all others the message names the place alone.
 *
 * @param known - the words that are valid there
 */
export function isSafeToEcho(text: string, known: Iterable<string> = []): boolean {
  if (text.length <= MAX_SHORT || NUMBER.test(text) || REGION.test(text)) return true;
  if (text.length > MAX_COMPARED) return false;
  const lowerCase = text.toLowerCase();
  return [...known].some((word) => isNear(lowerCase, word.toLowerCase()));
}

/** Allows one typing mistake in a short word, two in a longer one. */
function isNear(text: string, word: string): boolean {
  const maxEdits = Math.min(text.length, word.length) < 8 ? 1 : 2;
  return Math.abs(text.length - word.length) <= maxEdits && editDistance(text, word) <= maxEdits;
}
