import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { runOnSchedule } from "../../../functions/cli/run-on-schedule.ts";
import { parseSchedule } from "../../../shared/schedule.ts";

const skipped = vi.fn<() => void>();

beforeEach(() => {
  skipped.mockClear();
  vi.useFakeTimers({ now: new Date("2026-11-22T10:00:00.000Z") });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A job that takes a while, and when each run of it began. */
function slowJob(durationMs: number) {
  const begun: string[] = [];
  let ended = 0;
  const job = async (): Promise<void> => {
    begun.push(new Date().toISOString().slice(11, 19));
    await new Promise((resolve) => {
      setTimeout(resolve, durationMs);
    });
    ended += 1;
  };
  return { job, begun, ended: () => ended };
}

test.each([
  ["0 17 * * * *", ["10:17:00", "11:17:00"]],
  ["CRON_TZ=Asia/Shanghai 0 30 19 * * *", ["11:30:00"]],
  ["@every 50m", ["10:50:00", "11:40:00"]],
])("%s is kept", async (schedule, expected) => {
  const { job, begun } = slowJob(1_000);
  const runs = runOnSchedule(parseSchedule(schedule, "schedule"), job, skipped, false);
  await vi.advanceTimersByTimeAsync(2 * 3_600_000 - 1_000);
  await runs.stop();
  expect(begun).toEqual(expected);
});

test.each(["*/10 * * * * *", "@every 10s"])("%s never overlaps", async (schedule) => {
  const { job, begun } = slowJob(25_000);
  const runs = runOnSchedule(parseSchedule(schedule, "schedule"), job, skipped, false);
  await vi.advanceTimersByTimeAsync(75_000);
  const stopped = runs.stop();
  await vi.advanceTimersByTimeAsync(60_000);
  await stopped;
  expect(begun).toEqual(["10:00:10", "10:00:40", "10:01:10"]);
  expect(skipped).toHaveBeenCalledTimes(4);
});

test("a stop waits for the run under way, and begins no other", async () => {
  const { job, begun, ended } = slowJob(5_000);
  const runs = runOnSchedule(parseSchedule("@every 1s", "schedule"), job, skipped, true);
  const stopped = runs.stop().then(() => ended());
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await stopped).toBe(1);
  expect(begun).toEqual(["10:00:00"]);
});
