import { StateError } from "../audit/run-error.ts";
import type { TimeBudget } from "../retry/time-budget.ts";
import type { BlobStore } from "../storage/blob-store.ts";
import type { DocumentRead } from "./state-document.ts";

/** Where a document that is no state is kept: `state.json.corrupt-…`, or `state.json.v3-…`. */
export function asideName(document: string, problem: DocumentRead["problem"], at: Date): string {
  const kind = typeof problem === "number" ? `v${problem}` : "corrupt";
  return `${document}.${kind}-${at.toISOString().replaceAll(":", "-")}`;
}

/**
 * Keeps a text under another name, before anything is written over it.
 *
 * @throws {@link StateError} with code `"UNAVAILABLE"` when that cannot be done, or something else
 * has that name
 */
export async function setAside(
  blobs: BlobStore,
  name: string,
  text: string,
  within: TimeBudget,
): Promise<void> {
  if (await blobs.create(name, text, within)) return;
  // It was, and the answer was lost; or a run that died right after had done so.
  if ((await blobs.read(name, within)) === text) return;
  throw new StateError(
    "UNAVAILABLE",
    `What is kept as a state is none, and cannot be set aside: there is already a ${name}. Move it away.`,
  );
}
