/** Leaves the SDK to a side file, which would then hold a copy of it. */
export async function load(): Promise<unknown> {
  return import("./raise.ts");
}
