import type { Finding } from "../audit/finding.ts";
import type { Report } from "../audit/report.ts";
import { keyOf } from "../audit/subject.ts";
import { type Absence, absenceIn } from "./absence.ts";
import {
  type AccountState,
  type Entry,
  type ConditionRecord,
  NO_RECORD,
  observe,
  type ObservingRun,
  sourceOf,
  type State,
  type ReceiverRecord,
} from "./alert-state.ts";
import type { Change } from "./alert.ts";
import { clampTimestamps } from "./clamp-timestamps.ts";
import { mayBeNotified, recordAfterConfirmed, recordAfterAttempt } from "./decide.ts";
import { mapValues, ownValue } from "./record-values.ts";

/** After this time an entry is dropped, unless a configured receiver has yet to confirm its end. */
const FORGET_AFTER_MS = 30 * 86_400_000;

/**
 * The state with what a run observed, before any receiver is notified. A subject that was
 * meanwhile observed by a run that began later is not changed.
 *
 * @param receivers - the names of the configured receivers
 */
export function rememberObserved(
  state: State,
  report: Report,
  receivers: readonly string[],
  run: ObservingRun,
): State {
  const sane = clampTimestamps(state, run);
  const absenceOf = absenceIn(report, run, sane.accounts);
  const all = sane.entries
    .map((entry) => forgetAbsent(entry, receivers, run))
    .map((entry) => withoutEnded(entry, absenceOf(entry), run));
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
  // A receiver's first summary is due one interval after the first run with it.
  const firstSeen = receivers.map((name) => [name, { summaryAtMs: run.finishedAtMs }] as const);
  return {
    ...sane,
    entries: [...entries.values()].filter(isWorthKeeping),
    receivers: { ...Object.fromEntries(firstSeen), ...sane.receivers },
    accounts: accountsSeen(sane, report, run),
  };
}

/** An absent entry without the conditions that are over, or that no later run observes. */
function withoutEnded(entry: Entry, absence: Absence | null, { startedAtMs }: ObservingRun): Entry {
  if (absence === null || absence.kind === "unread") return entry;
  const ended = { ...entry, open: null, unreadable: null };
  // A run that began earlier, and still found the resource, does not bring it back.
  return absence.kind === "gone" ? { ...ended, seenAtMs: startedAtMs } : ended;
}

function isStale(atMs: number, { finishedAtMs }: ObservingRun): boolean {
  return finishedAtMs - atMs >= FORGET_AFTER_MS;
}

/** Without the records of receivers that are no longer configured. */
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

/** Whether a condition lasts, or a receiver has yet to confirm that it is over. */
function isWorthKeeping({ open, unreadable, notified }: Entry): boolean {
  return open !== null || unreadable !== null || Object.values(notified).some(isNotified);
}

function isNotified({ open, unreadable }: ReceiverRecord): boolean {
  return mayBeNotified(open) || mayBeNotified(unreadable);
}

/** Version 1 did not record exemptions: the present one counts as one that the receiver knows of. */
function withExemption(entry: Entry, { exemption }: Finding): Entry {
  const completed = (record: ConditionRecord): ConditionRecord => {
    const { confirmed } = record;
    if (confirmed === null || confirmed.exemptUntil !== undefined) return record;
    return { ...record, confirmed: { ...confirmed, exemptUntil: exemption?.expires ?? null } };
  };
  return {
    ...entry,
    notified: mapValues(entry.notified, ({ open, unreadable }) => ({
      open: completed(open),
      unreadable: completed(unreadable),
    })),
  };
}

/** An account is kept for as long as anything is remembered of it. */
function accountsSeen(
  { accounts, entries }: Pick<State, "accounts" | "entries">,
  report: Report,
  run: ObservingRun,
): Record<string, AccountState> {
  const remembered = new Set(entries.map(({ accountId }) => accountId));
  const kept = Object.entries(accounts).filter(
    ([id, { seenAtMs }]) => !isStale(seenAtMs, run) || remembered.has(id),
  );
  const observed = run.wholeScope === true ? report.scope.accounts : [];
  const source = sourceOf(report);
  return Object.fromEntries([
    ...kept,
    ...observed.map((id): [string, AccountState] => {
      const before = ownValue(accounts, id);
      const seenAtMs = Math.max(before?.seenAtMs ?? -Infinity, run.startedAtMs);
      return [id, { ...before, seenAtMs, ...(source !== null && { source }) }];
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

/** The state before changes are sent to a receiver, and while the outcome of that is unknown. */
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
 * The state once it is certain that changes did not arrive: what an earlier run left unconfirmed stays
 * unconfirmed.
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
  recordAfter: (notified: ReceiverRecord, change: Change, entry: Entry) => ReceiverRecord,
): State {
  const entries = new Map(state.entries.map((entry) => [keyOf(entry), entry]));
  for (const change of changes) {
    const entry = entries.get(keyOf(change.finding));
    if (entry === undefined) continue;
    const notified = recordAfter(recordOf(receiver, entry), change, entry);
    entries.set(keyOf(entry), { ...entry, notified: withName(entry.notified, receiver, notified) });
  }
  return { ...state, entries: [...entries.values()] };
}

/** The record with a value under a name, which may be `__proto__`. */
function withName(
  record: Entry["notified"],
  name: string,
  notified: ReceiverRecord,
): Entry["notified"] {
  const others = Object.entries(record).filter(([other]) => other !== name);
  return Object.fromEntries(isNotified(notified) ? [...others, [name, notified]] : others);
}

/** The state without the entries that are over and confirmed as such. */
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
