import { isDeepStrictEqual } from "node:util";

import * as fc from "fast-check";
import { createTask } from "node-cron";
import { vi } from "vitest";

import { nextRun } from "../../../shared/schedule/next-run.ts";
import { type CronSchedule, parseSchedule } from "../../../shared/schedule/parse-schedule.ts";

export function cronSchedule(text: string): CronSchedule {
  const schedule = parseSchedule(text, "it");
  if (schedule.kind !== "cron") throw new TypeError(`${text} is no cron expression`);
  return schedule;
}

/** The maximum number of runs that are compared. */
const MAX_RUNS = 40;

/** The first runs that are due after one moment, until another. */
function runsBetween(schedule: CronSchedule, after: Date, until: Date): Date[] {
  const runs: Date[] = [];
  let run = nextRun(schedule, after);
  while (run <= until && runs.length < MAX_RUNS) {
    runs.push(run);
    run = nextRun(schedule, run);
  }
  return runs;
}

const list = (low: number, high: number) =>
  fc.uniqueArray(fc.integer({ min: low, max: high }), { minLength: 1, maxLength: 3 }).map(String);
const range = (low: number, high: number) =>
  fc
    .tuple(fc.integer({ min: low, max: high }), fc.integer({ min: low, max: high }))
    .map(([one, other]) => `${Math.min(one, other)}-${Math.max(one, other)}`);
const step = (low: number, high: number) =>
  fc
    .tuple(
      fc.oneof(fc.constant("*"), fc.integer({ min: low, max: high })),
      fc.integer({ min: 1, max: high }),
    )
    .map(([from, by]) => `${from}/${by}`);
const expression = fc
  .tuple(
    fc.integer({ min: 0, max: 59 }).map(String),
    fc.oneof(list(0, 59), range(0, 59), step(0, 59), fc.constant("*")),
    fc.oneof(list(0, 23), range(0, 23), step(0, 23), fc.constant("*")),
    fc.oneof(
      fc.constant("*"),
      list(1, 28),
      range(1, 31).map((days) => `1,${days}`),
    ),
    fc.oneof(fc.constant("*"), list(1, 12)),
    fc.oneof(fc.constant("?"), list(1, 7)),
  )
  .map(([second, minutes, hours, days, months, weekdays]) =>
    [second, minutes, hours, days, months, days === "*" ? weekdays : "?"].join(" "),
  );

/** In UTC the runs of random expressions are those of node-cron. */
export const AGREES_WITH_NODE_CRON = fc.property(
  expression,
  fc.date({
    min: new Date("2020-01-01T00:00:00Z"),
    max: new Date("2040-01-01T00:00:00Z"),
    noInvalidDate: true,
  }),
  (text, moment) => {
    let run = moment;
    const expected = runsOfNodeCron(text, moment);
    const runs = expected.map(() => {
      run = nextRun(cronSchedule(text), run);
      return run;
    });
    return isDeepStrictEqual(runs.map(Number), expected.map(Number));
  },
);

/** The next four runs after a moment. */
function runsOfNodeCron(text: string, moment: Date): Date[] {
  vi.useFakeTimers({ now: moment, toFake: ["Date"] });
  try {
    return createTask(withSteps(text), () => {}, { timezone: "UTC" }).getNextRuns(4);
  } finally {
    vi.useRealTimers();
  }
}

