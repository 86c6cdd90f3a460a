import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { AttemptError } from "../../../shared/audit/attempt-error.ts";
import { Pace } from "../../../shared/retry/pace.ts";
import { RegionGate } from "../../../shared/retry/region-gate.ts";
import { retry } from "../../../shared/retry/retry.ts";
import {
  type PausableBudget,
  startTimeBudget,
  type TimeBudget,
} from "../../../shared/retry/time-budget.ts";

const POLICY = { maxAttempts: 2, maxThrottledAttempts: 10, baseDelayMs: 0, maxDelayMs: 0 };

class CallFailure extends AttemptError {}

const BUSY = new CallFailure("busy", { retryable: "always", throttled: true });
const FAILED = new CallFailure("failed", { retryable: "always" });

let deadline: TimeBudget;
let budget: PausableBudget;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  deadline = startTimeBudget(60_000, "DEADLINE_EXCEEDED");
  budget = startTimeBudget(1_000, "TIMEOUT", deadline);
});

afterEach(() => {
  budget.release();
  deadline.release();
  const left = vi.getTimerCount();
  vi.useRealTimers();
  if (left > 0) throw new Error("a timer is left");
});

/** A pace of one attempt in two seconds. */
function slowPace(): Pace {
  const pace = new Pace(deadline);
  for (let count = 0; count < 30; count += 1) pace.slowDown(pace.slowdowns);
  return pace;
}

describe("the gate of a region", () => {
  test("lets attempts start at once where the account's pace does", () => {
    expect(new RegionGate(new Pace(deadline), budget).enter(0)).toBeUndefined();
  });

  test("takes waits for the pace out of the region's time", async () => {
    const gate = new RegionGate(slowPace(), budget);
    const turns = [gate.enter(0), gate.enter(0)];
    await vi.advanceTimersByTimeAsync(4_000);
    expect(await Promise.all(turns.map(async (turn) => turn))).toEqual([true, true]);
    expect(budget.endedBy).toBeNull();
    expect(budget.remainingMs()).toBe(1_000);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(budget.endedBy).toBe("TIMEOUT");
  });

  test("ends the wait with the run", async () => {
    const turn = new RegionGate(slowPace(), budget).enter(0);
    deadline.cancel();
    expect(await turn).toBe(false);
  });

  test("slows the account down three times for a region that is always throttled", async () => {
    const pace = new Pace(deadline);
    const operation = vi.fn<() => Promise<never>>(async () => Promise.reject(BUSY));
    const outcome = retry(operation, POLICY, budget, undefined, new RegionGate(pace, budget));
    const failed = outcome.catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(await failed).toBe(BUSY);
    expect(operation).toHaveBeenCalledTimes(10);
    expect(pace.slowdowns).toBe(3);
  });

  test("counts anew after a success", () => {
    const pace = new Pace(deadline);
    const gate = new RegionGate(pace, budget);
    for (let round = 0; round < 4; round += 1) {
      gate.slowDown(pace.slowdowns, undefined);
      gate.slowDown(pace.slowdowns, undefined);
      gate.succeed();
    }
    expect(pace.slowdowns).toBe(8);
  });
});

describe("an operation behind a gate", () => {
  test("waits for another attempt in its own time where it was not throttled", async () => {
    const pace = new Pace(deadline);
    const operation = vi.fn<(attempt: number) => Promise<number>>(async (attempt) => {
      if (attempt === 1) throw FAILED;
      return attempt;
    });
    const gate = new RegionGate(pace, budget);
    expect(await retry(operation, POLICY, budget, undefined, gate)).toBe(2);
    expect(pace.slowdowns).toBe(0);
  });

  test("fails with what it last saw where the run ends before its turn", async () => {
    const pace = slowPace();
    const operation = vi.fn<() => Promise<never>>(async () => Promise.reject(BUSY));
    const outcome = retry(operation, POLICY, budget, undefined, new RegionGate(pace, budget));
    const failed = outcome.catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(2_000);
    deadline.cancel();
    expect(await failed).toBe(BUSY);
    expect(operation).toHaveBeenCalledOnce();
  });

  test("is told that its time is over where it had none", async () => {
    const outcome = retry(
      async (_attempt, limit) => limit.endedBy,
      POLICY,
      budget,
      100,
      new RegionGate(slowPace(), budget),
    );
    deadline.cancel();
    expect(await outcome).toBe("DEADLINE_EXCEEDED");
  });
});
