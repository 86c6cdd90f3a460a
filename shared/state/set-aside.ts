import { StateError } from "../audit/run-error.ts";
import type { TimeBudget } from "../retry/time-budget.ts";
import type { BlobStore } from "../storage/blob-store.ts";
import type { DocumentRead } from "./parse-document.ts";

/** The name under which an unreadable document is kept: `state.json.corrupt-…`, or `state.json.v4-…`. */
export function asideName(document: string, problem: DocumentRead["problem"], at: Date): string {
  const kind = typeof problem === "number" ? `v${problem}` : "corrupt";
  return `${document}.${kind}-${at.toISOString().replaceAll(":", "-")}`;
}

/**
 * Keeps a text under another name, before it is overwritten.
 *
 * @throws {@link StateError} with code `"UNAVAILABLE"` when that fails, or the name exists
 */
export async function setAside(
  blobs: BlobStore,
  name: string,
  text: string,
  within: TimeBudget,
): Promise<void> {
  if (await blobs.create(name, text, within)) return;
  // It was created and the answer was lost, or a run that died right after had created it.
  if ((await blobs.read(name, within)) === text) return;
  throw new StateError(
    "UNAVAILABLE",
    `What is kept as a state is none, and cannot be set aside: there is already a ${name}. Move it away.`,
  );
}