/** node-cron needs an end where a step begins at a number. */
function withSteps(text: string): string {
  const [second, ...fields] = text.split(" ");
  const lasts = [59, 23, 31, 12, 7];
  return [
    second,
    ...fields.map((field, index) => field.replace(/^(\d+)\//, `$1-${lasts[index]}/`)),
  ].join(" ");
}

/** Moments near which clocks were or will be changed: by an hour or other, at noon or at midnight. */
const CHANGES: readonly (readonly [timeZone: string, at: string])[] = [
  ["America/New_York", "2026-03-08T07:00Z"],
  ["America/New_York", "2026-11-01T06:00Z"],
  ["Europe/Berlin", "2026-03-29T01:00Z"],
  ["Europe/Berlin", "2026-10-25T01:00Z"],
  ["Australia/Lord_Howe", "2026-04-04T15:00Z"],
  ["Australia/Lord_Howe", "2026-10-03T15:30Z"],
  ["Asia/Shanghai", "2026-05-01T00:00Z"],
  ["Asia/Kathmandu", "2026-05-01T00:00Z"],
  ["Pacific/Apia", "2011-12-30T10:00Z"],
  ["Pacific/Kwajalein", "1993-08-21T12:00Z"],
  ["America/Sao_Paulo", "2018-11-04T03:00Z"],
  ["America/Sao_Paulo", "2018-02-18T02:00Z"],
  ["America/St_Johns", "2010-11-07T02:31Z"],
  ["America/St_Johns", "2011-03-13T03:31Z"],
  ["Asia/Beirut", "2026-03-28T22:00Z"],
  ["Asia/Beirut", "2026-10-24T21:00Z"],
  ["Africa/Casablanca", "2026-02-15T02:00Z"],
  ["Antarctica/Troll", "2026-03-29T01:00Z"],
  ["Antarctica/Troll", "2026-10-25T01:00Z"],
  ["America/Havana", "2026-03-08T05:00Z"],
  ["America/Havana", "2026-11-01T05:00Z"],
  ["Asia/Pyongyang", "2018-05-04T15:00Z"],
];

/**
 * The runs of an interval, found by reading the clock every minute.
 */
function runsByTheClock(text: string, timeZone: string, after: Date, until: Date): Date[] {
  const [second = "", , hours = ""] = text.split(" ");
  const { minutes: onMinutes, hours: inHours, ...day } = cronSchedule(text);
  const eachHour = hours.includes("*") || hours.includes("/") || inHours.length === 24;
  const isDue = (clock: Date): boolean =>
    onMinutes.includes(clock.getUTCMinutes()) &&
    inHours.includes(clock.getUTCHours()) &&
    day.daysOfMonth.includes(clock.getUTCDate()) &&
    day.months.includes(clock.getUTCMonth() + 1) &&
    day.daysOfWeek.includes(clock.getUTCDay() || 7);
  const format = new Intl.DateTimeFormat("sv-SE", {
    timeZone,
    dateStyle: "short",
    timeStyle: "medium",
  });
  const clockAt = (atMs: number): number => Date.parse(`${format.format(atMs).replace(" ", "T")}Z`);

  const runs: Date[] = [];
  const firstMs = Math.floor(after.getTime() / 60_000) * 60_000 + Number(second) * 1_000;
  // Clocks that were set back just before repeat times.
  let shownMs = -Infinity;
  for (let atMs = firstMs - 4 * 3_600_000; atMs <= until.getTime(); atMs += 60_000) {
    const clockMs = clockAt(atMs);
    const skipped: number[] = [];
    for (let ms = Math.max(shownMs + 60_000, clockMs - 172_800_000); ms < clockMs; ms += 60_000) {
      if (shownMs !== -Infinity) skipped.push(ms);
    }
    const due = eachHour
      ? isDue(new Date(clockMs))
      : (clockMs > shownMs && isDue(new Date(clockMs))) ||
        skipped.some((ms) => isDue(new Date(ms)));
    if (due && atMs > after.getTime()) runs.push(new Date(atMs));
    shownMs = Math.max(shownMs, clockMs);
  }
  return runs;
}

/** Near a change of clocks, the runs are those found by reading the clock. */
export const LOSES_NO_RUN = fc.property(
  expression,
  fc.constantFrom(...CHANGES),
  fc.integer({ min: -12 * 60, max: 3 * 60 }),
  (fields, [timeZone, change], startMinutes) => {
    const after = new Date(Date.parse(change) + startMinutes * 60_000 + 12_345);
    const until = new Date(after.getTime() + 14 * 3_600_000);
    const runs = runsBetween(cronSchedule(`CRON_TZ=${timeZone} ${fields}`), after, until);
    const expected = runsByTheClock(fields, timeZone, after, until).slice(0, MAX_RUNS);
    const isAscending = runs.every((run, index) => index === 0 || run > (runs[index - 1] ?? run));
    return isAscending && isDeepStrictEqual(runs.map(Number), expected.map(Number));
  },
);
