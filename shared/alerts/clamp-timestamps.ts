import {
  type ConditionRecord,
  MAX_CLOCK_AHEAD_MS,
  type ObservingRun,
  type State,
} from "./alert-state.ts";
import { forShared } from "./receiver-records.ts";
import { mapValues } from "./record-values.ts";

/**
 * Clamps timestamps from the future, written by a host with a fast clock: they would suppress
 * alerts until then.
 */
export function clampTimestamps(state: State, { startedAtMs, finishedAtMs }: ObservingRun): State {
  const notAfter = (timeMs: number, limitMs: number): number =>
    timeMs > finishedAtMs + MAX_CLOCK_AHEAD_MS ? limitMs : timeMs;
  const sent = <T extends { readonly atMs: number }>(change: T | null): T | null =>
    change && { ...change, atMs: notAfter(change.atMs, finishedAtMs) };
  const known = ({ confirmed, unconfirmed }: ConditionRecord): ConditionRecord => ({
    confirmed: sent(confirmed),
    unconfirmed: sent(unconfirmed),
  });
  const clamped = forShared((notified) =>
    mapValues(notified, ({ open, unreadable }) => ({
      open: known(open),
      unreadable: known(unreadable),
    })),
  );
  return {
    ...state,
    entries: state.entries.map((entry) => ({
      ...entry,
      seenAtMs: notAfter(entry.seenAtMs, startedAtMs),
      notified: clamped(entry.notified),
    })),
    receivers: mapValues(state.receivers, ({ summaryAtMs }) => ({
      summaryAtMs: notAfter(summaryAtMs, finishedAtMs),
    })),
    accounts: mapValues(state.accounts, ({ seenAtMs, ...account }) => ({
      ...account,
      seenAtMs: notAfter(seenAtMs, startedAtMs),
    })),
  };
}
