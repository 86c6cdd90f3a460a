import type { Change } from "./alert.ts";
import { clampTimestamps, mapValues } from "./clamp-timestamps.ts";
import { mayBeNotified, recordAfterConfirmed, recordAfterAttempt } from "./decide.ts";
import type { Finding } from "../audit/finding.ts";
import { type Report, UNKNOWN_ACCOUNT } from "../audit/report.ts";
import {
  type Entry,
  type ConditionRecord,
  NO_RECORD,
  observe,
  type ObservingRun,
  type State,
  type ReceiverRecord,
} from "./alert-state.ts";
import { keyOf } from "../audit/subject.ts";

/** When it is forgotten what nobody who is configured has to be told the end of. */
const FORGET_AFTER_MS = 30 * 86_400_000;

/**
 * The state with what a run has seen, and nothing of it told yet. A region that a run which began
 * later has seen meanwhile stays as that one left it.
 *
 * @param receivers - the names of those that are there to be told
 */
export function rememberObserved(
  state: State,
  report: Report,
  receivers: readonly string[],
  run: ObservingRun,
): State {
  const sane = clampTimestamps(state, run);
  const isUnscoped = unscopedBy(report, run);
  const all = sane.entries
    .map((entry) => forgetAbsent(entry, receivers, run))
    .map((entry) => (isUnscoped(entry) ? { ...entry, open: null, unreadable: null } : entry));
  const before = new Map(all.map((entry) => [keyOf(entry), entry]));
  const isOwed = (entry: Entry): boolean =>
    receivers.some((name) => isNotified(recordOf(name, entry)));
  const entries = new Map(
    [...before].filter(([, entry]) => isOwed(entry) || !isStale(entry.seenAtMs, run)),
  );
  for (const finding of report.findings) {
    const known = before.get(keyOf(finding));
    const accountSeenAtMs = ownValue(sane.accounts, finding.accountId)?.seenAtMs;
    const seenAtMs = known?.seenAtMs ?? accountSeenAtMs ?? run.startedAtMs;
    if (seenAtMs > run.startedAtMs) continue;
    entries.set(keyOf(finding), withExemption(observe(known, finding, run), finding));
  }
  // A receiver's first summary is due a whole interval after it was first seen.
  const firstSeen = receivers.map((name) => [name, { summaryAtMs: run.finishedAtMs }] as const);
  return {
    ...sane,
    entries: [...entries.values()].filter(isWorthKeeping),
    receivers: { ...Object.fromEntries(firstSeen), ...sane.receivers },
    accounts: accountsSeen(sane, report, run),
  };
}

/**
 * Tells which entries are of something that has left the scope of the audit. Only a run of the
 * whole scope can tell. An account that the run does not audit may be another deployment's to look
 * at; one that was unknown is nobody's.
 */
export function unscopedBy(
  { findings, scope }: Report,
  { wholeScope = false, startedAtMs }: ObservingRun,
): (entry: Entry) => boolean {
  if (!wholeScope) return () => false;
  const found = new Set(findings.map(keyOf));
  const accounts = new Set([...scope.accounts, UNKNOWN_ACCOUNT]);
  return (entry) =>
    accounts.has(entry.accountId) && !found.has(keyOf(entry)) && entry.seenAtMs <= startedAtMs;
}

function isStale(atMs: number, { finishedAtMs }: ObservingRun): boolean {
  return finishedAtMs - atMs >= FORGET_AFTER_MS;
}

/** Without what receivers knew that are not configured any more. */
function forgetAbsent(entry: Entry, receivers: readonly string[], run: ObservingRun): Entry {
  const notified = Object.entries(entry.notified).filter(([name, { open, unreadable }]) => {
    const times = [
      open.confirmed,
      open.unconfirmed,
      unreadable.confirmed,
      unreadable.unconfirmed,
    ].flatMap((change) => (change === null ? [] : [change.atMs]));
    return times.length > 0 && (receivers.includes(name) || !isStale(Math.max(...times), run));
  });
  return { ...entry, notified: Object.fromEntries(notified) };
}

/** Whether something is wrong, or somebody has yet to confirm that it is over. */
function isWorthKeeping({ open, unreadable, notified }: Entry): boolean {
  return open !== null || unreadable !== null || Object.values(notified).some(isNotified);
}

