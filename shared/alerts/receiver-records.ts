import {
  type ConditionRecord,
  type ConfirmedChange,
  type Entry,
  NO_RECORD,
  type ReceiverRecord,
} from "./alert-state.ts";
import { mayBeNotified } from "./decide.ts";
import { ownValue } from "./record-values.ts";

/**
 * What receivers know of an entry. Entries of which they know the same share it: tens of thousands of
 * entries are then changed, and written, at the cost of a few.
 */
type Notified = Entry["notified"];

/** What a receiver knows, or may know, of an entry. */
export function recordOf(receiver: string, { notified }: Entry): ReceiverRecord {
  return ownValue(notified, receiver) ?? NO_RECORD;
}

/** Whether a receiver knows of a condition, or may know of one. */
export function isNotified({ open, unreadable }: ReceiverRecord): boolean {
  return mayBeNotified(open) || mayBeNotified(unreadable);
}

/** The same function, called once for what entries share, so that they share its result too. */
export function forShared(
  change: (notified: Notified) => Notified,
): (notified: Notified) => Notified {
  const results = new Map<Notified, Notified>();
  return (notified) => {
    const result = results.get(notified) ?? change(notified);
    results.set(notified, result);
    return result;
  };
}

/**
 * Returns a function that puts the record of a receiver in place of its former one. Entries that share
 * what receivers know share the result too, as long as their new records are equal.
 */
export function recordReplacer(
  receiver: string,
): (notified: Notified, record: ReceiverRecord) => Notified {
  const lastResults = new Map<Notified, { record: ReceiverRecord; result: Notified }>();
  return (notified, record) => {
    const last = lastResults.get(notified);
    if (last !== undefined && isSameRecord(last.record, record)) return last.result;
    const result = withName(notified, receiver, record);
    lastResults.set(notified, { record, result });
    return result;
  };
}

function isSameRecord(a: ReceiverRecord, b: ReceiverRecord): boolean {
  return isSameCondition(a.open, b.open) && isSameCondition(a.unreadable, b.unreadable);
}

function isSameCondition(a: ConditionRecord, b: ConditionRecord): boolean {
  return (
    isSameChange(a.confirmed, b.confirmed) &&
    a.confirmed?.code === b.confirmed?.code &&
    isSameChange(a.unconfirmed, b.unconfirmed) &&
    a.unconfirmed?.event === b.unconfirmed?.event
  );
}

type Sent = Pick<ConfirmedChange, "sinceMs" | "atMs" | "exemptUntil">;

function isSameChange(a: Sent | null, b: Sent | null): boolean {
  if (a === null || b === null) return a === b;
  return a.sinceMs === b.sinceMs && a.atMs === b.atMs && a.exemptUntil === b.exemptUntil;
}

/** The records with one under a name, which may be `__proto__`. */
function withName(records: Notified, name: string, record: ReceiverRecord): Notified {
  const others = Object.entries(records).filter(([other]) => other !== name);
  return Object.fromEntries(isNotified(record) ? [...others, [name, record]] : others);
}
