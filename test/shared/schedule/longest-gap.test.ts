import { describe, expect, test } from "vitest";

import { longestGapMs } from "../../../shared/schedule/longest-gap.ts";
import { nextRun } from "../../../shared/schedule/next-run.ts";
import { parseSchedule } from "../../../shared/schedule/parse-schedule.ts";

const MINUTES = 60_000;
const HOURS = 60 * MINUTES;
const DAYS = 24 * HOURS;

const SCHEDULES: readonly (readonly [schedule: string, gapMs: number])[] = [
  ["@every 30s", 30_000],
  ["@every 5m", 5 * MINUTES],
  ["@every 24h", DAYS],
  ["0 * * * * *", MINUTES],
  ["0 17 * * * *", HOURS],
  ["CRON_TZ=Asia/Shanghai 0 17 * * * *", HOURS],
  ["0 7,37 * * * *", 30 * MINUTES],
  ["0 5,50 * * * *", 45 * MINUTES],
  ["0 17 0/6 * * *", 6 * HOURS],
  ["0 0/7 * * * *", 7 * MINUTES],
  ["0 17 9 * * *", DAYS],
  ["0 17 9-17 * * *", 16 * HOURS],
  ["0 17 9 * * 1-5", 3 * DAYS],
  ["0 0/20 9-17 * * MON-FRI", 3 * DAYS - 8 * HOURS - 40 * MINUTES],
  ["0 17 9 * * MON", 7 * DAYS],
  ["0 17 9 1 * *", 31 * DAYS],
  ["0 17 9 31 * *", 61 * DAYS],
  ["0 17 9 1,15 * *", 17 * DAYS],
  ["0 17 9 1 JAN,JUL ?", 184 * DAYS],
  ["0 17 9 1 1 ?", 366 * DAYS],
  ["0 17 9 29 2 ?", 1_461 * DAYS],
];

describe("the longest time between two runs", () => {
  test.each(SCHEDULES)("of %s", (schedule, gapMs) => {
    expect(longestGapMs(schedule)).toBe(gapMs);
  });

  test("agrees with the runs that are due", () => {
    for (const [text, gapMs] of SCHEDULES) {
      const schedule = parseSchedule(text, "it");
      if (schedule.kind === "every" || gapMs > 62 * DAYS) continue;
      let longestMs = 0;
      // From a Friday: enough runs for a weekend, and for the months of two years.
      let run = nextRun(schedule, new Date("2026-01-02T00:00:00Z"));
      for (let index = 0; index < 40; index += 1) {
        const next = nextRun(schedule, run);
        longestMs = Math.max(longestMs, next.getTime() - run.getTime());
        run = next;
      }
      expect([text, longestMs]).toEqual([text, gapMs]);
    }
  });
});
