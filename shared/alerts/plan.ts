import type { Change } from "./alert.ts";
import { type AlertPolicy, changesFor, hasElapsed, unscopedChanges } from "./decide.ts";
import { lastKnownFinding } from "./last-known-finding.ts";
import { ownValue, rememberSeen, toldTo, unscopedBy } from "./remember.ts";
import { type Report, UNKNOWN_ACCOUNT } from "../audit/report.ts";
import {
  accountIdsOf,
  EMPTY_STATE,
  type Entry,
  keyOf,
  type Sight,
  type State,
} from "./alert-state.ts";

/** What the decision has to know of a receiver. */
export interface Listener {
  readonly name: string;
  /** Whether it has to be told in every run what is open. */
  readonly wantsEveryRun: boolean;
}

/** How often each receiver hears of what. */
export interface PlanPolicy extends AlertPolicy {
  /** Milliseconds from one summary to the next; null for none. */
  readonly summaryEveryMs: number | null;
}

/** Why something is said, or nothing. */
export type AlertReason =
  /** Without a state: a region is not compliant. */
  | "NON_COMPLIANT"
  /** With a state: there is something that a receiver does not know yet, or has to be reminded of. */
  | "NEWS"
  /** Nothing but a summary is due. */
  | "SUMMARY"
  /** What is wrong has been told. */
  | "NOTHING_NEW"
  /** A region is not compliant, and nobody is there to be told. */
  | "NO_RECEIVER_CONFIGURED"
  /** Regions could not be read, which is no news yet, or never without a state. */
  | "ONLY_UNREADABLE"
  | "ALL_WELL";

/** What is due to whom, and what is to be remembered once it has been told. */
export interface AlertPlan {
  readonly reason: AlertReason;
  /** What is news to each receiver; receivers without any are left out. */
  readonly news: ReadonlyMap<string, readonly Change[]>;
  /** The receivers that are due a summary. */
  readonly summaries: readonly string[];
  /** The state with what this run has seen, and nothing told yet. */
  readonly state: State;
}

/** Without a state every run that finds something alerts, and blindness on its own never does. */
export function planWithoutState(report: Report, listeners: readonly Listener[]): AlertPlan {
  const changes = report.findings
    .filter(({ status }) => status === "NON_COMPLIANT")
    .map((finding): Change => ({ event: "opened", condition: "open", sinceMs: null, finding }));
  return {
    reason: reasonFor(report, listeners, changes.length > 0 && "NON_COMPLIANT"),
    news: new Map(changes.length === 0 ? [] : listeners.map(({ name }) => [name, changes])),
    summaries: [],
    state: EMPTY_STATE,
  };
}

/**
 * Whether a report is of an account that could not be learnt, and the state of one that is known:
 * it cannot be told then whose regions these are, and nothing must be said to be over.
 */
export function hidesAccount(state: State, { scope }: Report): boolean {
  return (
    scope.accounts.includes(UNKNOWN_ACCOUNT) &&
    accountIdsOf(state).some((accountId) => accountId !== UNKNOWN_ACCOUNT)
  );
}

/**
 * Decides for each receiver by itself, from what it has accepted so far: one that failed gets its
 * message in the next run, and one that accepted is not told twice.
 */
export function planWithState(
  before: State,
  report: Report,
  listeners: readonly Listener[],
  sight: Sight,
  policy: PlanPolicy,
): AlertPlan {
  // An account that is only assumed is not one of which a thing can be said to be gone.
  const run = report.accountAssumed === true ? { ...sight, wholeScope: false } : sight;
  const nowMs = run.finishedAtMs;
  const state = rememberSeen(
    before,
    report,
    listeners.map(({ name }) => name),
    run,
  );
  const entries = new Map(state.entries.map((entry) => [keyOf(entry), entry]));
  // A region that a run which began later has seen meanwhile is no longer this run's to judge.
  const seen = report.findings.flatMap((finding): [Entry, typeof finding][] => {
    const entry = entries.get(keyOf(finding));
    return entry?.seenAtMs === run.startedAtMs ? [[entry, finding]] : [];
  });
  const unscoped = state.entries.filter(unscopedBy(report, run));
  const news = new Map<string, readonly Change[]>();
  for (const { name, wantsEveryRun } of listeners) {
    const own = wantsEveryRun ? { ...policy, repeatAfterMs: 0 } : policy;
    const changes = [
      ...seen.flatMap(([entry, finding]) =>
        changesFor(entry, toldTo(name, entry), finding, nowMs, own),
      ),
      ...unscoped.flatMap((entry) =>
        unscopedChanges(entry, toldTo(name, entry), (condition) =>
          lastKnownFinding(entry, condition),
        ),
      ),
    ].filter((change) => !(report.accountAssumed === true && isEnd(change)));
    if (changes.length > 0) news.set(name, changes);
  }
  const { summaryEveryMs } = policy;
  // Who is told in every run knows how things stand, and a run by hand may see a part only.
  const summaries = (isScheduled(report) ? listeners : [])
    .filter(({ wantsEveryRun }) => !wantsEveryRun)
    .map(({ name }) => name)
    .filter((name) => !news.has(name) && isSummaryDue(state, name, nowMs, summaryEveryMs));
  const due = (news.size > 0 && "NEWS") || (summaries.length > 0 && "SUMMARY");
  return { reason: reasonFor(report, listeners, due), news, summaries, state };
}

/** What is said to be over is over in an account that is known: a later run says it. */
function isEnd({ event }: Change): boolean {
  return event === "resolved" || event === "readable";
}

function isScheduled({ trigger }: Report): boolean {
  return trigger === "timer" || trigger === "schedule";
}

function isSummaryDue(
  { receivers }: State,
  name: string,
  nowMs: number,
  summaryEveryMs: number | null,
): boolean {
  const lastMs = ownValue(receivers, name)?.summaryAtMs ?? nowMs;
  return summaryEveryMs !== null && hasElapsed(lastMs, nowMs, summaryEveryMs);
}

function reasonFor(
  { summary }: Report,
  listeners: readonly Listener[],
  due: AlertReason | false,
): AlertReason {
  if (summary.nonCompliant > 0 && listeners.length === 0) return "NO_RECEIVER_CONFIGURED";
  if (due !== false) return due;
  if (summary.nonCompliant > 0) return "NOTHING_NEW";
  return summary.insufficientData > 0 ? "ONLY_UNREADABLE" : "ALL_WELL";
}
