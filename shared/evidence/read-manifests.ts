import pMap from "p-map";

import { sha256Of } from "../report/report-digest.ts";
import type { TimeBudget } from "../retry/time-budget.ts";
import { canonicalJson } from "../text/canonical-json.ts";
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
  /** That of its content in the form in which manifests are written; null where it has none. */
  readonly canonicalSha256: string | null;
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
    const text = Buffer.from(bytes).toString("utf8");
    const canonicalSha256 = canonicalSha256Of(text);
    const manifest = canonicalSha256 === null ? null : parseManifest(text);
    return { name, sha256: sha256Of(bytes), manifest, canonicalSha256 };
  };
  const manifests = names.filter((name) => name.endsWith(MANIFEST_SUFFIX)).toSorted();
  const kept = await pMap(manifests, read, { concurrency: CONCURRENCY });
  return kept.filter((manifest) => manifest !== null);
}

/** Of all fields, also those that a newer program has added. */
function canonicalSha256Of(text: string): string | null {
  try {
    return sha256Of(canonicalJson(JSON.parse(text)));
  } catch {
    return null;
  }
}
