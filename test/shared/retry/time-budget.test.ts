import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { startTimeBudget } from "../../../shared/retry/time-budget.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});

afterEach(() => {
  const left = vi.getTimerCount();
  vi.useRealTimers();
  if (left > 0) throw new Error("a timer is left");
});

describe("a paused budget", () => {
  test("goes on with what was left", () => {
    const budget = startTimeBudget(1_000, "TIMEOUT");
    vi.advanceTimersByTime(400);
    const resume = budget.pause();
    vi.advanceTimersByTime(5_000);
    expect(budget.remainingMs()).toBe(600);
    resume();
    vi.advanceTimersByTime(599);
    expect(budget.endedBy).toBeNull();
    vi.advanceTimersByTime(1);
    expect(budget.endedBy).toBe("TIMEOUT");
  });

  test("stands still until the last of several pauses is over", () => {
    const budget = startTimeBudget(1_000, "TIMEOUT");
    const [first, second] = [budget.pause(), budget.pause()];
    vi.advanceTimersByTime(2_000);
    first();
    vi.advanceTimersByTime(2_000);
    expect(budget.remainingMs()).toBe(1_000);
    second();
    vi.advanceTimersByTime(1_000);
    expect(budget.endedBy).toBe("TIMEOUT");
  });

  test("ends with the outer one", () => {
    const outer = startTimeBudget(500, "DEADLINE_EXCEEDED");
    const budget = startTimeBudget(1_000, "TIMEOUT", outer);
    const resume = budget.pause();
    expect(budget.remainingMs()).toBe(500);
    vi.advanceTimersByTime(500);
    expect(budget.endedBy).toBe("DEADLINE_EXCEEDED");
    resume();
  });

  test("starts no timer once it is released", () => {
    const budget = startTimeBudget(1_000, "TIMEOUT");
    const resume = budget.pause();
    budget.release();
    resume();
    expect(vi.getTimerCount()).toBe(0);
  });
});
