import { type Change, type ChangeEvent, type Condition, isExempted } from "./alert.ts";
import type { Finding } from "../audit/finding.ts";
import { type Entry, type Knowledge, NOTHING_KNOWN, type Told } from "./alert-state.ts";

/** How often the same news is told, and how long a region may be unreadable before it is news. */
export interface AlertPolicy {
  /** Milliseconds after which a receiver is reminded; 0 in every run. */
  readonly repeatAfterMs: number;
  /** Runs in a row that must have failed to read a region, from 1. */
  readonly blindAfter: number;
}

/**
 * By how much a run may come early and still remind: runs that are due at the same time of the day
 * do not end at the same second. The smaller of the two.
 */
const EARLY_MS = 5 * 60_000;
const EARLY_SHARE = 0.1;

/** Whether an interval is over, or will be before another run comes. */
export function hasElapsed(sinceMs: number, nowMs: number, intervalMs: number): boolean {
  return nowMs - sinceMs >= intervalMs - Math.min(EARLY_MS, intervalMs * EARLY_SHARE);
}

/** Why nothing is said. */
export type Silence =
  /** All is well, and the receiver knows nothing else. */
  | "ALL_WELL"
  /** It was told, and not long ago. */
  | "ALREADY_TOLD"
  /** Not readable, but not for long. */
  | "NOT_BLIND_YET"
  /** An exemption holds, and the receiver knows of it or of nothing at all. */
  | "EXEMPT";

/** What is due to one receiver about one condition of one region. */
export type Verdict = { readonly event: ChangeEvent } | { readonly silent: Silence };

/** Whether a receiver knows of a condition, or may know. */
export function mayKnow({ confirmed, unconfirmed }: Knowledge): boolean {
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
  known: Knowledge,
  exemptUntil: string | null,
  nowMs: number,
  policy: AlertPolicy,
): Verdict {
  if (open === null) return mayKnow(known) ? { event: "resolved" } : { silent: "ALL_WELL" };
  return decideExempt(known, exemptUntil) ?? decideLasting("opened", open, known, nowMs, policy);
}

/** Decides what a receiver is to be told about a region's being not readable. */
export function decideBlind(
  { unreadable }: Pick<Entry, "unreadable">,
  known: Knowledge,
  exemptUntil: string | null,
  nowMs: number,
  policy: AlertPolicy,
): Verdict {
  if (unreadable === null) return mayKnow(known) ? { event: "readable" } : { silent: "ALL_WELL" };
  const exempt = decideExempt(known, exemptUntil);
  if (exempt !== null) return exempt;
  if (unreadable.runs < policy.blindAfter) return { silent: "NOT_BLIND_YET" };
  const { sinceMs } = unreadable;
  return decideLasting("blind", { sinceMs, code: null }, known, nowMs, policy);
}

/** @returns null where no exemption holds */
function decideExempt(known: Knowledge, exemptUntil: string | null): Verdict | null {
  if (exemptUntil === null) return null;
  const isToldOf = known.confirmed?.exemptUntil === exemptUntil && known.unconfirmed === null;
  return !mayKnow(known) || isToldOf ? { silent: "EXEMPT" } : { event: "changed" };
}

/** What is due while a condition holds, and no exemption does. */
function decideLasting(
  beginning: "opened" | "blind",
  condition: { readonly sinceMs: number; readonly code: string | null },
  { confirmed, unconfirmed }: Knowledge,
  nowMs: number,
  { repeatAfterMs }: AlertPolicy,
): Verdict {
  // Told of another time that it was so: its end was never told, and is no news any more.
  if (confirmed === null || confirmed.sinceMs !== condition.sinceMs) return { event: beginning };
  // It may have been told that it is over; and a beginning is told until it is confirmed.
  if (unconfirmed !== null && (unconfirmed.event === beginning || isEnd(unconfirmed.event))) {
    return { event: beginning };
  }
  const otherReason = unconfirmed?.event === "changed" && unconfirmed.exemptUntil === null;
  if (confirmed.code !== condition.code || otherReason) return { event: "changed" };
  // The exemption that it was told of, or may have been, is over.
  const toldExempt = confirmed.exemptUntil ?? unconfirmed?.exemptUntil ?? null;
  return toldExempt !== null || hasElapsed(confirmed.atMs, nowMs, repeatAfterMs)
    ? { event: "reminder" }
    : { silent: "ALREADY_TOLD" };
}

function isEnd(event: ChangeEvent): boolean {
  return event === "resolved" || event === "readable" || event === "unscoped";
}

/** What a receiver is to be told about a region now, if anything. */
export function changesFor(
  entry: Entry,
  told: Told,
  finding: Finding,
  nowMs: number,
  policy: AlertPolicy,
): Change[] {
  const exemptUntil = finding.exemption?.expires ?? null;
  const open = decideOpen(entry, told.open, exemptUntil, nowMs, policy);
  const blind = decideBlind(entry, told.blind, exemptUntil, nowMs, policy);
  const change = (condition: Condition, verdict: Verdict): Change[] =>
    "event" in verdict
      ? [{ event: verdict.event, condition, sinceMs: beganAtMs(condition, entry, told), finding }]
      : [];
  return [...change("open", open), ...change("blind", blind)];
}

/**
 * What a receiver is to be told about a region that is no longer in the scope of the audit, until
 * it confirms that: nobody will learn any more how the region does.
 *
 * @param lastKnown - stands for what would have been found there
 */
export function unscopedChanges(
  entry: Entry,
  told: Told,
  lastKnown: (condition: Condition) => Finding,
): Change[] {
  return (["open", "blind"] as const)
    .filter((condition) => mayKnow(told[condition]))
    .map((condition) => ({
      event: "unscoped",
      condition,
      sinceMs: beganAtMs(condition, entry, told),
      finding: lastKnown(condition),
    }));
}

/** When a condition began that holds, or that the receiver may have been told of last. */
function beganAtMs(condition: Condition, { open, unreadable }: Entry, told: Told): number | null {
  const { confirmed, unconfirmed } = told[condition];
  const holds = condition === "open" ? open : unreadable;
  return (holds ?? unconfirmed ?? confirmed)?.sinceMs ?? null;
}

/** What a receiver knows once it has confirmed a change. */
export function toldAfter(told: Told, change: Change, entry: Entry, atMs: number): Told {
  const { event, condition, finding } = change;
  if (isEnd(event)) return { ...told, [condition]: NOTHING_KNOWN };
  const { open, unreadable } = entry;
  const holds = condition === "open" ? open : unreadable && { ...unreadable, code: null };
  const confirmed = holds && {
    sinceMs: holds.sinceMs,
    code: holds.code,
    atMs,
    exemptUntil: finding.exemption?.expires ?? null,
  };
  return { ...told, [condition]: { confirmed, unconfirmed: null } };
}

/** What a receiver may know once a change is on its way to it. */
export function attemptedAfter(told: Told, change: Change, atMs: number): Told {
  const { event, condition, sinceMs, finding } = change;
  const exemptUntil = isExempted(change) ? (finding.exemption?.expires ?? null) : null;
  const unconfirmed = { event, sinceMs: sinceMs ?? atMs, atMs, exemptUntil };
  return { ...told, [condition]: { ...told[condition], unconfirmed } };
}
