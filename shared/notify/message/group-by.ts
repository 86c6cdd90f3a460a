import { mapBy } from "../../audit/map-by.ts";

/** Puts what has the same key together, in the order in which the keys first come. */
export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): (readonly T[])[] {
  return [...mapBy(items, keyOf).values()];
}
