import type { Finding } from "../audit/finding.ts";
import type { Report } from "../audit/report.ts";
import { keyOf } from "../audit/subject.ts";
import { type Absence, absenceIn } from "./absence.ts";
import {
  type AccountState,
  type ConditionRecord,
  type Entry,
  observe,
  type ObservingRun,
  sourceOf,
  type State,
} from "./alert-state.ts";
import { clampTimestamps } from "./clamp-timestamps.ts";
import { forShared, isNotified, recordOf } from "./receiver-records.ts";
import { mapValues, ownValue } from "./record-values.ts";
import { isWorthKeeping } from "./remember.ts";

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
  const ofReceivers = forShared((notified) => forgetAbsent(notified, receivers, run));
  const before = new Map(
    sane.entries.map((entry) => {
      const known = { ...entry, notified: ofReceivers(entry.notified) };
      return [keyOf(entry), withoutEnded(known, absenceOf(entry), run)];
    }),
  );
  const isOwed = (entry: Entry): boolean =>
    receivers.some((name) => isNotified(recordOf(name, entry)));
  const entries = new Map(
    [...before].filter(([, entry]) => isOwed(entry) || !isStale(entry.seenAtMs, run)),
  );
  const recordExemption = exemptionRecorder();
  for (const finding of report.findings) {
    const known = before.get(keyOf(finding));
    const accountSeenAtMs = ownValue(sane.accounts, finding.accountId)?.seenAtMs;
    const seenAtMs = known?.seenAtMs ?? accountSeenAtMs ?? run.startedAtMs;
    if (seenAtMs > run.startedAtMs) continue;
    entries.set(keyOf(finding), recordExemption(observe(known, finding, run), finding));
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
function forgetAbsent(
  notified: Entry["notified"],
  receivers: readonly string[],
  run: ObservingRun,
): Entry["notified"] {
  const kept = Object.entries(notified).filter(([name, { open, unreadable }]) => {
    const times = [
      open.confirmed,
      open.unconfirmed,
      unreadable.confirmed,
      unreadable.unconfirmed,
    ].flatMap((change) => (change === null ? [] : [change.atMs]));
    return times.length > 0 && (receivers.includes(name) || !isStale(Math.max(...times), run));
  });
  return Object.fromEntries(kept);
}

/** Version 1 did not record exemptions: the present one counts as one that the receiver knows of. */
function exemptionRecorder(): (entry: Entry, finding: Finding) => Entry {
  const recorders = new Map<string | null, (notified: Entry["notified"]) => Entry["notified"]>();
  return (entry, { exemption }) => {
    const exemptUntil = exemption?.expires ?? null;
    const recorder =
      recorders.get(exemptUntil) ??
      forShared((notified) =>
        mapValues(notified, ({ open, unreadable }) => ({
          open: withExemption(open, exemptUntil),
          unreadable: withExemption(unreadable, exemptUntil),
        })),
      );
    recorders.set(exemptUntil, recorder);
    return { ...entry, notified: recorder(entry.notified) };
  };
}

function withExemption(record: ConditionRecord, exemptUntil: string | null): ConditionRecord {
  const { confirmed } = record;
  if (confirmed === null || confirmed.exemptUntil !== undefined) return record;
  return { ...record, confirmed: { ...confirmed, exemptUntil } };
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
