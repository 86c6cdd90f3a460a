import { compareIds } from "../audit/compare-ids.ts";
import { type Finding, observedOf } from "../audit/finding.ts";
import { groupBy } from "../audit/group-by.ts";
import {
  accountNamesOf,
  type Report,
  summarize,
  type Summary,
  UNKNOWN_ACCOUNT,
} from "../audit/report.ts";
import type { RuleCard } from "../audit/rule-card.ts";
import { GONE } from "./gone-finding.ts";

/**
 * What happened to a subject: not compliant for the first time (`opened`), still not compliant
 * (`reminder`), not compliant for another reason or exempt from now on (`changed`), compliant again, not
 * judged any more, or gone (`resolved`), not readable for too long (`unreadable`), readable again (`readable`), no longer in
 * the scope of the audit (`unscoped`).
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

/** What a change is about: a subject is not compliant, or it cannot be read. */
export type Condition = "open" | "unreadable";

/** One thing that a receiver is notified of about one subject. */
export interface Change {
  readonly event: ChangeEvent;
  readonly condition: Condition;
  /** When the condition began, in milliseconds since the epoch; null where no state remembers it. */
  readonly sinceMs: number | null;
  /** What this run found; for `unscoped`, what was last known. */
  readonly finding: Finding;
}

/** Whether a change says that an exemption now covers the subject. */
export function isExempted({ event, finding }: Change): boolean {
  return event === "changed" && finding.exemption !== undefined;
}

/** Whether an event ends a condition, or the checks for it. */
export function isEnd(event: ChangeEvent): boolean {
  return event === "resolved" || event === "readable" || event === "unscoped";
}

/**
 * Whether a condition ended although nobody has seen the subject compliant, or readable: the rule does
 * not apply to it any more, or the resource is gone.
 */
export function isInapplicable({ event, finding }: Change): boolean {
  const { status, reason } = observedOf(finding);
  if (status !== "NOT_APPLICABLE") return false;
  return event === "resolved" || (event === "readable" && reason.code === GONE);
}

/**
 * Whether a change leaves nothing to act on: the condition is over, exempt or no longer checked. A
 * receiver that keeps alerts ends this one.
 */
export function isOver(change: Change): boolean {
  return isEnd(change.event) || isExempted(change);
}

/** A rule that an alert is about, and what this run found of it. */
export interface AlertRule {
  readonly id: string;
  /** Null for a rule that this version does not know: a state can have an entry of one. */
  readonly card: RuleCard | null;
  /** Subjects that were judged or exempt: the resources of a rule about resources, else regions. */
  readonly subjects: number;
  readonly compliant: number;
  readonly exempt: number;
  /** Regions that the rule was evaluated in. */
  readonly regions: number;
  /** Regions in which everything was read; an exemption makes nothing count as read. */
  readonly readRegions: number;
}

/** What one receiver is sent, as one message or as several where one is too small. */
export interface Alert {
  /** `summary`: the current findings, at an interval. `test`: a person tries the receivers. */
  readonly kind: "alert" | "summary" | "test";
  readonly runId: string;
  /** The ids of the accounts that the run audited, and of those that only a change is about. Sorted. */
  readonly accounts: readonly string[];
  /** What accounts are called, by id: text from outside. Those without a name are left out. */
  readonly accountNames: ReadonlyMap<string, string>;
  /** When the run ended; ISO 8601, UTC. */
  readonly at: string;
  readonly summary: Summary;
  /** The rules of this run, and those that only a change is about. */
  readonly rules: readonly AlertRule[];
  /** Whether a state remembers earlier notifications; without one, `changes` is not published. */
  readonly remembered: boolean;
  /** What the message is about; empty in a summary or a test. */
  readonly changes: readonly Change[];
  /** Everything that is not compliant now. */
  readonly findings: readonly Finding[];
  /** Everything that could not be read now. */
  readonly unreadable: readonly Finding[];
  /** Everything with an exemption that ends within a week. */
  readonly endingExemptions: readonly Finding[];
  /**
   * When a subject that was not compliant when last read became so, by `keyOf`, in milliseconds
   * since the epoch. Only a state knows.
   */
  readonly openSince?: ReadonlyMap<string, number>;
  /** Names of regions in the receiver's language by id, where the findings have another language's. */
  readonly localNames?: ReadonlyMap<string, string>;
  /** Whether there is a state that cannot be read or written: the end of an alert may never be sent. */
  readonly stateFailed?: boolean;
  /**
   * The head of the chain of evidence, where the report was kept: SHA-256 of its manifest, in hex. Who
   * was sent it can tell later whether the newest runs were removed.
   */
  readonly evidence?: { readonly manifestSha256: string };
}

/** An alert that says only that it is a test. */
export function testAlert(runId: string, at: string): Alert {
  return {
    kind: "test",
    runId,
    accounts: [UNKNOWN_ACCOUNT],
    accountNames: new Map(),
    at,
    summary: summarize([]),
    rules: [],
    remembered: false,
    changes: [],
    findings: [],
    unreadable: [],
    endingExemptions: [],
  };
}

/**
 * The alert that notifies a receiver of changes that it does not know yet.
 *
 * @param known - the cards of all rules of this version
 */
export function alertOf(
  kind: Alert["kind"],
  report: Report,
  known: readonly RuleCard[],
  changes: readonly Change[],
  remembered: boolean,
): Alert {
  const { runId, finishedAt, summary, findings, scope } = report;
  const changed = changes.map(({ finding }) => finding.accountId);
  return {
    kind,
    runId,
    accounts: [...new Set([...scope.accounts, ...changed])].sort(compareIds),
    accountNames: accountNamesOf(report),
    at: finishedAt,
    summary,
    rules: rulesOf(report, known, changes),
    remembered,
    changes,
    findings: findings.filter(({ status }) => status === "NON_COMPLIANT"),
    unreadable: findings.filter(({ status }) => status === "INSUFFICIENT_DATA"),
    endingExemptions: findings.filter(({ exemption }) => exemption?.endsSoon === true),
  };
}

/** Known rules come first, in the order of `known`. */
function rulesOf(
  { rules, findings }: Pick<Report, "rules" | "findings">,
  known: readonly RuleCard[],
  changes: readonly Change[],
): AlertRule[] {
  const cards = new Map(known.map((card) => [card.id, card]));
  const ids = new Set([
    ...rules.map(({ id }) => id),
    ...changes.map(({ finding }) => finding.ruleId),
  ]);
  const ordered = [
    ...[...cards.keys()].filter((id) => ids.has(id)),
    ...[...ids].filter((id) => !cards.has(id)),
  ];
  const found = groupBy(findings, ({ ruleId }) => ruleId);
  return ordered.map((id) => alertRuleOf(id, cards.get(id) ?? null, found.get(id) ?? []));
}

function alertRuleOf(id: string, card: RuleCard | null, findings: readonly Finding[]): AlertRule {
  const isAboutResources = card !== null && card.subject !== "region";
  const regions = new Set<string>();
  const unread = new Set<string>();
  for (const finding of findings) {
    const region = `${finding.accountId} ${finding.regionId}`;
    regions.add(region);
    if (observedOf(finding).status === "INSUFFICIENT_DATA") unread.add(region);
  }
  const subjects = isAboutResources
    ? findings.filter(({ resource }) => resource !== undefined)
    : findings;
  const { total, compliant, ignored } = summarize(subjects);
  return {
    id,
    card,
    subjects: total,
    compliant,
    exempt: ignored,
    regions: regions.size,
    readRegions: regions.size - unread.size,
  };
}
