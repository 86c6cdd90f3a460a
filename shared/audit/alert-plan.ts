import type { Change } from "./alert.ts";
import { type AlertPolicy, changesFor, hasElapsed, toldAfter } from "./decide.ts";
import { type Report, UNKNOWN_ACCOUNT } from "./report.ts";
import {
  type Entry,
  EMPTY_STATE,
  keyOf,
  NOTHING_TOLD,
  observe,
  type Sight,
  type State,
  type Told,
} from "./state.ts";

/** What the decision has to know of a receiver. */
export interface Listener {
  readonly name: string;
  /** Whether it has to be told in every run what is open. */
  readonly wantsEveryRun: boolean;
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

/** When regions that were not seen again, since they left the scope, are forgotten. */
const FORGET_AFTER_MS = 30 * 86_400_000;
/** By how much another machine's clock may be ahead; one that is further ahead is wrong. */
const MAX_AHEAD_MS = 3_600_000;

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
export function hidesAccount({ entries }: State, { scope }: Report): boolean {
  return (
    scope.accounts.includes(UNKNOWN_ACCOUNT) &&
    entries.some(({ accountId }) => accountId !== UNKNOWN_ACCOUNT)
  );
}

/**
 * Decides for each receiver by itself, from what it has accepted so far: one that failed gets its
 * message in the next run, and one that accepted is not told twice.
 *
 * @param summaryEveryMs - milliseconds between summaries; null for none
 */
export function planWithState(
  before: State,
  report: Report,
  listeners: readonly Listener[],
  run: Sight,
  policy: AlertPolicy & { readonly summaryEveryMs: number | null },
): AlertPlan {
  const nowMs = run.finishedAtMs;
  const state = remember(notAhead(before, run), report, listeners, run);
  const entries = new Map(state.entries.map((entry) => [keyOf(entry), entry]));
  // A region that a run which began later has seen meanwhile is no longer this run's to judge.
  const seen = report.findings.flatMap((finding): [Entry, typeof finding][] => {
    const entry = entries.get(keyOf(finding));
    return entry?.seenAtMs === run.startedAtMs ? [[entry, finding]] : [];
  });
  const news = new Map<string, readonly Change[]>();
  for (const { name, wantsEveryRun } of listeners) {
    const own = wantsEveryRun ? { ...policy, repeatAfterMs: 0 } : policy;
    const changes = seen.flatMap(([entry, finding]) =>
      changesFor(entry, toldTo(name, entry), finding, nowMs, own),
    );
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

function isScheduled({ trigger }: Report): boolean {
  return trigger === "timer" || trigger === "schedule";
}

/** The state once a receiver has accepted news. */
export function rememberTold(
  state: State,
  receiver: string,
  changes: readonly Change[],
  atMs: number,
): State {
  const entries = new Map(state.entries.map((entry) => [keyOf(entry), entry]));
  for (const change of changes) {
    const entry = entries.get(keyOf(change.finding));
    if (entry === undefined) continue;
    const told = toldAfter(toldTo(receiver, entry), change, entry, atMs);
    entries.set(keyOf(entry), { ...entry, told: { ...entry.told, [receiver]: told } });
  }
  return { ...state, entries: [...entries.values()] };
}

/** The state once a receiver has accepted a summary. */
export function rememberSummary(state: State, receiver: string, atMs: number): State {
  return { ...state, receivers: { ...state.receivers, [receiver]: { summaryAtMs: atMs } } };
}

/**
 * A state without times that are still to come, which a wrong clock has left: nobody would be told
 * anything until then.
 */
function notAhead(state: State, { startedAtMs, finishedAtMs }: Sight): State {
  const notAfter = (timeMs: number, limitMs: number): number =>
    timeMs > finishedAtMs + MAX_AHEAD_MS ? limitMs : timeMs;
  const toldBy = <T extends { readonly atMs: number }>(news: T | null): T | null =>
    news && { ...news, atMs: notAfter(news.atMs, finishedAtMs) };
  return {
    ...state,
    entries: state.entries.map((entry) => ({
      ...entry,
      seenAtMs: notAfter(entry.seenAtMs, startedAtMs),
      told: mapValues(entry.told, ({ open, blind }) => ({
        open: toldBy(open),
        blind: toldBy(blind),
      })),
    })),
    receivers: mapValues(state.receivers, ({ summaryAtMs }) => ({
      summaryAtMs: notAfter(summaryAtMs, finishedAtMs),
    })),
  };
}

function mapValues<T, U>(
  record: Readonly<Record<string, T>>,
  map: (value: T) => U,
): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}

function remember(
  before: State,
  { findings, scope }: Report,
  listeners: readonly Listener[],
  run: Sight,
): State {
  // Once the account is known, nothing would ever be heard again of the one that was not.
  const isKnown = !scope.accounts.includes(UNKNOWN_ACCOUNT);
  const all = new Map(
    before.entries
      .filter(({ accountId }) => !(isKnown && accountId === UNKNOWN_ACCOUNT))
      .map((entry) => [keyOf(entry), entry]),
  );
  const entries = new Map(
    [...all].filter(([, { seenAtMs }]) => run.finishedAtMs - seenAtMs < FORGET_AFTER_MS),
  );
  for (const finding of findings) {
    const known = all.get(keyOf(finding));
    if (known !== undefined && known.seenAtMs > run.startedAtMs) continue;
    entries.set(keyOf(finding), observe(known, finding, run));
  }
  // A receiver's first summary is due a whole interval after it was first seen.
  const firstSeen = listeners.map(({ name }) => [name, { summaryAtMs: run.finishedAtMs }] as const);
  return {
    ...before,
    entries: [...entries.values()],
    receivers: { ...Object.fromEntries(firstSeen), ...before.receivers },
  };
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

function toldTo(receiver: string, { told }: Entry): Told {
  return ownValue(told, receiver) ?? NOTHING_TOLD;
}

/** What stands under a name; a receiver may be called `constructor`, which every object has. */
function ownValue<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
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
