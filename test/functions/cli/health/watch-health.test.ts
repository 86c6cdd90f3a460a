import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { healthProblemOf, WatchHealth } from "../../../../functions/cli/health/watch-health.ts";

const MINUTE_MS = 60_000;
const DEADLINE_MS = 5 * MINUTE_MS;
/** The longest run that the guide to containers allows for: 563 seconds with the default deadline. */
const LONGEST_RUN_MS = 563_000;

test.each([
  ["between two runs", null, 40 * MINUTE_MS, null],
  ["in a run", 2 * MINUTE_MS, 40 * MINUTE_MS, null],
  ["in the longest run that is no fault", LONGEST_RUN_MS, 40 * MINUTE_MS, null],
  ["within the tolerance", LONGEST_RUN_MS + 2 * MINUTE_MS, 40 * MINUTE_MS, null],
  ["in a run that hangs", LONGEST_RUN_MS + 2 * MINUTE_MS + 1, 40 * MINUTE_MS, "RUN_OVERRUN"],
  ["a run is a minute late, as after sleep", null, -MINUTE_MS, null],
  ["a run is late within the tolerance", null, -2.5 * MINUTE_MS, null],
  ["a due run was not started", null, -2.5 * MINUTE_MS - 1, "RUN_NOT_STARTED"],
  ["the last run ends after a signal", 2 * MINUTE_MS, null, null],
  ["the last run hangs after a signal", 20 * MINUTE_MS, null, "RUN_OVERRUN"],
] as const)("%s", (_what, runningForMs, dueInMs, problem) => {
  expect(healthProblemOf({ runningForMs, dueInMs }, DEADLINE_MS)).toBe(problem);
});

test("a longer deadline allows for longer runs", () => {
  const times = { runningForMs: 30 * MINUTE_MS, dueInMs: MINUTE_MS };
  expect(healthProblemOf(times, DEADLINE_MS)).toBe("RUN_OVERRUN");
  expect(healthProblemOf(times, 30 * MINUTE_MS)).toBeNull();
});

beforeEach(() => {
  vi.useFakeTimers({ now: new Date("2026-11-22T10:00:00Z") });
});
afterEach(() => {
  vi.useRealTimers();
});

test("follows runs, whatever is done to the system's clock", async () => {
  const health = new WatchHealth(() => new Date(), DEADLINE_MS);
  expect(health.report(MINUTE_MS)).toMatchObject({
    status: "healthy",
    problem: null,
    startedAt: "2026-11-22T10:00:00.000Z",
    currentRun: null,
    lastRun: null,
    nextDueAt: "2026-11-22T10:01:00.000Z",
  });
  let end = (): void => {};
  const run = health.follow(async () => {
    await new Promise<void>((resolve) => {
      end = resolve;
    });
    return 1;
  });
  vi.setSystemTime(new Date("2027-11-22T10:00:00Z"));
  expect(health.report(null)).toMatchObject({
    status: "healthy",
    currentRun: { startedAt: "2026-11-22T10:00:00.000Z" },
    nextDueAt: null,
  });
  await vi.advanceTimersByTimeAsync(12 * MINUTE_MS);
  expect(health.report(MINUTE_MS)).toMatchObject({ status: "unhealthy", problem: "RUN_OVERRUN" });
  end();
  expect(await run).toBe(1);
  expect(health.report(MINUTE_MS)).toMatchObject({
    status: "healthy",
    currentRun: null,
    lastRun: { startedAt: "2026-11-22T10:00:00.000Z", exitCode: 1 },
  });
});
