import { ConfigError } from "../audit/run-error.ts";
import type { HistoryWindow } from "./history.ts";
import { dayOf, parseDay } from "./utc-day.ts";

/** The flags that say which days a history is about. */
export interface WindowFlags {
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

/** A number of days or hours, such as `90d`. */
const DURATION = /^(\d{1,5})([dh])$/;
const HOUR_MS = 3_600_000;

/**
 * Reads the days that a history is about: a day in UTC such as `2026-01-01`, or for `since` a duration
 * such as `90d`, which reaches back to the beginning of the day.
 *
 * @throws {@link ConfigError} naming every flag that is neither, or that leaves no day
 */
export function readWindow({ since, until }: WindowFlags, now: Date): HistoryWindow {
  const today = dayOf(now.getTime());
  const from = since === undefined ? null : (parseDay(since) ?? dayBefore(since, now));
  const last = until === undefined ? today : parseDay(until);
  const problems = [
    since !== undefined &&
      from === null &&
      "--since: is neither a day such as 2026-01-01 nor a duration such as 90d",
    last === null && "--until: is not a day such as 2026-03-31",
    from !== null && from > today && "--since: is in the future",
    from !== null && last !== null && from <= today && last < from && "--until: is before --since",
  ].filter((problem) => problem !== false);
  if (problems.length > 0 || last === null) throw new ConfigError(problems);
  const to = Math.min(last, today);
  return { from, to, isOpen: to === today };
}

function dayBefore(duration: string, now: Date): number | null {
  const [, count, unit] = DURATION.exec(duration) ?? [];
  if (count === undefined) return null;
  return dayOf(now.getTime() - Number(count) * (unit === "d" ? 24 : 1) * HOUR_MS);
}
