import { editDistance } from "./edit-distance.ts";

/** Longer texts are compared with nothing: the time grows with the length. */
const MAX_COMPARED = 64;

/**
 * Finds the word that somebody probably meant by a text.
 *
 * @returns null where no word is near: more than a third of the longer one would have to be changed
 */
export function nearestWord(text: string, words: readonly string[]): string | null {
  if (text.length > MAX_COMPARED) return null;
  const [nearest] = words
    .map((word) => ({ word, edits: editDistance(text.toLowerCase(), word.toLowerCase()) }))
    .toSorted((a, b) => a.edits - b.edits);
  if (nearest === undefined) return null;
  const { word, edits } = nearest;
  return edits * 3 <= Math.max(text.length, word.length) ? word : null;
}
