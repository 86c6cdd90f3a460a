import type { Reason } from "../audit/finding.ts";
import type { Resource } from "../audit/subject.ts";

/** Costs that a change leads to: none, or by the volume of the logs. */
export type Cost = "free" | "by-volume";

interface Change {
  readonly accountId: string;
  readonly regionId: string;
  /** What DescribeRegions calls the region, where it was asked: text from outside. */
  readonly localName?: string;
  readonly cost: Cost;
  readonly reversible: boolean;
}

/** The service is to be activated in a region. */
export interface Activation extends Change {
  readonly action: "activate-flow-log-service";
  /** The page on which the terms of the service are read, which activation accepts. */
  readonly termsUrl: string;
}

/** A flow log is to be created for a VPC. */
export interface Creation extends Change {
  readonly action: "create-flow-log";
  /** The VPC. */
  readonly resource: Resource;
  readonly projectName: string;
  readonly logStoreName: string;
}

/** A change to make. */
export type PlanEntry = Activation | Creation;

/** A region or a VPC that the plan leaves as it is, although it is not known to be compliant. */
export interface NotChanged {
  readonly accountId: string;
  readonly regionId: string;
  readonly localName?: string;
  readonly resource?: Resource;
  readonly reason: Reason;
  /** Whether it is left because it could not be read. */
  readonly unreadable: boolean;
  /** What to run by hand, in this order; empty where no command helps. */
  readonly commands: readonly string[];
}

/** What is to be changed in an account: plain data, in a stable order. */
export interface Plan {
  /** The account's id, or `"unknown"`. */
  readonly accountId: string;
  /** Sorted by region; the activation of a region before its flow logs. */
  readonly entries: readonly PlanEntry[];
  readonly notChanged: readonly NotChanged[];
}

/**
 * How a change may end.
 *
 * - `done`: made, and the service confirms it.
 * - `already`: it had been made before by another.
 * - `pending`: accepted, and not confirmed in time.
 * - `failed`: refused, or not known to be made.
 * - `skipped`: not tried.
 */
export const OUTCOMES = ["done", "already", "pending", "failed", "skipped"] as const;

/** What became of a change. */
export interface Outcome {
  readonly outcome: (typeof OUTCOMES)[number];
  /** Null for `done` and `already`. */
  readonly reason: Reason | null;
  /** Of a flow log that was created. */
  readonly flowLogId?: string;
}

/** A change, and what became of it. */
export type EntryOutcome = PlanEntry & Outcome;
