import type { TimeBudget } from "../retry/time-budget.ts";
import type { EvidenceArchive } from "./evidence-archive.ts";
import { readManifests } from "./read-manifests.ts";

/**
 * Finds the head of a chain from the manifests themselves: the last by name of those that no other one
 * names as the one before.
 *
 * @returns its SHA-256; null where there is no manifest
 * @throws `EvidenceError` when what is kept cannot be read
 */
export async function lastManifest(
  archive: EvidenceArchive,
  within: TimeBudget,
): Promise<string | null> {
  const kept = await readManifests(archive, await archive.list(within), within);
  const named = new Set(kept.map(({ manifest }) => manifest?.previousSha256 ?? null));
  return kept.findLast(({ sha256 }) => !named.has(sha256))?.sha256 ?? null;
}
