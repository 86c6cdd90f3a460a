import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { nextRun } from "../../../shared/schedule/next-run.ts";
import { AGREES_WITH_NODE_CRON, cronSchedule, LOSES_NO_RUN } from "./next-run-properties.ts";

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
      "an hourly run is due in every hour that exists",
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
    const schedule = cronSchedule(text);
    let from = new Date(after);
    const found = runs.map(() => {
      from = nextRun(schedule, from);
      return minute(from);
    });
    expect(found).toEqual(runs);
  });

  test("a run that was skipped keeps its second", () => {
    const run = nextRun(
      cronSchedule("CRON_TZ=Europe/Berlin 40 30 2 * * *"),
      new Date("2026-03-29T00:00:00Z"),
    );
    expect(run).toEqual(new Date("2026-03-29T01:00:40Z"));
  });

  test("a run is due after the moment, never at it", () => {
    const schedule = cronSchedule("30 17 * * * *");
    const due = new Date("2026-11-22T10:17:30Z");
    expect(nextRun(schedule, new Date(due.getTime() - 1))).toEqual(due);
    expect(nextRun(schedule, due)).toEqual(new Date("2026-11-22T11:17:30Z"));
  });
});

// A sample: next-run.large.test.ts tries many more.
test("in UTC it agrees with node-cron", () => {
  expect(() => fc.assert(AGREES_WITH_NODE_CRON, { numRuns: 50 })).not.toThrow();
});

test("no run is lost or repeated, wherever clocks are changed", () => {
  expect(() => fc.assert(LOSES_NO_RUN, { numRuns: 30 })).not.toThrow();
});
