import type { RuleId } from "../rules/rule-ids.ts";

/** The most parts that a run is divided into. */
export const MAX_PARTS = 64;

/** The most parts that are audited at once. */
export const MAX_PARALLEL_PARTS = 16;

/**
 * AssumeRole calls a second over all parts. The limit of STS is 100 a second for the calling account and
 * all its identities together, and others need it too.
 *
 * @see https://www.alibabacloud.com/help/en/ram/developer-reference/limits-on-sts
 */
const MAX_ROLES_PER_SECOND = 80;

/** The share of one part in the AssumeRole calls a second, from 5. */
export function rolesPerSecondOf({ count }: Pick<Part, "count">): number {
  return Math.floor(MAX_ROLES_PER_SECOND / Math.min(count, MAX_PARALLEL_PARTS));
}

/** Which part of a run an invocation audits. */
export interface Part {
  readonly runId: string;
  /** From 0. */
  readonly index: number;
  /** How many parts the run has, from 1 to {@link MAX_PARTS}. */
  readonly count: number;
  /**
   * Milliseconds that the part may take, so that it has ended before it is tried again: two of them would
   * exceed the rate of STS. @default as long as the function may
   */
  readonly deadlineMs?: number;
  /** The regions that DescribeRegions returned; empty where it was not asked. */
  readonly listed: readonly string[];
  /** The regions of accounts that are not audited in all of the event's regions, by the account's id. */
  readonly regionsOf: Readonly<Record<string, readonly string[]>>;
}

/** The event with which the audit function is invoked for a part. It has ids only: no role, no secret. */
export interface PartEvent {
  readonly part: Part;
  /** Ids, sorted. */
  readonly accounts: readonly string[];
  /** Ids, sorted. @default those of the part's own configuration */
  readonly regions?: readonly string[];
  /** @default those of the part's own configuration */
  readonly rules?: readonly RuleId[];
}
