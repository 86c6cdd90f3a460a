import { keyOf, type Subject } from "../audit/subject.ts";
import type { Entry } from "./alert-state.ts";

type Positions = ReadonlyMap<string, number>;

/**
 * Where in lists of entries those of subjects are. Each message changes some of tens of thousands of
 * entries, so that a list is indexed once, and a changed copy has the index of its original.
 */
const positionsOfLists = new WeakMap<readonly Entry[], Positions>();

/** Finds the entry of a subject. */
export function entryOf(entries: readonly Entry[], subject: Subject): Entry | undefined {
  const position = positionsIn(entries).get(keyOf(subject));
  return position === undefined ? undefined : entries[position];
}

/**
 * A copy of entries, in which a function has changed those that items are about, item by item.
 *
 * @param subjectOf - the subject of an item; one without an entry changes nothing
 * @param change - returns an entry of the same subject
 */
export function withChanged<T>(
  entries: readonly Entry[],
  items: readonly T[],
  subjectOf: (item: T) => Subject,
  change: (entry: Entry, item: T) => Entry,
): readonly Entry[] {
  const positions = positionsIn(entries);
  const changed = [...entries];
  for (const item of items) {
    const position = positions.get(keyOf(subjectOf(item)));
    const entry = position === undefined ? undefined : changed[position];
    if (position !== undefined && entry !== undefined) changed[position] = change(entry, item);
  }
  positionsOfLists.set(changed, positions);
  return changed;
}

function positionsIn(entries: readonly Entry[]): Positions {
  const known = positionsOfLists.get(entries);
  if (known !== undefined) return known;
  const positions = new Map(entries.map((entry, position) => [keyOf(entry), position]));
  positionsOfLists.set(entries, positions);
  return positions;
}
