import { type Finding, observedOf } from "../audit/finding.ts";
import { type Report, summarize, type Summary, UNKNOWN_ACCOUNT } from "../audit/report.ts";
import type { RuleCard } from "../audit/rule-card.ts";

/**
 * What happened to a region, as a receiver is told: not activated for the first time (`opened`),
 * still so (`reminder`), so for another reason or exempt from now on (`changed`), activated again
 * (`resolved`), not readable for too long (`unreadable`), readable again (`readable`), no longer in the
 * scope of the audit (`unscoped`).
 */
export const CHANGE_EVENTS = [
  "opened",
  "reminder",
  "changed",
  "resolved",
  "unreadable",
  "readable",
  "unscoped",
] as const;
export type ChangeEvent = (typeof CHANGE_EVENTS)[number];

/** What a change is about: that a region is not compliant, or that it cannot be read. */
export type Condition = "open" | "unreadable";

/** One thing that a receiver is to be told about a region. */
export interface Change {
  readonly event: ChangeEvent;
  readonly condition: Condition;
  /** When the condition began, in milliseconds since the epoch; null where no state remembers it. */
  readonly sinceMs: number | null;
  /** What this run found there; for `unscoped`, what was known last. */
  readonly finding: Finding;
}

/** Whether a change says that an exemption has been put on what it is about. */
export function isExempted({ event, finding }: Change): boolean {
  return event === "changed" && finding.exemption !== undefined;
}

/**
 * Whether nothing is left to act on after a change: what it is about is over, exempt or no longer
 * checked. A receiver that keeps alerts by itself ends this one.
 */
export function isOver(change: Change): boolean {
  const { event } = change;
  return event === "resolved" || event === "readable" || event === "unscoped" || isExempted(change);
}

/** What a receiver is told by one message, or by several where one is too small. */
export interface Alert {
  /** `summary`: how things stand, every so often. `test`: somebody tries the receivers. */
  readonly kind: "alert" | "summary" | "test";
  readonly runId: string;
  readonly accountId: string;
  /** When the run ended; ISO 8601, UTC. */
  readonly at: string;
  readonly summary: Summary;
  /** Of the rules that were asked, and of those that a change is about. */
  readonly cards: readonly RuleCard[];
  /** How many of its regions were read: an exemption makes none of one that was not. */
  readonly read: number;
  /** Whether a state remembers what was told: only then does the world learn of `changes`. */
  readonly remembered: boolean;
  /** What the message is about; none in a summary or a test. */
  readonly changes: readonly Change[];
  /** The regions that are not compliant now. */
  readonly findings: readonly Finding[];
  /** The regions that could not be read now. */
  readonly unreadable: readonly Finding[];
  /** The regions with an exemption that ends within a week. */
  readonly endingExemptions: readonly Finding[];
  /**
   * Since when what was not compliant when last read is so, by `keyOf`, in milliseconds since the
   * epoch. Only a state knows.
   */
  readonly openSince?: ReadonlyMap<string, number>;
  /** Regions' names in the receiver's language by id, where the findings have another's. */
  readonly localNames?: ReadonlyMap<string, string>;
  /** Whether there is a state, and it cannot be read or written: ends may never be told meanwhile. */
  readonly stateFailed?: boolean;
}

/** A message that says nothing but that it is a test. */
export function testAlert(runId: string, at: string): Alert {
  return {
    kind: "test",
    runId,
    accountId: UNKNOWN_ACCOUNT,
    at,
    summary: summarize([]),
    cards: [],
    read: 0,
    remembered: false,
    changes: [],
    findings: [],
    unreadable: [],
    endingExemptions: [],
  };
}

/**
 * An alert about a report, for a receiver to which these changes are news.
 *
 * @param known - the cards of all rules that there are
 */
export function alertOf(
  kind: Alert["kind"],
  report: Report,
  known: readonly RuleCard[],
  changes: readonly Change[],
  remembered: boolean,
): Alert {
  const { runId, finishedAt, rules, summary, findings } = report;
  return {
    kind,
    runId,
    accountId: String(report.scope.accounts[0]),
    at: finishedAt,
    summary,
    cards: known.filter(
      ({ id }) =>
        rules.some((rule) => rule.id === id) ||
        changes.some(({ finding }) => finding.ruleId === id),
    ),
    read: findings.filter((finding) => observedOf(finding).status !== "INSUFFICIENT_DATA").length,
    remembered,
    changes,
    findings: findings.filter(({ status }) => status === "NON_COMPLIANT"),
    unreadable: findings.filter(({ status }) => status === "INSUFFICIENT_DATA"),
    endingExemptions: findings.filter(({ exemption }) => exemption?.endsSoon === true),
  };
}
