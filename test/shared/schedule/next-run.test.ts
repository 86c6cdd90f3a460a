import * as fc from "fast-check";
import { createTask } from "node-cron";
import { afterEach, describe, expect, test, vi } from "vitest";

import { nextRun } from "../../../shared/schedule/next-run.ts";
import { type CronSchedule, parseSchedule } from "../../../shared/schedule/parse-schedule.ts";

function cron(text: string): CronSchedule {
  const schedule = parseSchedule(text, "it");
  if (schedule.kind !== "cron") throw new TypeError(`${text} is no cron expression`);
  return schedule;
}

/** As many runs of a stretch of time as are looked at. */
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

const minute = (moment: Date): string => moment.toISOString().slice(0, 16);

// The changes of clocks are those of the tz database, https://www.iana.org/time-zones
describe("where clocks are changed", () => {
  test.each<[what: string, schedule: string, after: string, runs: readonly string[]]>([
    [
      "New York skips 02:00 to 03:00: a fixed hour runs right after",
      "CRON_TZ=America/New_York 0 30 2 * * *",
      "2026-03-07T00:00Z",
      ["2026-03-07T07:30", "2026-03-08T07:00", "2026-03-09T06:30"],
    ],
    [
      "two runs that are skipped, and one that follows, are one",
      "CRON_TZ=America/New_York 0 0,30 2-3 * * *",
      "2026-03-08T00:00Z",
      ["2026-03-08T07:00", "2026-03-08T07:30", "2026-03-09T06:00"],
    ],
    [
      "each hour runs in the hours that there are",
      "CRON_TZ=America/New_York 0 30 * * * *",
      "2026-03-08T06:00Z",
      ["2026-03-08T06:30", "2026-03-08T07:30", "2026-03-08T08:30"],
    ],
    [
      "a step in the hours too",
      "CRON_TZ=America/New_York 0 30 2/4 * * *",
      "2026-03-08T00:00Z",
      ["2026-03-08T03:30", "2026-03-08T10:30"],
    ],
    [
      "New York repeats 01:00 to 02:00: a fixed hour runs the first time",
      "CRON_TZ=America/New_York 0 30 1 * * *",
      "2026-10-31T12:00Z",
      ["2026-11-01T05:30", "2026-11-02T06:30"],
    ],
    [
      "the hour that follows is not repeated",
      "CRON_TZ=America/New_York 0 0 2 * * *",
      "2026-10-31T12:00Z",
      ["2026-11-01T07:00", "2026-11-02T07:00"],
    ],
    [
      "a range of hours is fixed",
      "CRON_TZ=America/New_York 0 30 0-2 * * *",
      "2026-11-01T00:00Z",
      ["2026-11-01T04:30", "2026-11-01T05:30", "2026-11-01T07:30", "2026-11-02T05:30"],
    ],
    [
      "all hours are each hour",
      "CRON_TZ=America/New_York 0 30 0-23 * * *",
      "2026-11-01T04:00Z",
      ["2026-11-01T04:30", "2026-11-01T05:30", "2026-11-01T06:30", "2026-11-01T07:30"],
    ],
    [
      "each hour runs in both",
      "CRON_TZ=America/New_York 0 30 * * * *",
      "2026-11-01T05:00Z",
      ["2026-11-01T05:30", "2026-11-01T06:30", "2026-11-01T07:30"],
    ],
    [
      "a step in the hours runs in both",
      "CRON_TZ=America/New_York 0 30 1/12 * * *",
      "2026-11-01T00:00Z",
      ["2026-11-01T05:30", "2026-11-01T06:30", "2026-11-01T18:30"],
    ],
    [
      "from within the repeated hour",
      "CRON_TZ=Europe/Berlin 0 30 2 * * *",
      "2026-10-25T01:10Z",
      ["2026-10-26T01:30"],
    ],
    [
      "Berlin skips 02:00 to 03:00",
      "CRON_TZ=Europe/Berlin 0 15 2 * * *",
      "2026-03-28T12:00Z",
      ["2026-03-29T01:00", "2026-03-30T00:15"],
    ],
    [
      "a day of the week does not come twice",
      "CRON_TZ=Europe/Berlin 0 15 2 ? * SUN",
      "2026-10-24T12:00Z",
      ["2026-10-25T00:15", "2026-11-01T01:15"],
    ],
    [
      "Lord Howe skips half an hour",
      "CRON_TZ=Australia/Lord_Howe 0 10,40 2 * * *",
      "2026-10-03T00:00Z",
      ["2026-10-03T15:30", "2026-10-03T15:40", "2026-10-04T15:10"],
    ],
    [
      "Lord Howe repeats half an hour",
      "CRON_TZ=Australia/Lord_Howe 0 15,45 1 * * *",
      "2026-04-04T00:00Z",
      ["2026-04-04T14:15", "2026-04-04T14:45", "2026-04-05T14:45"],
    ],
    [
      "Shanghai changes nothing",
      "CRON_TZ=Asia/Shanghai 0 30 2 * * *",
      "2026-03-28T00:00Z",
      ["2026-03-28T18:30", "2026-03-29T18:30"],
    ],
    [
      "Apia skips 30 December 2011",
      "CRON_TZ=Pacific/Apia 0 17 9 * * *",
      "2011-12-29T00:00Z",
      ["2011-12-29T19:17", "2011-12-30T10:00", "2011-12-30T19:17"],
    ],
    [
      "and each hour of that day",
      "CRON_TZ=Pacific/Apia 0 17 */12 * * *",
      "2011-12-29T00:00Z",
      ["2011-12-29T10:17", "2011-12-29T22:17", "2011-12-30T10:17"],
    ],
    [
      "São Paulo skipped a midnight",
      "CRON_TZ=America/Sao_Paulo 0 0 0 * * *",
      "2018-11-03T12:00Z",
      ["2018-11-04T03:00", "2018-11-05T02:00"],
    ],
    [
      "São Paulo repeated the hour before one",
      "CRON_TZ=America/Sao_Paulo 0 30 23,0 * * *",
      "2018-02-17T12:00Z",
      ["2018-02-18T01:30", "2018-02-18T03:30", "2018-02-19T02:30"],
    ],
    [
      "St. John's repeated the hour before a midnight that had been",
      "CRON_TZ=America/St_Johns 0 0,30 * * * *",
      "2010-11-07T01:40Z",
      ["2010-11-07T02:00", "2010-11-07T02:30", "2010-11-07T03:00", "2010-11-07T03:30"],
    ],
    [
      "Beirut skips a midnight",
      "CRON_TZ=Asia/Beirut 0 0 0 ? * SUN",
      "2026-03-28T00:00Z",
      ["2026-03-28T22:00", "2026-04-04T21:00"],
    ],
    [
      "29 February",
      "CRON_TZ=Asia/Shanghai 0 0 0 29 2 *",
      "2096-03-01T00:00Z",
      ["2104-02-28T16:00", "2108-02-28T16:00"],
    ],
    [
      "a month that has no 31st is left out",
      "0 17 9 31 * *",
      "2026-03-31T09:17Z",
      ["2026-05-31T09:17", "2026-07-31T09:17"],
    ],
  ])("%s", (_what, text, after, runs) => {
    const schedule = cron(text);
    let from = new Date(after);
    const found = runs.map(() => {
      from = nextRun(schedule, from);
      return minute(from);
    });
    expect(found).toEqual(runs);
  });

  test("a run that was skipped keeps its second", () => {
    const run = nextRun(
      cron("CRON_TZ=Europe/Berlin 40 30 2 * * *"),
      new Date("2026-03-29T00:00:00Z"),
    );
    expect(run).toEqual(new Date("2026-03-29T01:00:40Z"));
  });

  test("a run is due after the moment, never at it", () => {
    const schedule = cron("30 17 * * * *");
    const due = new Date("2026-11-22T10:17:30Z");
    expect(nextRun(schedule, new Date(due.getTime() - 1))).toEqual(due);
    expect(nextRun(schedule, due)).toEqual(new Date("2026-11-22T11:17:30Z"));
  });
});

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