function isNotified({ open, unreadable }: ReceiverRecord): boolean {
  return mayBeNotified(open) || mayBeNotified(unreadable);
}

/** Takes an exemption that version 1 did not record for one that was told. */
function withExemption(entry: Entry, { exemption }: Finding): Entry {
  const notified = (knowledge: ConditionRecord): ConditionRecord => {
    const { confirmed } = knowledge;
    if (confirmed === null || confirmed.exemptUntil !== undefined) return knowledge;
    return { ...knowledge, confirmed: { ...confirmed, exemptUntil: exemption?.expires ?? null } };
  };
  return {
    ...entry,
    notified: mapValues(entry.notified, ({ open, unreadable }) => ({
      open: notified(open),
      unreadable: notified(unreadable),
    })),
  };
}

function accountsSeen(
  { accounts }: State,
  { scope }: Report,
  run: ObservingRun,
): Record<string, { readonly seenAtMs: number }> {
  const recent = Object.entries(accounts).filter(([, { seenAtMs }]) => !isStale(seenAtMs, run));
  const seen = run.wholeScope === true ? scope.accounts : [];
  return Object.fromEntries([
    ...recent,
    ...seen.map((id) => {
      const beforeMs = ownValue(accounts, id)?.seenAtMs ?? -Infinity;
      return [id, { seenAtMs: Math.max(beforeMs, run.startedAtMs) }] as const;
    }),
  ]);
}

/** The state once a receiver has confirmed changes. */
export function rememberNotified(
  state: State,
  receiver: string,
  changes: readonly Change[],
  atMs: number,
): State {
  return withRecord(state, receiver, changes, (notified, change, entry) =>
    recordAfterConfirmed(notified, change, entry, atMs),
  );
}

/** The state before changes are sent to a receiver, and while it is unknown whether they arrived. */
export function rememberIntent(
  state: State,
  receiver: string,
  changes: readonly Change[],
  atMs: number,
): State {
  return withRecord(state, receiver, changes, (notified, change) =>
    recordAfterAttempt(notified, change, atMs),
  );
}

/**
 * The state once it is certain that changes did not arrive: what is unconfirmed of an earlier run
 * stays so.
 *
 * @param before - the state before {@link rememberIntent}
 */
export function rememberFailed(
  state: State,
  before: State,
  receiver: string,
  changes: readonly Change[],
): State {
  const entries = new Map(before.entries.map((entry) => [keyOf(entry), entry]));
  return withRecord(state, receiver, changes, (notified, { condition }, entry) => {
    const known = entries.get(keyOf(entry));
    const earlier = known === undefined ? NO_RECORD : recordOf(receiver, known);
    return { ...notified, [condition]: earlier[condition] };
  });
}

function withRecord(
  state: State,
  receiver: string,
  changes: readonly Change[],
  toldOf: (notified: ReceiverRecord, change: Change, entry: Entry) => ReceiverRecord,
): State {
  const entries = new Map(state.entries.map((entry) => [keyOf(entry), entry]));
  for (const change of changes) {
    const entry = entries.get(keyOf(change.finding));
    if (entry === undefined) continue;
    const notified = toldOf(recordOf(receiver, entry), change, entry);
    entries.set(keyOf(entry), { ...entry, notified: withName(entry.notified, receiver, notified) });
  }
  return { ...state, entries: [...entries.values()] };
}

/** The record with a value under a name: also under `__proto__`. */
function withName(
  record: Entry["notified"],
  name: string,
  notified: ReceiverRecord,
): Entry["notified"] {
  const others = Object.entries(record).filter(([other]) => other !== name);
  return Object.fromEntries(isNotified(notified) ? [...others, [name, notified]] : others);
}

/** The state without entries of what is neither wrong nor yet to be confirmed as over. */
export function forgetEnded(state: State): State {
  return { ...state, entries: state.entries.filter(isWorthKeeping) };
}

/** The state once a receiver has accepted a summary. */
export function rememberSummary(state: State, receiver: string, atMs: number): State {
  return { ...state, receivers: { ...state.receivers, [receiver]: { summaryAtMs: atMs } } };
}

/** What a receiver knows, or may know, of an entry. */
export function recordOf(receiver: string, { notified }: Entry): ReceiverRecord {
  return ownValue(notified, receiver) ?? NO_RECORD;
}

/** What stands under a name; a receiver may be called `constructor`, which every object has. */
export function ownValue<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
