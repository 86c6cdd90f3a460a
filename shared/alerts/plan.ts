import type { Change } from "./alert.ts";
import { type AlertPolicy, changesFor, hasElapsed, unscopedChanges } from "./decide.ts";
import { lastKnownFinding } from "./last-known-finding.ts";
import { ownValue, rememberObserved, recordOf, unscopedBy } from "./remember.ts";
import { type Report, UNKNOWN_ACCOUNT } from "../audit/report.ts";
import {
  accountIdsOf,
  EMPTY_STATE,
  type Entry,
  type ObservingRun,
  type State,
} from "./alert-state.ts";
import { keyOf } from "../audit/subject.ts";

/** What the decision has to know of a receiver. */
export interface AlertReceiver {
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
  | "CHANGES"
  /** Nothing but a summary is due. */
  | "SUMMARY"
  /** What is wrong has been told. */
  | "NO_CHANGES"
  /** A region is not compliant, and nobody is there to be told. */
  | "NO_RECEIVER_CONFIGURED"
  /** Regions could not be read, which is no news yet, or never without a state. */
  | "ONLY_UNREADABLE"
  | "ALL_WELL";

/** What is due to whom, and what is to be remembered once it has been told. */
export interface AlertPlan {
  readonly reason: AlertReason;
  /** What is news to each receiver; receivers without any are left out. */
  readonly changes: ReadonlyMap<string, readonly Change[]>;
  /** The receivers that are due a summary. */
  readonly summaries: readonly string[];
  /** The state with what this run has seen, and nothing told yet. */
  readonly state: State;
}

/** Without a state every run that finds something alerts, and blindness on its own never does. */
export function planWithoutState(report: Report, receivers: readonly AlertReceiver[]): AlertPlan {
  const changes = report.findings
    .filter(({ status }) => status === "NON_COMPLIANT")
    .map((finding): Change => ({ event: "opened", condition: "open", sinceMs: null, finding }));
  return {
    reason: reasonFor(report, receivers, changes.length > 0 && "NON_COMPLIANT"),
    changes: new Map(changes.length === 0 ? [] : receivers.map(({ name }) => [name, changes])),
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
  receivers: readonly AlertReceiver[],
  sight: ObservingRun,
  policy: PlanPolicy,
): AlertPlan {
  // An account that is only assumed is not one of which a thing can be said to be gone.
  const run = report.accountAssumed === true ? { ...sight, wholeScope: false } : sight;
  const nowMs = run.finishedAtMs;
  const state = rememberObserved(
    before,
    report,
    receivers.map(({ name }) => name),
    run,
  );
  const entries = new Map(state.entries.map((entry) => [keyOf(entry), entry]));
  // A region that a run which began later has seen meanwhile is no longer this run's to judge.
  const seen = report.findings.flatMap((finding): [Entry, typeof finding][] => {
    const entry = entries.get(keyOf(finding));
    return entry?.seenAtMs === run.startedAtMs ? [[entry, finding]] : [];
  });
  const unscoped = state.entries.filter(unscopedBy(report, run));
  const changesByReceiver = new Map<string, readonly Change[]>();
  for (const { name, wantsEveryRun } of receivers) {
    const own = wantsEveryRun ? { ...policy, repeatAfterMs: 0 } : policy;
    const changes = [
      ...seen.flatMap(([entry, finding]) =>
        changesFor(entry, recordOf(name, entry), finding, nowMs, own),
      ),
      ...unscoped.flatMap((entry) =>
        unscopedChanges(entry, recordOf(name, entry), (condition) =>
          lastKnownFinding(entry, condition),
        ),
      ),
    ].filter((change) => !(report.accountAssumed === true && isEnd(change)));
    if (changes.length > 0) changesByReceiver.set(name, changes);
  }
  const { summaryEveryMs } = policy;
  // Who is told in every run knows how things stand, and a run by hand may see a part only.
  const summaries = (isScheduled(report) ? receivers : [])
    .filter(({ wantsEveryRun }) => !wantsEveryRun)
    .map(({ name }) => name)
    .filter(
      (name) => !changesByReceiver.has(name) && isSummaryDue(state, name, nowMs, summaryEveryMs),
    );
  const due = (changesByReceiver.size > 0 && "CHANGES") || (summaries.length > 0 && "SUMMARY");
  return {
    reason: reasonFor(report, receivers, due),
    changes: changesByReceiver,
    summaries,
    state,
  };
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
  receivers: readonly AlertReceiver[],
  due: AlertReason | false,
): AlertReason {
  if (summary.nonCompliant > 0 && receivers.length === 0) return "NO_RECEIVER_CONFIGURED";
  if (due !== false) return due;
  if (summary.nonCompliant > 0) return "NO_CHANGES";
  return summary.insufficientData > 0 ? "ONLY_UNREADABLE" : "ALL_WELL";
}
