import type { TimeBudget } from "../retry/time-budget.ts";

/** Kept evidence, to be read. Every method rejects with an `EvidenceError`, and with no other error. */
export interface EvidenceArchive {
  /** The evidence's address, to be shown to people. */
  readonly name: string;
  /** The names of all that is kept, below the address and with slashes, in the order of time. */
  list(within: TimeBudget): Promise<readonly string[]>;
  /** The bytes of that name; null if there are none. */
  read(name: string, within: TimeBudget): Promise<Uint8Array | null>;
  /** The lock of the bucket, which nobody can undo: null where evidence is in files, or none was made. */
  lock(within: TimeBudget): Promise<BucketLock | null>;
}

/**
 * A retention policy of a bucket: nobody can change or delete an object until so many days have passed
 * since it was written.
 *
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/getbucketworm
 */
export interface BucketLock {
  /** Whether it is in force for good; one that is in progress lapses after 24 hours. */
  readonly isLocked: boolean;
  /** From 1 to 25,550. */
  readonly days: number;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
}
