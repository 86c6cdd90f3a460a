let counted = 0;

/** Counts its calls: two copies of this module would each begin at 1. */
export function count(): number {
  counted += 1;
  return counted;
}
