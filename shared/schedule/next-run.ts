import type { CronSchedule } from "./parse-schedule.ts";
import { DAY_MS, offsetAt, ZoneDay } from "./zone-clock.ts";

/** Two 29 February are at most eight years apart (2096 and 2104). */
const HORIZON_DAYS = 9 * 366;

/**
 * The next time at which a schedule is due. Clock changes are treated as in Debian's cron. A schedule
 * with fixed hours runs once: at the first occurrence of a repeated time, and in the first minute
 * after a skipped time. A schedule for every hour, or every few hours, runs whenever the clocks show
 * its time.
 *
 * @param after - the run is due later than this moment, not at it
 * @returns a whole second
 * @see https://manpages.debian.org/cron.8 (the paragraph on daylight saving time)
 */
export function nextRun(schedule: CronSchedule, after: Date): Date {
  const afterMs = after.getTime();
  const clockMs = afterMs + offsetAt(schedule.timeZone, afterMs);
  // When clocks are set back over midnight, the end of the previous day is repeated.
  const firstDayMs = Math.floor(clockMs / DAY_MS) * DAY_MS - DAY_MS;
  for (let day = 0; day < HORIZON_DAYS; day += 1) {
    const dayMs = firstDayMs + day * DAY_MS;
    const earliest = earliestRunOf(schedule, dayMs, afterMs);
    if (earliest !== Infinity) {
      // For the same reason the next day can begin before this one ends.
      return new Date(Math.min(earliest, earliestRunOf(schedule, dayMs + DAY_MS, afterMs)));
    }
  }
  throw new RangeError("a schedule has no run in nine years");
}

/** The first run of a local day that is due after a moment; `Infinity` if there is none. */
function earliestRunOf(schedule: CronSchedule, dayMs: number, afterMs: number): number {
  if (!isDayOf(schedule, new Date(dayMs))) return Infinity;
  const { hours, minutes, second, isHourly, timeZone } = schedule;
  const day = new ZoneDay(timeZone, dayMs);
  const runs = hours.flatMap((hour) =>
    minutes.flatMap((minute) => {
      const clockMs = dayMs + ((hour * 60 + minute) * 60 + second) * 1_000;
      const moments = day.momentsOf(clockMs);
      if (isHourly) return moments;
      const [first = day.skippedAt(clockMs) + second * 1_000] = moments;
      return [first];
    }),
  );
  return runs.reduce((least, run) => (run > afterMs && run < least ? run : least), Infinity);
}

/** @param day - the local midnight, represented as the same time in UTC */
function isDayOf({ daysOfMonth, months, daysOfWeek }: CronSchedule, day: Date): boolean {
  return (
    months.includes(day.getUTCMonth() + 1) &&
    daysOfMonth.includes(day.getUTCDate()) &&
    daysOfWeek.includes(day.getUTCDay() === 0 ? 7 : day.getUTCDay())
  );
}
