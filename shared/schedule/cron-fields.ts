/** The values of each field of a cron expression, in ascending order. */
export interface CronFields {
  /** 0 to 59. */
  readonly second: number;
  /** 0 to 59. */
  readonly minutes: readonly number[];
  /** 0 to 23. */
  readonly hours: readonly number[];
  /** 1 to 31. */
  readonly daysOfMonth: readonly number[];
  /** 1 to 12. */
  readonly months: readonly number[];
  /** 1 (Monday) to 7 (Sunday). */
  readonly daysOfWeek: readonly number[];
}

/** A cron expression contains something that Function Compute does not document. */
export class CronFieldError extends Error {}

/** The syntax of one field. */
interface Field {
  readonly name: string;
  readonly first: number;
  readonly last: number;
  /** Names of the values, starting with the first. */
  readonly names?: readonly string[];
  /** The special characters that are allowed in it. */
  readonly allows: string;
  /** The valid forms, for messages. */
  readonly forms: string;
}

const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const DAYS = ["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"];

/** The maximum number of days of each month. */
const DAYS_IN_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * The fields as Function Compute documents them. Its engine may accept more, with undocumented
 * meaning.
 *
 * @see https://help.aliyun.com/document_detail/171746.html (字段说明) and, with the same table for
 *   schedules of a related service, https://help.aliyun.com/document_detail/168926.html
 */
const SECONDS: Field = {
  name: "seconds",
  first: 0,
  last: 59,
  allows: "",
  forms: "one number from 0 to 59, so that it runs once a minute at most",
};
const MINUTES: Field = {
  name: "minutes",
  first: 0,
  last: 59,
  allows: ",-*/",
  forms: 'numbers from 0 to 59, as in "17", "7,37", "10-20", "0/5" or "*"',
};
const HOURS: Field = {
  name: "hours",
  first: 0,
  last: 23,
  allows: ",-*/",
  forms: 'numbers from 0 to 23, as in "9", "9,17", "9-17", "0/6" or "*"',
};
const DAYS_OF_MONTH: Field = {
  name: "day of the month",
  first: 1,
  last: 31,
  allows: ",-*?/",
  forms: 'numbers from 1 to 31, as in "1", "1,15", "1-7", "1/10", "*" or "?"',
};
const MONTH: Field = {
  name: "month",
  first: 1,
  last: 12,
  names: MONTHS,
  allows: ",-*/",
  forms: 'numbers from 1 to 12 or JAN to DEC, as in "1", "JAN,JUL", "JAN-MAR", "1/3" or "*"',
};
const DAY_OF_WEEK: Field = {
  name: "day of the week",
  first: 1,
  last: 7,
  names: DAYS,
  allows: ",-*?",
  forms: 'MON to SUN or 1 (Monday) to 7 (Sunday), as in "MON", "MON,THU", "1-5", "*" or "?"',
};

/** The number of fields. */
export const FIELD_COUNT = 6;

/** Whether a field allows every value. */
const isUnrestricted = (text: string): boolean => text === "*" || text === "?";

/**
 * Reads the six fields of a cron expression, seconds first.
 *
 * @throws {@link CronFieldError} when a field has an undocumented form, when both the day of the
 *   month and the day of the week are restricted, or when no such day exists
 */
export function parseCronFields(texts: readonly string[]): CronFields {
  const [second = "", minute = "", hour = "", dayOfMonth = "", month = "", dayOfWeek = ""] = texts;
  const seconds = valuesOf(SECONDS, second);
  const minutes = valuesOf(MINUTES, minute);
  const hours = valuesOf(HOURS, hour);
  const daysOfMonth = valuesOf(DAYS_OF_MONTH, dayOfMonth);
  const months = valuesOf(MONTH, month);
  const daysOfWeek = valuesOf(DAY_OF_WEEK, dayOfWeek);
  if (!isUnrestricted(dayOfMonth) && !isUnrestricted(dayOfWeek)) {
    throw new CronFieldError(
      `has "${dayOfMonth}" for the day of the month and "${dayOfWeek}" for the day of the week, which some take for days that are both, and others for days that are either: write "?" for one of them`,
    );
  }
  const [firstDay = 1] = daysOfMonth;
  if (!months.some((month) => firstDay <= (DAYS_IN_MONTH[month - 1] ?? 0))) {
    throw new CronFieldError(
      `has "${dayOfMonth}" for the day of the month, which "${month}" for the month does not have: write a day that exists`,
    );
  }
  return { second: seconds[0] ?? 0, minutes, hours, daysOfMonth, months, daysOfWeek };
}

function valuesOf(field: Field, text: string): number[] {
  const { allows, first, last } = field;
  if (text === "?" ? allows.includes("?") : text === "*" && allows.includes("*")) {
    return numbersFrom(first, last, 1);
  }
  const items = allows.includes(",") ? text.split(",") : [text];
  const values = new Set(items.flatMap((item) => valuesOfItem(field, item)));
  return [...values].toSorted((one, other) => one - other);
}

function valuesOfItem(field: Field, item: string): number[] {
  const { allows, first, last } = field;
  const [from = "", to, ...more] = allows.includes("-") ? item.split("-") : [item];
  if (to !== undefined) {
    const [low, high] = [valueOf(field, from, item), valueOf(field, to, item)];
    if (more.length > 0) throw invalidItem(field, item);
    if (low > high) throw new CronFieldError(backwards(field, from, to, item));
    return numbersFrom(low, high, 1);
  }
  // A step is documented as n/m (from n in steps of m), not after a range.
  const [start = "", step, ...rest] = allows.includes("/") ? item.split("/") : [item];
  if (step === undefined) return [valueOf(field, item, item)];
  const by = /^\d{1,2}$/.test(step) ? Number(step) : 0;
  if (rest.length > 0 || by < 1 || by > last) throw invalidItem(field, item);
  return numbersFrom(start === "*" ? first : valueOf(field, start, item), last, by);
}

function valueOf(field: Field, text: string, item: string): number {
  const { first, last, names = [] } = field;
  const value = /^\d{1,2}$/.test(text)
    ? Number(text)
    : names.includes(text)
      ? names.indexOf(text) + first
      : Number.NaN;
  if (!(value >= first && value <= last)) throw invalidItem(field, item);
  return value;
}

const invalidItem = ({ name, forms }: Field, item: string): CronFieldError =>
  new CronFieldError(`has "${item}" for the ${name}: write ${forms}`);

function backwards(
  { name, first, last, names = [] }: Field,
  from: string,
  to: string,
  item: string,
) {
  const written = (value: number, like: string): string =>
    (/^\d/.test(like) ? undefined : names[value - first]) ?? String(value);
  const range = (low: string, high: string): string => (low === high ? low : `${low}-${high}`);
  const parts = [range(from, written(last, from)), range(written(first, to), to)];
  return `has "${item}" for the ${name}, which runs backwards: write "${parts.join(",")}"`;
}

function numbersFrom(first: number, last: number, step: number): number[] {
  return Array.from(
    { length: Math.floor((last - first) / step) + 1 },
    (_, index) => first + index * step,
  );
}
