/** Counts with a module that it loads on first use itself. */
export async function countThere(): Promise<number> {
  const { count } = await import("./count.ts");
  return count();
}
