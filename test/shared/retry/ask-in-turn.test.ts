import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { AttemptError } from "../../../shared/audit/attempt-error.ts";
import { askInTurn, type AskInTurnOptions } from "../../../shared/retry/ask-in-turn.ts";
import { startTimeBudget, type TimeBudget } from "../../../shared/retry/time-budget.ts";
import { pendingTimers } from "../../harness/pending-timers.ts";

class CallFailure extends AttemptError {}

const PASSING = new CallFailure("passing", { retryable: "always" });
const LASTING = new CallFailure("lasting", { retryable: "never" });
const FINAL = new CallFailure("final", { retryable: "never" });
const FAULT = new TypeError("a fault of the program");

/** A candidate's reply: an answer, a failure or, with null, none. */
type Reply = string | Error | null;

let budget: TimeBudget;
let timersBefore: number;
beforeEach(() => {
  timersBefore = pendingTimers();
  budget = startTimeBudget(60_000, "DEADLINE_EXCEEDED");
});
afterEach(() => budget.release());

/** Asks candidates, each of which gives its replies in turn; the last reply is repeated. */
async function askThose(
  replies: Readonly<Record<string, readonly Reply[]>>,
  options: Partial<AskInTurnOptions> = {},
) {
  const asked: string[] = [];
  const limits: TimeBudget[] = [];
  const outcome = await askInTurn(
    Object.keys(replies),
    async (candidate, limit) => {
      const own = replies[candidate] ?? [];
      const reply =
        own[Math.min(asked.filter((name) => name === candidate).length, own.length - 1)];
      asked.push(candidate);
      limits.push(limit);
      if (reply instanceof Error) throw reply;
      if (typeof reply === "string") return reply;
      return new Promise<string>((_resolve, reject) => {
        limit.onEnd((code) => reject(new CallFailure(code, { retryable: "always" })));
      });
    },
    {
      budget,
      staggerMs: 60_000,
      policy: { baseDelayMs: 0, maxDelayMs: 0 },
      isFinal: (error) => error === FINAL,
      ...options,
    },
  ).then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  return { asked: asked.join(" "), limits, ...outcome };
}

describe("candidates are asked in turn", () => {
  test.each<[string, Readonly<Record<string, readonly Reply[]>>, string, object]>([
    ["the first answers", { a: ["A"], b: ["B"] }, "a", { value: "A" }],
    ["the first fails", { a: [LASTING], b: ["B"] }, "a b", { value: "B" }],
    [
      "a transient failure is asked once more",
      { a: [PASSING, "A"], b: [LASTING] },
      "a b a",
      { value: "A" },
    ],
    ["and no third time", { a: [PASSING], b: [PASSING] }, "a b a b", { error: PASSING }],
    ["a final failure is not", { a: [LASTING], b: [LASTING] }, "a b", { error: LASTING }],
    ["an internal error is not", { a: [FAULT], b: [FAULT] }, "a b", { error: FAULT }],
    [
      "the last error is thrown",
      { a: [PASSING, LASTING], b: [FAULT] },
      "a b a",
      { error: LASTING },
    ],
    ["a final error ends it", { a: [FINAL], b: ["B"] }, "a", { error: FINAL }],
    ["also a later one", { a: [PASSING], b: [FINAL] }, "a b", { error: FINAL }],
  ])("%s", async (_what, replies, asked, outcome) => {
    expect(await askThose(replies)).toMatchObject({ asked, ...outcome });
  });

  test("one that does not answer delays the next by the stagger only", async () => {
    const { asked, value, limits } = (await askThose(
      { a: [null], b: ["B"] },
      { staggerMs: 1 },
    )) as { asked: string; value?: string; limits: TimeBudget[] };
    expect({ asked, value }).toEqual({ asked: "a b", value: "B" });
    // The request that is still pending is cancelled.
    expect(limits[0]?.endedBy).toBe("TIMEOUT");
  });

  test("a late answer of an earlier one is accepted", async () => {
    let answer = (_value: string): void => {};
    const late = new Promise<string>((resolve) => (answer = resolve));
    const asked: string[] = [];
    const value = await askInTurn(
      ["a", "b"],
      (candidate) => {
        asked.push(candidate);
        if (candidate === "a") return late;
        answer("late");
        return new Promise<string>(() => {});
      },
      {
        budget,
        staggerMs: 1,
        policy: { baseDelayMs: 0, maxDelayMs: 0 },
        isFinal: () => false,
      },
    );
    expect({ asked, value }).toEqual({ asked: ["a", "b"], value: "late" });
  });
});

describe("the time of all attempts", () => {
  test("ends requests, waits and turns, with its own reason", async () => {
    setImmediate(() => budget.cancel());
    expect(await askThose({ a: [null], b: ["B"] })).toMatchObject({
      asked: "a",
      error: { message: "DEADLINE_EXCEEDED" },
    });
  });

  test("ends a wait before a second round", async () => {
    const waits = new CallFailure("waits", { retryable: "always", retryAfterMs: 50_000 });
    setImmediate(() => budget.cancel());
    expect(await askThose({ a: [waits] })).toMatchObject({ asked: "a", error: waits });
  });

  test("has no room for a longer wait", async () => {
    const waits = new CallFailure("waits", { retryable: "always", retryAfterMs: 60_000 });
    expect(await askThose({ a: [waits] })).toMatchObject({ asked: "a", error: waits });
  });

  test.each<[string, Readonly<Record<string, readonly Reply[]>>]>([
    ["an answer", { a: ["A"] }],
    ["a failure", { a: [LASTING] }],
    ["a final error", { a: [FINAL] }],
  ])("has no timer left after %s", async (_what, replies) => {
    await askThose(replies);
    budget.release();
    expect(pendingTimers()).toBeLessThanOrEqual(timersBefore);
  });
});
