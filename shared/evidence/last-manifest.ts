import { sha256Of } from "../report/report-digest.ts";
import type { TimeBudget } from "../retry/time-budget.ts";
import type { EvidenceArchive } from "./evidence-archive.ts";
import { MANIFEST_SUFFIX, parseManifest } from "./manifest.ts";

/**
 * Finds the end of a chain from the manifests themselves: the last by name of those that no other one
 * names as the one before.
 *
 * @returns its SHA-256; null where there is no manifest
 * @throws `EvidenceError` when what is kept cannot be read
 */
export async function lastManifest(
  archive: EvidenceArchive,
  within: TimeBudget,
): Promise<string | null> {
  const names = (await archive.list(within)).filter((name) => name.endsWith(MANIFEST_SUFFIX));
  const digests: string[] = [];
  const named = new Set<string | null>();
  for (const name of names) {
    const bytes = await archive.read(name, within);
    if (bytes === null) continue;
    digests.push(sha256Of(bytes));
    named.add(parseManifest(Buffer.from(bytes).toString("utf8"))?.previousSha256 ?? null);
  }
  return digests.findLast((digest) => !named.has(digest)) ?? null;
}
