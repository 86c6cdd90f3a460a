import type { CronSchedule } from "./parse-schedule.ts";
import { DAY_MS, offsetAt, ZoneDay } from "./zone-clock.ts";

/** From one 29 February to the next it is eight years at most, as from 2096 to 2104. */
const HORIZON_DAYS = 9 * 366;

/**
 * When a schedule is due next. Where clocks are changed it does as Debian's cron: a run at fixed
 * hours takes place once, at the first of two such times, or in the first minute after one that is
 * skipped; a run in every hour, or every few, takes place whenever the clocks show its time.
 *
 * @param after - the run is due after this moment, never at it
 * @returns a whole second
 * @see https://manpages.debian.org/cron.8 (the paragraph on daylight saving time)
 */
export function nextRun(schedule: CronSchedule, after: Date): Date {
  const afterMs = after.getTime();
  const clockMs = afterMs + offsetAt(schedule.timeZone, afterMs);
  // Clocks that are set back over midnight show the end of the day before once more.
  const firstDayMs = Math.floor(clockMs / DAY_MS) * DAY_MS - DAY_MS;
  for (let day = 0; day < HORIZON_DAYS; day += 1) {
    const dayMs = firstDayMs + day * DAY_MS;
    const earliest = earliestRunOf(schedule, dayMs, afterMs);
    if (earliest !== Infinity) {
      // For the same reason the day after may begin before this one ends.
      return new Date(Math.min(earliest, earliestRunOf(schedule, dayMs + DAY_MS, afterMs)));
    }
  }
  throw new RangeError("a schedule has no run in nine years");
}

/** The first run of a day on the clocks that is due after a moment, or infinity. */
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

/** @param day - a midnight on the clocks, written as one in UTC */
function isDayOf({ daysOfMonth, months, daysOfWeek }: CronSchedule, day: Date): boolean {
  return (
    months.includes(day.getUTCMonth() + 1) &&
    daysOfMonth.includes(day.getUTCDate()) &&
    daysOfWeek.includes(day.getUTCDay() === 0 ? 7 : day.getUTCDay())
  );
}
