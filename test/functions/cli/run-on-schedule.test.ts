import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { runOnSchedule } from "../../../functions/cli/commands/watch/run-on-schedule.ts";
import { parseSchedule } from "../../../shared/schedule/parse-schedule.ts";

const skipped = vi.fn<() => void>();

beforeEach(() => {
  skipped.mockClear();
  vi.useFakeTimers({ now: new Date("2026-11-22T10:00:00.000Z") });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A job of some length, and the start of each run. */
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
  ["40 17 * * * *", ["10:17:40", "11:17:40"]],
  ["CRON_TZ=Asia/Shanghai 0 30 19 * * *", ["11:30:00"]],
  ["@every 50m", ["10:50:00", "11:40:00"]],
])("%s is kept", async (schedule, expected) => {
  const { job, begun } = slowJob(1_000);
  const runs = runOnSchedule(parseSchedule(schedule, "schedule"), job, skipped, false);
  await vi.advanceTimersByTimeAsync(2 * 3_600_000 - 1_000);
  await runs.stop();
  expect(begun).toEqual(expected);
  expect(skipped).not.toHaveBeenCalled();
});

test.each([
  ["skipped", "2026-03-29T00:00:00Z", "0 30 2 * * *", ["01:00:00"]],
  ["skipped", "2026-03-29T00:00:00Z", "0 30 * * * *", ["00:30:00", "01:30:00", "02:30:00"]],
  ["repeated", "2026-10-25T00:00:00Z", "0 30 2 * * *", ["00:30:00"]],
  ["repeated", "2026-10-25T00:00:00Z", "0 30 * * * *", ["00:30:00", "01:30:00", "02:30:00"]],
])("in the hour that is %s in Berlin, from %s: %s", async (_what, now, schedule, expected) => {
  vi.setSystemTime(new Date(now));
  const { job, begun } = slowJob(1_000);
  const cron = parseSchedule(`CRON_TZ=Europe/Berlin ${schedule}`, "schedule");
  const runs = runOnSchedule(cron, job, skipped, false);
  await vi.advanceTimersByTimeAsync(3 * 3_600_000);
  await runs.stop();
  expect(begun).toEqual(expected);
  expect(skipped).not.toHaveBeenCalled();
});

test.each(["0 * * * * *", "@every 1m"])("%s never overlaps", async (schedule) => {
  const { job, begun } = slowJob(150_000);
  const runs = runOnSchedule(parseSchedule(schedule, "schedule"), job, skipped, false);
  await vi.advanceTimersByTimeAsync(450_000);
  const stopped = runs.stop();
  await vi.advanceTimersByTimeAsync(300_000);
  await stopped;
  expect(begun).toEqual(["10:01:00", "10:04:00", "10:07:00"]);
  expect(skipped).toHaveBeenCalledTimes(4);
});

describe("a clock that is set, or a machine that sleeps", () => {
  test.each([
    // [the time, the time it is set to, the runs of the next hour, skipped runs]
    ["past one run", "10:17:30", ["10:18:00", "11:17:00"], 0],
    ["past several", "18:05:00", ["18:05:30", "18:17:00"], 1],
    ["back before today's", "03:00:00", ["03:17:00"], 0],
  ])("%s", async (_what, time, expected, skips) => {
    const { job, begun } = slowJob(1_000);
    const schedule = parseSchedule("0 17 * * * *", "schedule");
    const runs = runOnSchedule(schedule, job, skipped, false);
    await vi.advanceTimersByTimeAsync(10 * 60_000 + 30_000);
    vi.setSystemTime(new Date(`2026-11-22T${time}.000Z`));
    await vi.advanceTimersByTimeAsync(3_600_000);
    await runs.stop();
    expect(begun).toEqual(expected);
    expect(skipped).toHaveBeenCalledTimes(skips);
  });

  test.each([
    ["that was decades behind", "1970-01-01T00:10:00.000Z"],
    ["that was decades ahead", "2070-01-01T00:10:00.000Z"],
  ])("%s", async (_what, wrong) => {
    vi.setSystemTime(new Date(wrong));
    const { job, begun } = slowJob(1_000);
    const schedule = parseSchedule("0 17 9 * * *", "schedule");
    const runs = runOnSchedule(schedule, job, skipped, false);
    await vi.advanceTimersByTimeAsync(90_000);
    vi.setSystemTime(new Date("2026-11-22T09:15:00.000Z"));
    await vi.advanceTimersByTimeAsync(10 * 60_000);
    await runs.stop();
    expect(begun.at(-1)).toBe("09:17:00");
  });
});

test("a busy process starts the run as soon as it can", async () => {
  const { job, begun } = slowJob(1_000);
  const runs = runOnSchedule(parseSchedule("30 17 * * * *", "schedule"), job, skipped, false);
  await vi.advanceTimersByTimeAsync(17 * 60_000 + 29_000);
  vi.setSystemTime(new Date("2026-11-22T10:17:34.000Z"));
  await vi.advanceTimersByTimeAsync(2_000);
  await runs.stop();
  expect(begun).toEqual(["10:17:35"]);
  expect(skipped).not.toHaveBeenCalled();
});

test.each([
  ["0 17 * * * *", 17],
  ["@every 50m", 50],
])("%s: tells how long until the next run is due", async (schedule, minutes) => {
  const { job } = slowJob(1_000);
  const runs = runOnSchedule(parseSchedule(schedule, "schedule"), job, skipped, false);
  expect(runs.dueInMs()).toBe(minutes * 60_000);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(runs.dueInMs()).toBe((minutes - 1) * 60_000);
  // Of a run that has begun, the next one is meant.
  await vi.advanceTimersByTimeAsync((minutes - 1) * 60_000);
  expect(runs.dueInMs()).toBeGreaterThan(40 * 60_000);
  const stopped = runs.stop();
  expect(runs.dueInMs()).toBeNull();
  await vi.advanceTimersByTimeAsync(1_000);
  await stopped;
});

test("a run that the process could not start is overdue", async () => {
  const { job } = slowJob(1_000);
  const runs = runOnSchedule(parseSchedule("0 17 * * * *", "schedule"), job, skipped, false);
  vi.setSystemTime(new Date("2026-11-22T10:20:00.000Z"));
  expect(runs.dueInMs()).toBe(-3 * 60_000);
  // The check of the clock starts it.
  await vi.advanceTimersByTimeAsync(62_000);
  expect(runs.dueInMs()).toBeGreaterThan(0);
  await runs.stop();
});

test("a stop waits for the current run, and starts no other", async () => {
  const { job, begun, ended } = slowJob(90_000);
  const runs = runOnSchedule(parseSchedule("@every 1m", "schedule"), job, skipped, true);
  const stopped = runs.stop().then(() => ended());
  await vi.advanceTimersByTimeAsync(600_000);
  expect(await stopped).toBe(1);
  expect(begun).toEqual(["10:00:00"]);
});

test("a stop of a cron expression starts no other run", async () => {
  const { job, begun } = slowJob(1_000);
  const runs = runOnSchedule(parseSchedule("0 * * * * *", "schedule"), job, skipped, false);
  await vi.advanceTimersByTimeAsync(65_000);
  await runs.stop();
  await vi.advanceTimersByTimeAsync(600_000);
  expect(begun).toEqual(["10:01:00"]);
  expect(vi.getTimerCount()).toBe(0);
});
