import { validateDetailed } from "node-cron";

import { ConfigError } from "./audit/run-error.ts";
import { parseDuration } from "./config/duration.ts";

/** When a run is due. */
export type Schedule =
  | { readonly kind: "cron"; readonly expression: string; readonly timezone: string }
  | { readonly kind: "every"; readonly everyMs: number };

/** The last value of each field, from seconds to the day of the week. */
const LAST_VALUES = [59, 59, 23, 31, 12, 6];
const FORMS =
  'write six fields, seconds first, such as "0 17 * * * *", with CRON_TZ=Asia/Shanghai before them for a time zone, or "@every 5m"';

/**
 * Reads a schedule as Function Compute's timers take it, so that the same text serves both: six
 * fields in UTC, or in the zone of a `CRON_TZ=` before them; or `@every` and a duration.
 *
 * @param name - what a person calls it, for messages
 * @param timezone - an IANA name, instead of `CRON_TZ=`
 * @throws {@link ConfigError} when either is none
 */
export function parseSchedule(text: string, name: string, timezone?: string): Schedule {
  const [, every] = /^@every\s+(\S+)$/.exec(text.trim()) ?? [];
  if (every !== undefined) return everySchedule(every, name, timezone);

  const [, zone, expression = text] = /^CRON_TZ=(\S+)\s+(.*)$/.exec(text.trim()) ?? [];
  if (zone !== undefined && timezone !== undefined && zone !== timezone) {
    throw new ConfigError(["--timezone: is not the zone of CRON_TZ= in the schedule: write one"]);
  }
  const fields = expression.trim().split(/\s+/);
  if (fields.length !== LAST_VALUES.length) {
    throw new ConfigError([`${name}: has ${fields.length} fields: ${FORMS}`]);
  }
  // Function Compute also writes "from 0 in steps of 5" without an end.
  const pattern = fields
    .map((field, index) => field.replaceAll(/(?<=^|,)(\d+)\//g, `$1-${LAST_VALUES[index]}/`))
    .join(" ");
  const { valid, errors } = validateDetailed(pattern);
  if (!valid) {
    const wrong = errors.map(({ field }) => field).join(", ");
    throw new ConfigError([`${name}: is wrong in ${wrong}: ${FORMS}`]);
  }
  return {
    kind: "cron",
    expression: pattern,
    timezone: knownZone(zone ?? timezone ?? "UTC", name),
  };
}

function everySchedule(every: string, name: string, timezone: string | undefined): Schedule {
  const everyMs = parseDuration(every);
  if (everyMs === null || everyMs < 1_000 || everyMs > 24 * 3_600_000) {
    throw new ConfigError([`${name}: @every takes a duration from 1s to 24h, such as @every 5m`]);
  }
  if (timezone !== undefined) {
    throw new ConfigError(["--timezone: means nothing to @every: leave it out"]);
  }
  return { kind: "every", everyMs };
}

function knownZone(timezone: string, name: string): string {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: timezone }).resolvedOptions().timeZone;
  } catch (error) {
    throw new ConfigError(
      [`${name}: names no time zone that is known: write one such as Asia/Shanghai`],
      {
        cause: error,
      },
    );
  }
}
