import type { History } from "../history.ts";
import { startOfDay } from "../utc-day.ts";

const DAY_MS = 86_400_000;
/** How far back ActionTrail keeps events, less a little: the call takes time. */
const KEPT_MS = 90 * DAY_MS - 300_000;

/** The times that ActionTrail is asked about, in milliseconds since the epoch. */
export interface TrailTimes {
  readonly fromMs: number;
  readonly toMs: number;
  /** Whether ActionTrail has no events of the history's beginning any more. */
  readonly isCut: boolean;
}

/**
 * The part of a history of which ActionTrail still has events: those of 90 days.
 *
 * @returns null where it has none of it
 */
export function trailTimes({ window, runs }: History, now: Date): TrailTimes | null {
  const nowMs = now.getTime();
  const beginsMs =
    window.from === null ? Date.parse(runs.first ?? now.toISOString()) : startOfDay(window.from);
  const fromMs = Math.max(beginsMs, nowMs - KEPT_MS);
  const toMs = Math.min(startOfDay(window.to + 1), nowMs);
  return toMs - fromMs < 1_000 ? null : { fromMs, toMs, isCut: fromMs > beginsMs };
}
