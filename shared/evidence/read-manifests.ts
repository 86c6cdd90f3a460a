import pMap from "p-map";

import { sha256Of } from "../report/report-digest.ts";
import type { TimeBudget } from "../retry/time-budget.ts";
import type { EvidenceArchive } from "./evidence-archive.ts";
import { type Manifest, MANIFEST_SUFFIX, parseManifest } from "./manifest.ts";

/** Manifests are small: as many at once hide the way to a bucket. */
const CONCURRENCY = 16;

/** A manifest as it is kept. */
export interface KeptManifest {
  /** Below the evidence's address, with slashes. */
  readonly name: string;
  /** SHA-256 of its bytes, in hex. */
  readonly sha256: string;
  /** Null where the bytes are no manifest. */
  readonly manifest: Manifest | null;
}

/**
 * Reads the manifests among kept files, in the order of the names. One that vanishes meanwhile is left out.
 *
 * @throws `EvidenceError` when one cannot be read
 */
export async function readManifests(
  archive: EvidenceArchive,
  names: readonly string[],
  within: TimeBudget,
): Promise<KeptManifest[]> {
  const read = async (name: string): Promise<KeptManifest | null> => {
    const bytes = await archive.read(name, within);
    if (bytes === null) return null;
    const manifest = parseManifest(Buffer.from(bytes).toString("utf8"));
    return { name, sha256: sha256Of(bytes), manifest };
  };
  const manifests = names.filter((name) => name.endsWith(MANIFEST_SUFFIX)).toSorted();
  const kept = await pMap(manifests, read, { concurrency: CONCURRENCY });
  return kept.filter((manifest) => manifest !== null);
}
