import { ConfigError } from "../audit/run-error.ts";
import { CronFieldError, type CronFields, FIELD_COUNT, parseCronFields } from "./cron-fields.ts";
import { problemOfTimeZone } from "./time-zone.ts";

/** When a run is due. */
export type Schedule = CronSchedule | { readonly kind: "every"; readonly everyMs: number };

/** A schedule of calendar times. */
export interface CronSchedule extends CronFields {
  readonly kind: "cron";
  /**
   * Whether the hours are "*", a step, or all 24. Such a schedule also runs in an hour that a clock
   * change repeats; see `nextRun`.
   */
  readonly isHourly: boolean;
  /** UTC, or a name in the tz database. */
  readonly timeZone: string;
}

const FORMS =
  'write six fields, seconds first, such as "0 17 * * * *", with CRON_TZ=Asia/Shanghai before them for a time zone, or "@every 5m"';

/** The units of an interval, in milliseconds. */
const UNIT_MS = { s: 1_000, m: 60_000, h: 3_600_000 } as const;
/** The longest interval: a day. */
const MAX_EVERY_MS = 24 * UNIT_MS.h;

/**
 * Reads a schedule in the syntax of Function Compute's timers: six cron fields in UTC, or in the time
 * zone of a preceding `CRON_TZ=`; or `@every` and an interval.
 *
 * @param name - the option's name, for messages
 * @param timezone - the time zone, if it is given separately instead of by `CRON_TZ=`
 * @throws {@link ConfigError} when either is not as documented, or is ambiguous between cron engines
 * @see https://www.alibabacloud.com/help/en/functioncompute/fc/time-triggers
 */
export function parseSchedule(text: string, name: string, timezone?: string): Schedule {
  if (text.startsWith("@every")) return everySchedule(text, name, timezone);

  if (text !== "" && text !== text.trim().replaceAll(/\s+/g, " ")) {
    throw new ConfigError([
      `${name}: has a space too many, or another than the common one: write one between two fields`,
    ]);
  }
  const words = text === "" ? [] : text.split(" ");
  const zone = words[0]?.startsWith("CRON_TZ=")
    ? words.shift()?.slice("CRON_TZ=".length)
    : undefined;
  if (zone !== undefined && timezone !== undefined && zone !== timezone) {
    throw new ConfigError(["--timezone: is not the zone of CRON_TZ= in the schedule: write one"]);
  }
  if (words.length !== FIELD_COUNT) {
    const count = `${words.length} ${words.length === 1 ? "field" : "fields"}`;
    throw new ConfigError([`${name}: has ${count}: ${FORMS}`]);
  }
  return {
    kind: "cron",
    ...fieldsOf(words, name),
    timeZone: checkedZone(zone ?? timezone ?? "UTC", zone === undefined ? "--timezone" : name),
  };
}

function fieldsOf(texts: readonly string[], name: string): CronFields & { isHourly: boolean } {
  try {
    const fields = parseCronFields(texts);
    const isHourly = /[*/]/.test(texts[2] ?? "") || fields.hours.length === 24;
    return { ...fields, isHourly };
  } catch (error) {
    if (!(error instanceof CronFieldError)) throw error;
    throw new ConfigError([`${name}: ${error.message}`], { cause: error });
  }
}

function checkedZone(timeZone: string, name: string): string {
  const problem = problemOfTimeZone(timeZone);
  if (problem !== null) throw new ConfigError([`${name}: ${problem}`]);
  return timeZone;
}

/**
 * Function Compute documents one number with one unit, in an example with minutes. Hours and seconds
 * are accepted as well, because its engine parses intervals like Go's `time.ParseDuration`.
 */
function everySchedule(text: string, name: string, timezone: string | undefined): Schedule {
  const [, count = "0", unit = "s"] = /^@every ([1-9]\d{0,4})([smh])$/.exec(text) ?? [];
  const everyMs = Number(count) * (Object.entries(UNIT_MS).find(([key]) => key === unit)?.[1] ?? 0);
  if (everyMs === 0 || everyMs > MAX_EVERY_MS) {
    throw new ConfigError([
      `${name}: @every takes one whole number and its unit, from 1s to 24h: write "@every 5m" or "@every 1h"`,
    ]);
  }
  if (timezone !== undefined) {
    throw new ConfigError(["--timezone: means nothing to @every: leave it out"]);
  }
  return { kind: "every", everyMs };
}