afterEach(() => {
  vi.useRealTimers();
});

test("in UTC it agrees with node-cron", () => {
  const from = fc.date({
    min: new Date("2020-01-01T00:00:00Z"),
    max: new Date("2040-01-01T00:00:00Z"),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(expression, from, (text, moment) => {
      vi.useFakeTimers({ now: moment, toFake: ["Date"] });
      const schedule = cron(text);
      const task = createTask(withSteps(text), () => {}, { timezone: "UTC" });
      const expected = task.getNextRuns(4);
      vi.useRealTimers();
      let run = moment;
      const runs = expected.map(() => {
        run = nextRun(schedule, run);
        return run;
      });
      expect(runs).toEqual(expected);
    }),
    { numRuns: 300 },
  );
});

/** node-cron wants an end where a step begins at a number. */
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
 * The runs of a stretch of time as somebody would find them who looks at the clocks every minute.
 */
function runsByTheClock(text: string, timeZone: string, after: Date, until: Date): Date[] {
  const [second = "", , hours = ""] = text.split(" ");
  const { minutes: onMinutes, hours: inHours, ...day } = cron(text);
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
  // Clocks that were set back just before show what they have shown already.
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

test("no run is lost or made twice, wherever clocks are changed", () => {
  fc.assert(
    fc.property(
      expression,
      fc.constantFrom(...CHANGES),
      fc.integer({ min: -12 * 60, max: 3 * 60 }),
      (fields, [timeZone, change], startMinutes) => {
        const after = new Date(Date.parse(change) + startMinutes * 60_000 + 12_345);
        const until = new Date(after.getTime() + 14 * 3_600_000);
        const runs = runsBetween(cron(`CRON_TZ=${timeZone} ${fields}`), after, until);
        expect(runs).toEqual(runsByTheClock(fields, timeZone, after, until).slice(0, MAX_RUNS));
        expect(runs.every((run, index) => index === 0 || run > (runs[index - 1] ?? run))).toBe(
          true,
        );
      },
    ),
    { numRuns: 300 },
  );
});
