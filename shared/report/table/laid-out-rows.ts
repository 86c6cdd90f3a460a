/** The lines of the findings of a table. */
export interface LaidOutRows {
  /** The heads of the columns; empty where there is no finding. */
  readonly heads: readonly string[];
  /** The lines of each region, in the order of the regions. */
  readonly regions: readonly (readonly string[])[];
}

/** Splits a list into lists that are as long as others. */
export function splitLike<T>(
  items: readonly T[],
  others: readonly { readonly length: number }[],
): readonly (readonly T[])[] {
  let start = 0;
  return others.map(({ length }) => items.slice(start, (start += length)));
}
