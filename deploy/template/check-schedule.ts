import { ConfigError } from "../../shared/audit/run-error.ts";
import { parseSchedule } from "../../shared/schedule/parse-schedule.ts";
import { offsetAt } from "../../shared/schedule/zone-clock.ts";

const HALF_HOUR_MS = 1_800_000;

/**
 * Says why Function Compute would not run a timer at the intended times; null if it would. Accepts
 * what `flowlog-guard watch` accepts, except a cron expression without a time zone.
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
 * Warns of a timer at the full or half hour, when most other timers run; null for other times.
 *
 * @param text - a schedule for which {@link problemOfSchedule} returns null
 */
export function warningOfSchedule(text: string): string | null {
  const schedule = parseSchedule(text, "it");
  if (schedule.kind === "every") return null;
  // Some zones are not whole hours ahead of UTC. Clock changes are of whole or half hours.
  const offsetMs = offsetAt(schedule.timeZone, Date.now());
  return schedule.minutes.some((minute) => (minute * 60_000 - offsetMs) % HALF_HOUR_MS === 0)
    ? "runs at the full or half hour, as most timers do: move it a few minutes"
    : null;
}
