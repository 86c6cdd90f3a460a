import { ConfigError } from "../shared/audit/run-error.ts";
import { parseSchedule } from "../shared/schedule/parse-schedule.ts";
import { offsetAt } from "../shared/schedule/zone-clock.ts";

const HALF_HOUR_MS = 1_800_000;

/**
 * Says why Function Compute would not run a timer at the times that somebody meant; null if it
 * would. It is what `flowlog-guard watch` takes, but for the zone: the deployment wants it written.
 */
export function problemOfSchedule(schedule: string): string | null {
  try {
    if (parseSchedule(schedule, "it").kind === "every") return null;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message.replace(/^it: /, "");
  }
  return schedule.startsWith("CRON_TZ=")
    ? null
    : 'has no time zone, and would run in UTC: write "CRON_TZ=Asia/Shanghai 0 17 * * * *", or "@every 1h"';
}

/**
 * Says that a timer runs when most others do, at the full or half hour; null if it does not.
 *
 * @param text - one without a {@link problemOfSchedule}
 */
export function warningOfSchedule(text: string): string | null {
  const schedule = parseSchedule(text, "it");
  if (schedule.kind === "every") return null;
  // Not every zone is whole hours ahead; none changes its minutes by other than a half of one.
  const offsetMs = offsetAt(schedule.timeZone, Date.now());
  return schedule.minutes.some((minute) => (minute * 60_000 - offsetMs) % HALF_HOUR_MS === 0)
    ? "runs at the full or half hour, as most timers do: move it a few minutes"
    : null;
}
