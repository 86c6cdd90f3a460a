import { describe, expect, test, vi } from "vitest";

import { AttemptError } from "../../../shared/audit/attempt-error.ts";
import { retry, retryDelayMs } from "../../../shared/retry/retry.ts";
import { startTimeBudget, type TimeBudget } from "../../../shared/retry/time-budget.ts";
import { CLOUD_RETRY_POLICY } from "../../../shared/run/run-audit.ts";
import { pendingTimers } from "../../harness/pending-timers.ts";

test.each([
  [1, undefined, 0, 0],
  [1, undefined, 0.5, 100],
  [1, undefined, 1, 200],
  [2, undefined, 1, 400],
  [3, undefined, 1, 800],
  [9, undefined, 1, 5_000],
  [1, 70, 0.5, 70],
  [1, 0, 0.5, 0],
  [1, 7_000, 0, 7_000],
])("after %i failures, asked for %s, random %f: %i ms", (failures, wishMs, random, delayMs) => {
  expect(retryDelayMs(CLOUD_RETRY_POLICY, failures, wishMs, random)).toBe(delayMs);
});

class CallFailure extends AttemptError {}

/** A policy without waits. */
const AT_ONCE = { maxAttempts: 3, baseDelayMs: 0, maxDelayMs: 0 };

const ALWAYS = new CallFailure("always", { retryable: "always" });
const ONCE = new CallFailure("once", { retryable: "once" });
const NEVER = new CallFailure("never", { retryable: "never" });
const BUSY = new CallFailure("busy", { retryable: "always", throttled: true });

/** A budget whose remaining time never changes. */
function budgetOf(remainingMs: number, signal = new AbortController().signal): TimeBudget {
  const nothing = (): void => {};
  const onEnd = () => nothing;
  const remaining = () => remainingMs;
  return {
    endedBy: null,
    onEnd,
    signal,
    remainingMs: remaining,
    cancel: nothing,
    release: nothing,
  };
}

/** An operation that fails in turn with these errors, and then succeeds with its attempt. */
function failing(...errors: readonly unknown[]) {
  return vi.fn<(attempt: number, limit: TimeBudget) => Promise<number>>(async (attempt) => {
    if (attempt <= errors.length) throw errors[attempt - 1];
    return attempt;
  });
}

test.each<[readonly unknown[], unknown, number]>([
  [[BUSY, BUSY, BUSY, BUSY], null, 5],
  [[BUSY, BUSY, BUSY, BUSY, BUSY], BUSY, 5],
  [[ALWAYS, BUSY, BUSY, ALWAYS], ALWAYS, 4],
])("a throttled operation has its own number of attempts: %o", async (errors, thrown, attempts) => {
  const operation = failing(...errors);
  const policy = { ...AT_ONCE, maxThrottledAttempts: 5 };
  const outcome: unknown = await retry(operation, policy, budgetOf(1_000)).catch(
    (error: unknown) => error,
  );
  expect(outcome).toBe(thrown ?? attempts);
  expect(operation).toHaveBeenCalledTimes(attempts);
});

describe("an operation that fails is tried again", () => {
  test.each<[string, readonly unknown[], number]>([
    ["not where it succeeds", [], 1],
    ["where it may succeed the next time", [ALWAYS], 2],
    ["up to the attempts of the policy", [ALWAYS, ALWAYS], 3],
    ["once where one more attempt is allowed", [ONCE], 2],
  ])("%s", async (_what, errors, attempts) => {
    const operation = failing(...errors);
    expect(await retry(operation, AT_ONCE, budgetOf(1_000))).toBe(attempts);
    expect(operation.mock.calls.map(([attempt]) => attempt)).toEqual([1, 2, 3].slice(0, attempts));
  });

  const fault = new TypeError("a fault of the program");
  test.each<[string, readonly unknown[], unknown, number]>([
    ["where the attempts are used up", [ALWAYS, ALWAYS, ALWAYS], ALWAYS, 3],
    ["where it fails for good", [NEVER], NEVER, 1],
    ["where it then fails for good", [ALWAYS, NEVER], NEVER, 2],
    ["twice where one more attempt is allowed", [ONCE, ONCE], ONCE, 2],
    ["where the second attempt of one more is it", [ALWAYS, ONCE], ONCE, 2],
    ["where the error is no `AttemptError`", [fault], fault, 1],
  ])("not %s", async (_what, errors, thrown, attempts) => {
    const operation = failing(...errors);
    await expect(retry(operation, AT_ONCE, budgetOf(1_000))).rejects.toBe(thrown);
    expect(operation).toHaveBeenCalledTimes(attempts);
  });

  test.each([
    [49, 50, 2],
    [50, 50, 1],
    [51, 50, 1],
  ])("after a wait of %i ms with %i ms left: %i attempts", async (waitMs, leftMs, attempts) => {
    const error = new CallFailure("asked to wait", { retryable: "always", retryAfterMs: waitMs });
    const operation = failing(error);
    const outcome = retry(operation, AT_ONCE, budgetOf(leftMs));
    const last = await outcome.catch((thrown: unknown) => thrown);
    expect(last).toBe(attempts === 1 ? error : attempts);
    expect(operation).toHaveBeenCalledTimes(attempts);
  });

  test("not where the time ends during the wait", async () => {
    const controller = new AbortController();
    const error = new CallFailure("asked to wait", { retryable: "always", retryAfterMs: 60_000 });
    const operation = failing(error);
    const outcome = retry(operation, AT_ONCE, budgetOf(120_000, controller.signal));
    setImmediate(() => controller.abort("DEADLINE_EXCEEDED"));
    await expect(outcome).rejects.toBe(error);
    expect(operation).toHaveBeenCalledTimes(1);
  });
});

describe("the time of an attempt", () => {
  test("is that of all attempts where it has no limit of its own", async () => {
    const released: string[] = [];
    const release = (): void => void released.push("the budget of all attempts");
    const budget = { ...budgetOf(1_000), release };
    const operation = failing(ALWAYS);
    await retry(operation, AT_ONCE, budget);
    expect(operation.mock.calls.map(([, limit]) => limit)).toEqual([budget, budget]);
    expect(released).toEqual([]);
  });

  test("is a part of that, and is released", async () => {
    const before = pendingTimers();
    const budget = startTimeBudget(60_000, "DEADLINE_EXCEEDED");
    const lefts: number[] = [];
    await retry(
      async (attempt, limit) => {
        lefts.push(limit.remainingMs());
        if (attempt === 1) throw ALWAYS;
      },
      AT_ONCE,
      budget,
      30_000,
    );
    expect(lefts.map((ms) => ms > 0 && ms <= 30_000)).toEqual([true, true]);
    budget.release();
    // Timers of the test runner may end meanwhile.
    expect(pendingTimers()).toBeLessThanOrEqual(before);
  });

  test("ends with that of all attempts, and with its reason", async () => {
    const budget = startTimeBudget(60_000, "DEADLINE_EXCEEDED");
    const reason = await retry(
      (_attempt, limit) => {
        const ended = new Promise((resolve) => limit.onEnd(resolve));
        budget.cancel();
        return ended;
      },
      AT_ONCE,
      budget,
      30_000,
    );
    expect(reason).toBe("DEADLINE_EXCEEDED");
    budget.release();
  });
});
