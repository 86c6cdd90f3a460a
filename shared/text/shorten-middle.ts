import { displayWidth } from "./display-width.ts";

const ELLIPSIS = "…";

/**
 * Shortens a text to a number of columns on a terminal by leaving out its middle: `vpc-bp…9x2k`. Ids of
 * one kind begin alike and differ at their ends, so the end gets the odd column.
 *
 * @param columns - at least 1
 */
export function shortenMiddle(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  const characters = Array.from(text);
  const head = takeColumns(characters, Math.floor((columns - 1) / 2));
  const tail = takeColumns(characters.toReversed(), Math.ceil((columns - 1) / 2));
  return [...head, ELLIPSIS, ...tail.toReversed()].join("");
}

/** The first characters that fit into a number of columns. */
function takeColumns(characters: readonly string[], columns: number): string[] {
  const taken: string[] = [];
  let left = columns;
  for (const character of characters) {
    left -= displayWidth(character);
    if (left < 0) break;
    taken.push(character);
  }
  return taken;
}
