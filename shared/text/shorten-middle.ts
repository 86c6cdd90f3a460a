import { displayWidth } from "./display-width.ts";

const ELLIPSIS = "…";

/**
 * Shortens a text to a number of columns on a terminal by leaving out its middle: `vpc-bp…9x2k`. Ids of
 * one kind begin alike and differ at their ends, so the end gets the odd column.
 *
 * @param columns - at least as many as the ellipsis has
 * @param ellipsis - in place of the middle
 */
export function shortenMiddle(text: string, columns: number, ellipsis: string = ELLIPSIS): string {
  if (displayWidth(text) <= columns) return text;
  const characters = Array.from(text);
  const room = Math.max(0, columns - displayWidth(ellipsis));
  const head = takeColumns(characters, Math.floor(room / 2));
  const tail = takeColumns(characters.toReversed(), Math.ceil(room / 2));
  return [...head, ellipsis, ...tail.toReversed()].join("");
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
