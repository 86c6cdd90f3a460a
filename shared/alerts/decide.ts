import { type Change, type ChangeEvent, type Condition, isExempted } from "./alert.ts";
import type { Finding } from "../audit/finding.ts";
import {
  type Entry,
  type ConditionRecord,
  NEVER_NOTIFIED,
  type ReceiverRecord,
} from "./alert-state.ts";

/** How often the same news is told, and how long a region may be unreadable before it is news. */
export interface AlertPolicy {
  /** Milliseconds after which a receiver is reminded; 0 in every run. */
  readonly repeatAfterMs: number;
  /** Runs in a row that must have failed to read a region, from 1. */
  readonly unreadableAfter: number;
}

/**
 * By how much a run may come early and still remind: runs that are due at the same time of the day
 * do not end at the same second. The smaller of the two.
 */
const REMINDER_TOLERANCE_MS = 5 * 60_000;
const REMINDER_TOLERANCE_SHARE = 0.1;

/** Whether an interval is over, or will be before another run comes. */
export function hasElapsed(sinceMs: number, nowMs: number, intervalMs: number): boolean {
  return (
    nowMs - sinceMs >=
    intervalMs - Math.min(REMINDER_TOLERANCE_MS, intervalMs * REMINDER_TOLERANCE_SHARE)
  );
}

/** Why nothing is said. */
export type NoChangeReason =
  /** All is well, and the receiver knows nothing else. */
  | "ALL_WELL"
  /** It was told, and not long ago. */
  | "ALREADY_NOTIFIED"
  /** Not readable, but not for long. */
  | "NOT_UNREADABLE_YET"
  /** An exemption holds, and the receiver knows of it or of nothing at all. */
  | "EXEMPT";

/** What is due to one receiver about one condition of one region. */
export type Decision = { readonly event: ChangeEvent } | { readonly noChange: NoChangeReason };

/** Whether a receiver knows of a condition, or may know. */
export function mayBeNotified({ confirmed, unconfirmed }: ConditionRecord): boolean {
  return confirmed !== null || unconfirmed !== null;
}

/**
 * Decides what a receiver is to be told about a region's being not compliant. That it is over is
 * said until the receiver confirms it, to whoever may have been told that it began, and only when
 * the region answered so: while it cannot be read, what was known stays.
 *
 * @param exemptUntil - the last day of the exemption that holds; null where none does
 */
export function decideOpen(
  { open }: Pick<Entry, "open">,
  known: ConditionRecord,
  exemptUntil: string | null,
  nowMs: number,
  policy: AlertPolicy,
): Decision {
  if (open === null) return mayBeNotified(known) ? { event: "resolved" } : { noChange: "ALL_WELL" };
  return decideExempt(known, exemptUntil) ?? decideLasting("opened", open, known, nowMs, policy);
}

/** Decides what a receiver is to be told about a region's being not readable. */
export function decideUnreadable(
  { unreadable }: Pick<Entry, "unreadable">,
  known: ConditionRecord,
  exemptUntil: string | null,
  nowMs: number,
  policy: AlertPolicy,
): Decision {
  if (unreadable === null)
    return mayBeNotified(known) ? { event: "readable" } : { noChange: "ALL_WELL" };
  const exempt = decideExempt(known, exemptUntil);
  if (exempt !== null) return exempt;
  if (unreadable.runs < policy.unreadableAfter) return { noChange: "NOT_UNREADABLE_YET" };
  const { sinceMs } = unreadable;
  return decideLasting("unreadable", { sinceMs, code: null }, known, nowMs, policy);
}

/** @returns null where no exemption holds */
function decideExempt(known: ConditionRecord, exemptUntil: string | null): Decision | null {
  if (exemptUntil === null) return null;
  const isNotifiedOf = known.confirmed?.exemptUntil === exemptUntil && known.unconfirmed === null;
  return !mayBeNotified(known) || isNotifiedOf ? { noChange: "EXEMPT" } : { event: "changed" };
}

