import type { StorageAddress } from "../storage/storage-address.ts";

/** Where a run and its evidence are configured to be remembered. */
interface EvidenceConfig {
  readonly state: StorageAddress;
  readonly evidence: StorageAddress;
}

/**
 * What makes it impossible to keep evidence as it is configured. A bucket is only ever written to, so that
 * the head of the chain has to be in the state; the disk of a function is lost with its instance.
 *
 * @param place - where the run takes place: in a function, or on a machine that keeps its files
 */
export function problemsOfEvidence(
  { state, evidence }: EvidenceConfig,
  place: "function" | "machine",
): string[] {
  if (evidence.kind === "file" && place === "function") {
    return [
      "evidence (FLOWLOG_GUARD_EVIDENCE): is a folder, and the files of a function are lost with its instance: use oss://bucket/prefix/",
    ];
  }
  if (evidence.kind === "oss" && state.kind === "none") {
    return [
      "evidence (FLOWLOG_GUARD_EVIDENCE): is in OSS, and there is no state to remember its newest run in: set FLOWLOG_GUARD_STATE, or state in the configuration file, to another bucket",
    ];
  }
  return [];
}

/** What keeps evidence, but stands in the way of a lock on its bucket. */
export function warningsOfEvidence({ state, evidence }: EvidenceConfig): string[] {
  return evidence.kind === "oss" && state.kind === "oss" && evidence.bucket === state.bucket
    ? [
        `evidence: is in the bucket of the state, ${evidence.bucket}, which therefore can never be locked: a locked bucket refuses to overwrite the state. Use a bucket of its own for evidence.`,
      ]
    : [];
}
