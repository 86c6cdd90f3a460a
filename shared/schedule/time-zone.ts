import { TIME_ZONE_NAMES } from "./time-zone-names.ts";

const FORMS = "write UTC, or a name of the tz database with a /, such as Asia/Shanghai";

/**
 * Says why a schedule cannot have a time zone; null if it can. Valid are UTC and the names in the tz
 * database that contain a "/", including links. Names are case-sensitive.
 *
 * `Intl` is not sufficient: it accepts names in any case and abbreviations that Function Compute
 * refuses, such as CST (Chicago), and its list of names contains no links.
 *
 * @see https://www.alibabacloud.com/help/en/functioncompute/fc/time-triggers
 */
export function problemOfTimeZone(name: string): string | null {
  if (name === "UTC") return null;
  const listed = TIME_ZONE_NAMES.has(name) || isListedByIntl(name);
  if (listed) {
    return isKnownToIntl(name)
      ? null
      : `has the time zone ${name}, which this version of Node.js does not know: write another, or update Node.js`;
  }
  const meant = [...TIME_ZONE_NAMES, "UTC"].find(
    (known) => known.toLowerCase() === name.toLowerCase(),
  );
  return `has "${name}" for the time zone: ${meant === undefined ? FORMS : `write ${meant}`}`;
}

/** Whether Node.js knows a zone that was added to the tz database after the list in this program. */
function isListedByIntl(name: string): boolean {
  return name.includes("/") && Intl.supportedValuesOf("timeZone").includes(name);
}

function isKnownToIntl(timeZone: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat("en", { timeZone }));
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
