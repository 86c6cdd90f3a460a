/** The first items that fit, and how many did not. */
export interface Taken<T> {
  readonly taken: readonly T[];
  readonly leftOut: number;
  /** What the taken ones need. */
  readonly bytes: number;
}

/**
 * Takes items in order as long as they fit.
 *
 * @param linesOf - the lines of an item, without their ends
 * @param maxBytes - of all lines with their ends
 */
export function takeWithin<T>(
  items: readonly T[],
  linesOf: (item: T) => readonly string[],
  maxBytes: number,
): Taken<readonly string[]> {
  const taken: (readonly string[])[] = [];
  let bytes = 0;
  for (const item of items) {
    const lines = linesOf(item);
    const size = Buffer.byteLength(lines.join("\n")) + 1;
    if (bytes + size > maxBytes) break;
    bytes += size;
    taken.push(lines);
  }
  return { taken, leftOut: items.length - taken.length, bytes };
}
