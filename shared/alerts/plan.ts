import { type Report, UNKNOWN_ACCOUNT } from "../audit/report.ts";
import { type Route, type Share, sharesOf } from "../audit/route.ts";
import { absenceIn } from "./absence.ts";
import { type AbsentEntry, absentChanges } from "./absent-changes.ts";
import {
  accountIdsOf,
  EMPTY_STATE,
  type Entry,
  type ObservingRun,
  type ReceiverRecord,
  type State,
} from "./alert-state.ts";
import { type Change, isEnd, isOver } from "./alert.ts";
import { type AlertPolicy, changesFor, hasElapsed, mayBeNotified } from "./decide.ts";
import { entryOf } from "./entry-index.ts";
import { recordOf } from "./receiver-records.ts";
import { ownValue } from "./record-values.ts";
import { rememberObserved } from "./remember-observed.ts";

/** What the decision depends on in a receiver. */
export interface AlertReceiver {
  readonly name: string;
  /** Whether it is notified of what is open in every run. */
  readonly wantsEveryRun: boolean;
  /** What it is sent. @default everything */
  readonly only?: Route;
}

/** How often receivers are notified. */
export interface PlanPolicy extends AlertPolicy {
  /** Milliseconds from one summary to the next; null for none. */
  readonly summaryEveryMs: number | null;
}

/** Why an alert is due, or is not. */
export type AlertReason =
  /** Without a state: something is not compliant. */
  | "NON_COMPLIANT"
  /** With a state: a receiver has to be notified of a change, or reminded. */
  | "CHANGES"
  /** Only a summary is due. */
  | "SUMMARY"
  /** Receivers have been notified of everything that is wrong. */
  | "NO_CHANGES"
  /** Something is not compliant, and no receiver is configured. */
  | "NO_RECEIVER_CONFIGURED"
  /** Something is not compliant, and all of that is routed to no receiver. */
  | "NOT_ROUTED"
  /** Something could not be read: for too few runs yet, or there is no state to count them. */
  | "ONLY_UNREADABLE"
  | "ALL_WELL";

/** What each receiver is to be notified of, and what to remember. */
export interface AlertPlan {
  readonly reason: AlertReason;
  /** By the receiver's name; receivers without changes are left out. */
  readonly changes: ReadonlyMap<string, readonly Change[]>;
  /** The receivers that are due a summary. */
  readonly summaries: readonly string[];
  /** The state with what this run observed, before any receiver is notified. */
  readonly state: State;
  /** How many findings are not compliant and routed to none of the receivers; 0 without receivers. */
  readonly unrouted: number;
}

/** Without a state every run that finds something not compliant alerts; an unreadable one never does. */
export function planWithoutState(report: Report, receivers: readonly AlertReceiver[]): AlertPlan {
  const shares = routedShares(report, receivers);
  const all = report.findings
    .filter(({ status }) => status === "NON_COMPLIANT")
    .map((finding): Change => ({ event: "opened", condition: "open", sinceMs: null, finding }));
  const changes = shares.flatMap(({ name, takes }): [string, Change[]][] => {
    const own = all.filter(({ finding }) => takes(finding));
    return own.length === 0 ? [] : [[name, own]];
  });
  const unrouted = countUnrouted(report, shares);
  return {
    reason: reasonFor(report, unrouted, shares, changes.length > 0 && "NON_COMPLIANT"),
    changes: new Map(changes),
    summaries: [],
    state: EMPTY_STATE,
    unrouted,
  };
}

/**
 * Whether the account of a report is unknown, and that of the state is not: the regions may be
 * another account's, so no end must be sent.
 */
export function hidesAccount(state: State, { scope }: Report): boolean {
  return (
    scope.accounts.includes(UNKNOWN_ACCOUNT) &&
    accountIdsOf(state).some((accountId) => accountId !== UNKNOWN_ACCOUNT)
  );
}

/**
 * Decides for each receiver separately, by what it has confirmed so far: one that failed is notified
 * in the next run, and one that confirmed is not notified twice.
 */
