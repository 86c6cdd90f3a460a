import { createTask } from "node-cron";

import { ConfigError } from "../shared/audit/run-error.ts";
import { parseSchedule } from "../shared/schedule.ts";

/** What Function Compute takes after `@every`: one unit, and no fraction. */
const EVERY = /^@every [1-9]\d*[smh]$/;

/** Enough to see every minute of the hour at which a schedule runs. */
const TICKS_LOOKED_AT = 120;

/**
 * Says why Function Compute would not run a timer at the times that somebody meant; null if it
 * would. What passes here `flowlog-guard watch` takes too.
 */
export function problemOfSchedule(schedule: string): string | null {
  try {
    if (parseSchedule(schedule, "it").kind === "every") {
      return EVERY.test(schedule) ? null : "is not as Function Compute takes it: write @every 1h";
    }
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
  const { expression, timezone } = schedule;
  // Not every zone is whole hours ahead.
  const ticks = createTask(expression, () => {}, { timezone }).getNextRuns(TICKS_LOOKED_AT);
  return ticks.some((tick) => tick.getUTCMinutes() % 30 === 0)
    ? "runs at the full or half hour, as most timers do: move it a few minutes"
    : null;
}
