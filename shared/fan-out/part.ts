import { MAX_PARALLEL_PARTS, ROLES_PER_SECOND } from "../audit/run-limits.ts";
import type { RuleId } from "../rules/rule-ids.ts";

/** The share of one part in the AssumeRole calls a second, from 5. */
export function rolesPerSecondOf({ count }: Pick<Part, "count">): number {
  return Math.floor(ROLES_PER_SECOND / Math.min(count, MAX_PARALLEL_PARTS));
}

/** Which part of a run an invocation audits. */
export interface Part {
  readonly runId: string;
  /** From 0. */
  readonly index: number;
  /** How many parts the run has, from 1 to `MAX_PARTS`. */
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
