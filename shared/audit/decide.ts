import type { Change, ChangeEvent, Condition } from "./alert.ts";
import type { Finding } from "./finding.ts";
import type { Entry, Told } from "./state.ts";

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
  /** An exemption holds. */
  | "EXEMPT";

/** What is due to one receiver about one condition of one region. */
export type Verdict = { readonly event: ChangeEvent } | { readonly silent: Silence };

/**
 * Decides what a receiver is to be told about a region's being not compliant. That it is over is
 * said once, and only when the region answered so: while it cannot be read, what was known stays.
 */
export function decideOpen(
  { open }: Pick<Entry, "open">,
  told: Pick<Told, "open">,
  exempt: boolean,
  nowMs: number,
  { repeatAfterMs }: AlertPolicy,
): Verdict {
  if (exempt) return { silent: "EXEMPT" };
  if (open === null) {
    return told.open === null ? { silent: "ALL_WELL" } : { event: "resolved" };
  }
  // Told of another time that it was open: its end was never told, and is no news any more.
  if (told.open?.sinceMs !== open.sinceMs) return { event: "opened" };
  if (told.open.code !== open.code) return { event: "changed" };
  return hasElapsed(told.open.atMs, nowMs, repeatAfterMs)
    ? { event: "reminder" }
    : { silent: "ALREADY_TOLD" };
}

/** Decides what a receiver is to be told about a region's being not readable. */
export function decideBlind(
  { unreadable }: Pick<Entry, "unreadable">,
  told: Pick<Told, "blind">,
  exempt: boolean,
  nowMs: number,
  { repeatAfterMs, blindAfter }: AlertPolicy,
): Verdict {
  if (exempt) return { silent: "EXEMPT" };
  if (unreadable === null) {
    return told.blind === null ? { silent: "ALL_WELL" } : { event: "readable" };
  }
  if (unreadable.runs < blindAfter) return { silent: "NOT_BLIND_YET" };
  if (told.blind?.sinceMs !== unreadable.sinceMs) return { event: "blind" };
  return hasElapsed(told.blind.atMs, nowMs, repeatAfterMs)
    ? { event: "reminder" }
    : { silent: "ALREADY_TOLD" };
}

/** What a receiver is to be told about a region now, if anything. */
export function changesFor(
  entry: Entry,
  told: Told,
  finding: Finding,
  nowMs: number,
  policy: AlertPolicy,
): Change[] {
  const exempt = finding.exemption !== undefined;
  const open = decideOpen(entry, told, exempt, nowMs, policy);
  const blind = decideBlind(entry, told, exempt, nowMs, policy);
  const change = (condition: Condition, verdict: Verdict, sinceMs: number | undefined): Change[] =>
    "event" in verdict
      ? [{ event: verdict.event, condition, sinceMs: sinceMs ?? null, finding }]
      : [];
  return [
    ...change("open", open, (entry.open ?? told.open)?.sinceMs),
    ...change("blind", blind, (entry.unreadable ?? told.blind)?.sinceMs),
  ];
}

/** What a receiver has been told once it has accepted a change. */
export function toldAfter(
  told: Told,
  { event, condition }: Change,
  entry: Entry,
  atMs: number,
): Told {
  if (event === "resolved") return { ...told, open: null };
  if (event === "readable") return { ...told, blind: null };
  return condition === "open"
    ? { ...told, open: entry.open && { ...entry.open, atMs } }
    : { ...told, blind: entry.unreadable && { sinceMs: entry.unreadable.sinceMs, atMs } };
}
