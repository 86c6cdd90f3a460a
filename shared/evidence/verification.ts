import type { BucketLock } from "./evidence-archive.ts";

/**
 * Why kept evidence is not whole.
 *
 * - `MANIFEST_UNREADABLE`: it is no manifest of a version that is known here.
 * - `MANIFEST_MISPLACED`: its name is not that of the run that it is about.
 * - `MANIFEST_CHANGED`: its bytes are not those in which such a manifest is written.
 * - `MANIFEST_DIFFERS`: it says something else of the run than the report that it names does.
 * - `PREVIOUS_MISSING`: no manifest has the SHA-256 that it says the one before has.
 * - `CYCLE`: the manifests before it lead back to itself, and to no beginning.
 * - `REPORT_MISSING`: there is no report of the name that the manifest has.
 * - `REPORT_CHANGED`: the report has another SHA-256.
 * - `REPORT_OF_ANOTHER_RUN`: the report is about another run than the manifest.
 * - `HEAD_MISSING`: no manifest has the SHA-256 that a second party holds.
 */
export type BreakCode =
  | "MANIFEST_UNREADABLE"
  | "MANIFEST_MISPLACED"
  | "MANIFEST_CHANGED"
  | "MANIFEST_DIFFERS"
  | "PREVIOUS_MISSING"
  | "CYCLE"
  | "REPORT_MISSING"
  | "REPORT_CHANGED"
  | "REPORT_OF_ANOTHER_RUN"
  | "HEAD_MISSING";

/** A place where the chain is broken. */
export interface ChainBreak {
  readonly code: BreakCode;
  /** The file in question, below the address; null for a manifest that is known by its digest only. */
  readonly name: string | null;
  /** What was to be there: a SHA-256, a name, or a run. */
  readonly expected: string | null;
  /** What is there; null for nothing. */
  readonly actual: string | null;
  /**
   * Of `PREVIOUS_MISSING`: the newest manifest before it that no other one names. That one was changed, or
   * what followed it was removed, unless the one in question was changed. Absent where there is none.
   */
  readonly lastBefore?: string;
}

/**
 * What is odd, and no break.
 *
 * - `NOT_LINKED`: no manifest names it as the one before, and it is not the newest: of a run that was
 *   cut off, or of a second chain.
 * - `BEGINNING`: it names no manifest before it, and is not the first such one.
 * - `REPORT_WITHOUT_MANIFEST`: of a run that was cut off before its manifest was written.
 * - `UNKNOWN_FILE`: nothing that this program writes.
 */
export type NoteCode = "NOT_LINKED" | "BEGINNING" | "REPORT_WITHOUT_MANIFEST" | "UNKNOWN_FILE";

export interface ChainNote {
  readonly code: NoteCode;
  readonly name: string;
}

/** A manifest of the chain. */
export interface ChainRun {
  readonly name: string;
  readonly sha256: string;
  readonly runId: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
}

/** What is known of the manifest whose digest a second party holds. */
export interface HeldHead {
  readonly sha256: string;
  /** Null where it is not there. */
  readonly run: ChainRun | null;
  /** Whether the newest run follows it, or is it; false also where it is not there. */
  readonly leadsToHead: boolean;
  /** How many runs follow it: those whose manifests lead back to it. */
  readonly runsAfter: number;
  /** Whether it is the digest of a report, and not of a manifest. */
  readonly isOfReport: boolean;
}

/** The lock of the bucket, as far as it could be read. */
export type LockReading =
  | { readonly status: "LOCKED" | "IN_PROGRESS"; readonly lock: BucketLock }
  /** A bucket without a retention policy, or a folder. */
  | { readonly status: "NOT_LOCKED" }
  | { readonly status: "UNREADABLE"; readonly message: string };

/** The outcome of checking kept evidence. */
export interface Verification {
  /** The address of the evidence. */
  readonly evidence: string;
  /** How many manifests can be read. */
  readonly runs: number;
  /** How many reports were read and have the SHA-256 of their manifest. */
  readonly wholeReports: number;
  /** The first and the newest run by name, which is by time; null where there is none. */
  readonly first: ChainRun | null;
  /** The newest run that no other one follows. */
  readonly head: ChainRun | null;
  readonly heldHead: HeldHead | null;
  /** In the order of time. Empty where the chain is whole. */
  readonly breaks: readonly ChainBreak[];
  readonly notes: readonly ChainNote[];
  readonly lock: LockReading;
  /** Why not every report was read, as a sentence; null where all were. */
  readonly unread: string | null;
}
