/**
 * What JSON may hold as it is, but terminals, and readers of lines, treat as controls or do not show: delete and
 * the C1 controls, line separators, and format characters such as bidirectional marks.
 */
const INVISIBLE = /[\u007f-\u009f\u2028\u2029\p{Cf}]/gu;

/** Escapes invisible characters in a JSON text. It is read as the same value. */
export function escapeInvisible(json: string): string {
  return json.replaceAll(INVISIBLE, escapeUnits);
}

function escapeUnits(character: string): string {
  return Array.from(
    { length: character.length },
    (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`,
  ).join("");
}