/** What is due while a condition holds, and no exemption does. */
function decideLasting(
  beginning: "opened" | "unreadable",
  condition: { readonly sinceMs: number; readonly code: string | null },
  { confirmed, unconfirmed }: ConditionRecord,
  nowMs: number,
  { repeatAfterMs }: AlertPolicy,
): Decision {
  // Told of another time that it was so: its end was never told, and is no news any more.
  if (confirmed === null || confirmed.sinceMs !== condition.sinceMs) return { event: beginning };
  // It may have been told that it is over; and a beginning is told until it is confirmed.
  if (unconfirmed !== null && (unconfirmed.event === beginning || isEnd(unconfirmed.event))) {
    return { event: beginning };
  }
  const otherReason = unconfirmed?.event === "changed" && unconfirmed.exemptUntil === null;
  if (confirmed.code !== condition.code || otherReason) return { event: "changed" };
  // The exemption that it was told of, or may have been, is over.
  const notifiedExempt = confirmed.exemptUntil ?? unconfirmed?.exemptUntil ?? null;
  return notifiedExempt !== null || hasElapsed(confirmed.atMs, nowMs, repeatAfterMs)
    ? { event: "reminder" }
    : { noChange: "ALREADY_NOTIFIED" };
}

function isEnd(event: ChangeEvent): boolean {
  return event === "resolved" || event === "readable" || event === "unscoped";
}

/** What a receiver is to be told about a region now, if anything. */
export function changesFor(
  entry: Entry,
  notified: ReceiverRecord,
  finding: Finding,
  nowMs: number,
  policy: AlertPolicy,
): Change[] {
  const exemptUntil = finding.exemption?.expires ?? null;
  const open = decideOpen(entry, notified.open, exemptUntil, nowMs, policy);
  const unreadable = decideUnreadable(entry, notified.unreadable, exemptUntil, nowMs, policy);
  const change = (condition: Condition, decision: Decision): Change[] =>
    "event" in decision
      ? [
          {
            event: decision.event,
            condition,
            sinceMs: beganAtMs(condition, entry, notified),
            finding,
          },
        ]
      : [];
  return [...change("open", open), ...change("unreadable", unreadable)];
}

/**
 * What a receiver is to be told about a region that is no longer in the scope of the audit, until
 * it confirms that: nobody will learn any more how the region does.
 *
 * @param lastKnown - stands for what would have been found there
 */
export function unscopedChanges(
  entry: Entry,
  notified: ReceiverRecord,
  lastKnown: (condition: Condition) => Finding,
): Change[] {
  return (["open", "unreadable"] as const)
    .filter((condition) => mayBeNotified(notified[condition]))
    .map((condition) => ({
      event: "unscoped",
      condition,
      sinceMs: beganAtMs(condition, entry, notified),
      finding: lastKnown(condition),
    }));
}

/** When a condition began that holds, or that the receiver may have been told of last. */
function beganAtMs(
  condition: Condition,
  { open, unreadable }: Entry,
  notified: ReceiverRecord,
): number | null {
  const { confirmed, unconfirmed } = notified[condition];
  const holds = condition === "open" ? open : unreadable;
  return (holds ?? unconfirmed ?? confirmed)?.sinceMs ?? null;
}

/** What a receiver knows once it has confirmed a change. */
export function recordAfterConfirmed(
  notified: ReceiverRecord,
  change: Change,
  entry: Entry,
  atMs: number,
): ReceiverRecord {
  const { event, condition, finding } = change;
  if (isEnd(event)) return { ...notified, [condition]: NEVER_NOTIFIED };
  const { open, unreadable } = entry;
  const holds = condition === "open" ? open : unreadable && { ...unreadable, code: null };
  const confirmed = holds && {
    sinceMs: holds.sinceMs,
    code: holds.code,
    atMs,
    exemptUntil: finding.exemption?.expires ?? null,
  };
  return { ...notified, [condition]: { confirmed, unconfirmed: null } };
}

/** What a receiver may know once a change is on its way to it. */
export function recordAfterAttempt(
  notified: ReceiverRecord,
  change: Change,
  atMs: number,
): ReceiverRecord {
  const { event, condition, sinceMs, finding } = change;
  const exemptUntil = isExempted(change) ? (finding.exemption?.expires ?? null) : null;
  const unconfirmed = { event, sinceMs: sinceMs ?? atMs, atMs, exemptUntil };
  return { ...notified, [condition]: { ...notified[condition], unconfirmed } };
}
