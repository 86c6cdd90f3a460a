import { type CronFields, parseCronFields } from "./cron-fields.ts";

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;
const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: MINUTE_MS, h: 60 * MINUTE_MS };

/** The days that are examined: enough for every combination of weekday, date and leap year. */
const FIRST_DAY_MS = Date.UTC(2000, 0, 1);
const DAYS = 40 * 366;

/**
 * The longest time between two runs of a schedule. Clock changes, which can add an hour, are ignored,
 * so the time zone does not matter.
 *
 * @param text - a schedule that `parseSchedule` accepts, with or without a time zone
 * @returns milliseconds
 * @throws `CronFieldError` when a field has an undocumented form
 */
export function longestGapMs(text: string): number {
  const [, count, unit = ""] = /^@every (\d+)([smh])$/.exec(text) ?? [];
  if (count !== undefined) return Number(count) * (UNIT_MS[unit] ?? 0);
  const fields = parseCronFields(text.replace(/^CRON_TZ=\S+ /, "").split(" "));
  const minutes = fields.hours.flatMap((hour) =>
    fields.minutes.map((minute) => hour * 60 + minute),
  );
  const [first = 0] = minutes;
  const last = minutes.at(-1) ?? first;
  const overnight = longestGapDays(fields) * DAY_MINUTES + first - last;
  return Math.max(overnight, ...differences(minutes)) * MINUTE_MS;
}

/** The largest number of days from a day with runs to the next such day. */
function longestGapDays({ daysOfMonth, months, daysOfWeek }: CronFields): number {
  const days = Array.from({ length: DAYS }, (_, day) => day).filter((day) => {
    const date = new Date(FIRST_DAY_MS + day * DAY_MINUTES * MINUTE_MS);
    return (
      daysOfMonth.includes(date.getUTCDate()) &&
      months.includes(date.getUTCMonth() + 1) &&
      daysOfWeek.includes(date.getUTCDay() || 7)
    );
  });
  return differences(days).reduce((longest, gap) => Math.max(longest, gap), 1);
}

function differences(ascending: readonly number[]): number[] {
  return ascending.slice(1).map((value, index) => value - (ascending[index] ?? value));
}