export function planWithState(
  before: State,
  report: Report,
  receivers: readonly AlertReceiver[],
  observing: ObservingRun,
  policy: PlanPolicy,
): AlertPlan {
  // While the account is only assumed, the run cannot know that something left the scope.
  const run = report.accountAssumed === true ? { ...observing, wholeScope: false } : observing;
  const nowMs = run.finishedAtMs;
  const state = rememberObserved(
    before,
    report,
    receivers.map(({ name }) => name),
    run,
  );
  // Leaves out subjects that were meanwhile observed by a run that began later.
  const observed = report.findings.flatMap((finding): [Entry, typeof finding][] => {
    const entry = entryOf(state.entries, finding);
    return entry?.seenAtMs === run.startedAtMs ? [[entry, finding]] : [];
  });
  const absent = absentEntries(before, state, report, run);
  const changesByReceiver = new Map<string, readonly Change[]>();
  const shares = routedShares(report, receivers);
  for (const receiver of shares) {
    const { name, wantsEveryRun } = receiver;
    const own = wantsEveryRun ? { ...policy, repeatAfterMs: 0 } : policy;
    const changes = [
      ...observed.flatMap(([entry, finding]) => {
        const record = recordOf(name, entry);
        return routed(receiver, record, changesFor(entry, record, finding, nowMs, own));
      }),
      ...absent.flatMap((one) => {
        const record = recordOf(name, one.entry);
        return routed(receiver, record, absentChanges(one, record, nowMs, own));
      }),
      // With an assumed account no end is sent: a run that knows the account sends it.
    ].filter(({ event }) => !(report.accountAssumed === true && isEnd(event)));
    if (changes.length > 0) changesByReceiver.set(name, changes);
  }
  const { summaryEveryMs } = policy;
  // A receiver that is notified in every run needs no summary, and a run by hand may cover a part only.
  const summaries = (isScheduled(report) ? receivers : [])
    .filter(({ wantsEveryRun }) => !wantsEveryRun)
    .map(({ name }) => name)
    .filter(
      (name) => !changesByReceiver.has(name) && isSummaryDue(state, name, nowMs, summaryEveryMs),
    );
  const due = (changesByReceiver.size > 0 && "CHANGES") || (summaries.length > 0 && "SUMMARY");
  const unrouted = countUnrouted(report, shares);
  return {
    reason: reasonFor(report, unrouted, shares, due),
    changes: changesByReceiver,
    summaries,
    state,
    unrouted,
  };
}

/** A receiver, and what it is sent of a report. */
type RoutedReceiver = AlertReceiver & Pick<Share, "takes">;

function routedShares(report: Report, receivers: readonly AlertReceiver[]): RoutedReceiver[] {
  const shareOf = sharesOf(report);
  return receivers.map((receiver) => ({ ...receiver, takes: shareOf(receiver.only).takes }));
}

/**
 * The changes that a receiver is sent. One that may know of a condition that is routed elsewhere by now
 * is notified when it is over; one that keeps alerts is sent it until then, so that it does not expire.
 */
function routed(
  { takes, wantsEveryRun }: RoutedReceiver,
  notified: ReceiverRecord,
  changes: readonly Change[],
): readonly Change[] {
  return changes.filter(
    (change) =>
      takes(change.finding) ||
      (mayBeNotified(notified[change.condition]) && (wantsEveryRun || isOver(change))),
  );
}

function countUnrouted({ findings }: Report, shares: readonly RoutedReceiver[]): number {
  if (shares.length === 0) return 0;
  return findings.filter(
    (finding) => finding.status === "NON_COMPLIANT" && !shares.some(({ takes }) => takes(finding)),
  ).length;
}

/** The entries that the report has no finding about. */
function absentEntries(
  before: State,
  state: State,
  report: Report,
  run: ObservingRun,
): AbsentEntry[] {
  const absenceOf = absenceIn(report, run, state.accounts);
  return state.entries.flatMap((entry): AbsentEntry[] => {
    const absence = absenceOf(entry);
    return absence === null
      ? []
      : [{ absence, entry, before: entryOf(before.entries, entry) ?? entry }];
  });
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
  unrouted: number,
  receivers: readonly AlertReceiver[],
  due: AlertReason | false,
): AlertReason {
  if (summary.nonCompliant > 0 && receivers.length === 0) return "NO_RECEIVER_CONFIGURED";
  if (due !== false) return due;
  if (summary.nonCompliant > 0) {
    return unrouted === summary.nonCompliant ? "NOT_ROUTED" : "NO_CHANGES";
  }
  return summary.insufficientData > 0 ? "ONLY_UNREADABLE" : "ALL_WELL";
}
