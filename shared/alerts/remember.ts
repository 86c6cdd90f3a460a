import { type Entry, NO_RECORD, type ReceiverRecord, type State } from "./alert-state.ts";
import type { Change } from "./alert.ts";
import { recordAfterAttempt, recordAfterConfirmed } from "./decide.ts";
import { entryOf, withChanged } from "./entry-index.ts";
import { isNotified, recordOf, recordReplacer } from "./receiver-records.ts";

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
  return withRecord(state, receiver, changes, (notified, { condition, finding }) => {
    const known = entryOf(before.entries, finding);
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
  if (changes.length === 0) return state;
  const replace = recordReplacer(receiver);
  const entries = withChanged(
    state.entries,
    changes,
    ({ finding }) => finding,
    (entry, change) => {
      const record = recordAfter(recordOf(receiver, entry), change, entry);
      return { ...entry, notified: replace(entry.notified, record) };
    },
  );
  return { ...state, entries };
}

/** The state without the entries that are over and confirmed as such. */
export function forgetEnded(state: State): State {
  return { ...state, entries: state.entries.filter(isWorthKeeping) };
}

/** The state once a receiver has accepted a summary. */
export function rememberSummary(state: State, receiver: string, atMs: number): State {
  return { ...state, receivers: { ...state.receivers, [receiver]: { summaryAtMs: atMs } } };
}

/** Whether a condition lasts, or a receiver has yet to confirm that it is over. */
export function isWorthKeeping({ open, unreadable, notified }: Entry): boolean {
  return open !== null || unreadable !== null || Object.values(notified).some(isNotified);
}
