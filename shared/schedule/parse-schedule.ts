import { ConfigError } from "../audit/run-error.ts";
import { CronFieldError, type CronFields, FIELD_COUNT, parseCronFields } from "./cron-fields.ts";
import { problemOfTimeZone } from "./time-zone.ts";

/** When a run is due. */
export type Schedule = CronSchedule | { readonly kind: "every"; readonly everyMs: number };

/** Moments of a calendar. */
export interface CronSchedule extends CronFields {
  readonly kind: "cron";
  /**
   * Whether it runs in every hour, or every few: "*", a step or all of them in the hours. It then
   * follows the hours that pass; otherwise those on the clock.
   */
  readonly isHourly: boolean;
  /** UTC, or a name of the tz database. */
  readonly timeZone: string;
}

const FORMS =
  'write six fields, seconds first, such as "0 17 * * * *", with CRON_TZ=Asia/Shanghai before them for a time zone, or "@every 5m"';

/** What stands behind the number of an interval, in milliseconds. */
const UNIT_MS = { s: 1_000, m: 60_000, h: 3_600_000 } as const;
/** A day, which is as long as an interval may be. */
const MAX_EVERY_MS = 24 * UNIT_MS.h;

/**
 * Reads a schedule as Function Compute documents its timers, so that the same text serves both: six
 * fields in UTC, or in the zone of a `CRON_TZ=` before them; or `@every` and an interval.
 *
 * @param name - what a person calls it, for messages
 * @param timezone - a zone given apart, instead of `CRON_TZ=`
 * @throws {@link ConfigError} when either is not as documented, or means different things to
 *   different engines
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
 * Function Compute documents one number and one unit, by the example of minutes. Hours are taken
 * too, and seconds, since its engine reads an interval as Go does.
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
