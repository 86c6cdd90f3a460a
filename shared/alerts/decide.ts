import type { Finding } from "../audit/finding.ts";
import {
  type Entry,
  type ConditionRecord,
  NEVER_NOTIFIED,
  type ReceiverRecord,
} from "./alert-state.ts";
import { type Change, type ChangeEvent, type Condition, isExempted, isEnd } from "./alert.ts";

/** How often a receiver is reminded, and after how many unreadable runs it is notified. */
export interface AlertPolicy {
  /** Milliseconds after which a receiver is reminded; 0 in every run. */
  readonly repeatAfterMs: number;
  /** Runs in a row that must have failed to read a region, from 1. */
  readonly unreadableAfter: number;
}

/**
 * Scheduling tolerance: a reminder may fire up to min(5 min, 10 %) early, since runs that are due at
 * the same time of the day do not end at the same second.
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

/** Why a receiver is not notified. */
export type NoChangeReason =
  /** The condition is absent, and the receiver does not know of it. */
  | "ALL_WELL"
  /** It was notified, and a reminder is not due yet. */
  | "ALREADY_NOTIFIED"
  /** Not readable, but in fewer runs than `unreadableAfter`. */
  | "NOT_UNREADABLE_YET"
  /** An exemption covers it, and the receiver knows of that, or of nothing at all. */
  | "EXEMPT";

/** What one receiver is to be notified of about one condition of one subject. */
export type Decision = { readonly event: ChangeEvent } | { readonly noChange: NoChangeReason };

/** Whether a receiver knows of a condition, or may know of it. */
export function mayBeNotified({ confirmed, unconfirmed }: ConditionRecord): boolean {
  return confirmed !== null || unconfirmed !== null;
}

/**
 * Decides what a receiver is notified of about a subject that is not compliant, or was. The end is sent
 * until it is confirmed, to every receiver that may know of the beginning, and only when the subject
 * was read: while it cannot be read, the condition lasts.
 *
 * @param exemptUntil - the last day of the exemption that covers it; null for none
 * @param nowMs - milliseconds since the epoch
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

/** Decides what a receiver is notified of about a subject that cannot be read, or could not. */
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

/** @returns null where no exemption covers it */
function decideExempt(known: ConditionRecord, exemptUntil: string | null): Decision | null {
  if (exemptUntil === null) return null;
  const isNotifiedOf = known.confirmed?.exemptUntil === exemptUntil && known.unconfirmed === null;
  return !mayBeNotified(known) || isNotifiedOf ? { noChange: "EXEMPT" } : { event: "changed" };
}

/** The decision while a condition lasts, and no exemption covers it. */
function decideLasting(
  beginning: "opened" | "unreadable",
  condition: { readonly sinceMs: number; readonly code: string | null },
  { confirmed, unconfirmed }: ConditionRecord,
  nowMs: number,
  { repeatAfterMs }: AlertPolicy,
): Decision {
  // It was notified of an earlier occurrence, whose end was never sent.
  if (confirmed === null || confirmed.sinceMs !== condition.sinceMs) return { event: beginning };
  // It may have been notified of the end, and a beginning is sent until it is confirmed.
  if (unconfirmed !== null && (unconfirmed.event === beginning || isEnd(unconfirmed.event))) {
    return { event: beginning };
  }
  const otherReason = unconfirmed?.event === "changed" && unconfirmed.exemptUntil === null;
  if (confirmed.code !== condition.code || otherReason) return { event: "changed" };
  // The exemption that it was notified of, or may have been, has ended.
  const notifiedExempt = confirmed.exemptUntil ?? unconfirmed?.exemptUntil ?? null;
  return notifiedExempt !== null || hasElapsed(confirmed.atMs, nowMs, repeatAfterMs)
    ? { event: "reminder" }
    : { noChange: "ALREADY_NOTIFIED" };
}

/** The changes that a receiver is to be notified of about a finding. */
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

/** When the present condition began, or else the last one that the receiver may know of. */
export function beganAtMs(
  condition: Condition,
  { open, unreadable }: Entry,
  notified: ReceiverRecord,
): number | null {
  const { confirmed, unconfirmed } = notified[condition];
  const present = condition === "open" ? open : unreadable;
  return (present ?? unconfirmed ?? confirmed)?.sinceMs ?? null;
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
  const present = condition === "open" ? open : unreadable && { ...unreadable, code: null };
  const confirmed = present && {
    sinceMs: present.sinceMs,
    code: present.code,
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
