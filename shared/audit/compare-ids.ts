/**
 * Orders ids by their code units, so that no locale changes the order.
 *
 * @returns below 0, 0 or above 0, as a sort function does
 */
export function compareIds(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
