/** Maximum number of messages about one run. */
const MAX_PARTS = 5;

/** What goes into one message. */
export interface Filling<T> {
  readonly items: readonly T[];
  /** Items that no message has room for: of the last message only. */
  readonly leftOver: readonly T[];
  /** From 1. */
  readonly number: number;
  /** The number of messages; while it is not known, the most there can be. */
  readonly of: number;
  readonly last: boolean;
}

/**
 * Distributes items over as few messages as they fit into, in their order, and over five at most. An
 * item that is too large for any message gets one of its own, for the receiver to accept or refuse.
 *
 * @param fits - whether a message with these items is small enough; fewer items make it no larger
 */
export function fillParts<T>(
  items: readonly T[],
  fits: (filling: Filling<T>) => boolean,
): readonly Filling<T>[] {
  const parts: Filling<T>[] = [];
  let rest = items;
  for (let number = 1; ; number += 1) {
    const of = number === 1 ? 1 : MAX_PARTS;
    const all: Filling<T> = { items: rest, leftOver: [], number, of, last: true };
    const isFinal = number === MAX_PARTS;
    const fillWith = (count: number): Filling<T> => ({
      ...all,
      items: rest.slice(0, count),
      leftOver: isFinal ? rest.slice(count) : [],
      of: MAX_PARTS,
      last: isFinal,
    });
    const count = largest(rest.length, (some) => fits(fillWith(some)));
    const holdsAll = count === rest.length && fits(all);
    if (holdsAll || (rest.length <= 1 && !isFinal)) return numbered([...parts, all]);
    if (isFinal) return numbered([...parts, fillWith(count)]);
    const filled = fillWith(Math.max(1, count));
    parts.push(filled);
    rest = rest.slice(filled.items.length);
  }
}

function numbered<T>(parts: readonly Filling<T>[]): Filling<T>[] {
  return parts.map((part) => ({ ...part, of: parts.length }));
}

/**
 * The largest count that fits, or 0. The search doubles from one upwards: usually far fewer items fit
 * than there are, and each trial writes the items.
 */
function largest(total: number, fits: (count: number) => boolean): number {
  let [good, bad] = [0, total + 1];
  for (let count = 1; good + 1 < bad;) {
    if (fits(count)) good = count;
    else bad = count;
    count = bad > total ? Math.min(total, good * 2) : Math.floor((good + bad) / 2);
  }
  return good;
}
