import { Cron } from "croner";

const ZONED = /^CRON_TZ=(\S+) (.+)$/;
const EVERY = /^@every [1-9]\d*[smh]$/;
/** Enough to see every minute of the hour at which a schedule runs. */
const TICKS_LOOKED_AT = 120;

/** Says why Function Compute would not run a timer at the times that somebody meant; null if it would. */
export function problemOfSchedule(schedule: string): string | null {
  if (EVERY.test(schedule)) return null;
  const [, timezone, fields] = ZONED.exec(schedule) ?? [];
  if (timezone === undefined || fields === undefined) {
    return 'has no time zone, and would run in UTC: write "CRON_TZ=Asia/Shanghai 0 17 * * * *", or "@every 1h"';
  }
  const count = fields.trim().split(/\s+/).length;
  if (count !== 6) {
    return `has ${count} fields, and needs six: second, minute, hour, day, month, weekday`;
  }
  try {
    Intl.DateTimeFormat("en", { timeZone: timezone });
  } catch {
    return `${timezone} is not a time zone: write for example Asia/Shanghai`;
  }
  try {
    if (ticksOf(fields, timezone, 1).length === 0) return "never runs";
  } catch {
    return "is not a cron expression";
  }
  return null;
}

/**
 * Says that a timer runs when most others do, at the full or half hour; null if it does not.
 *
 * @param schedule - one without a {@link problemOfSchedule}
 */
export function warningOfSchedule(schedule: string): string | null {
  const [, timezone, fields] = ZONED.exec(schedule) ?? [];
  if (timezone === undefined || fields === undefined) return null;
  const crowded = ticksOf(fields, timezone, TICKS_LOOKED_AT).some(
    (tick) => tick.getUTCMinutes() % 30 === 0,
  );
  return crowded ? "runs at the full or half hour, as most timers do: move it a few minutes" : null;
}

function ticksOf(fields: string, timezone: string, count: number): Date[] {
  return new Cron(fields, { timezone, mode: "6-part", paused: true }).nextRuns(count);
}
