import { count } from "./count.ts";

/** Loads a module on first use that is loaded at the start anyway. */
export async function load(): Promise<boolean> {
  const loaded = await import("./count.ts");
  return loaded.count === count;
}
