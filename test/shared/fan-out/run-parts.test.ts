import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { RemoteError, type RemoteErrorCode } from "../../../shared/audit/run-error.ts";
import type { PartEvent } from "../../../shared/fan-out/part.ts";
import { NotInvocableError, runParts } from "../../../shared/fan-out/run-parts.ts";
import { startTimeBudget, type TimeBudget } from "../../../shared/retry/time-budget.ts";
import { accountIdAt, scopedAccounts } from "../../harness/scoped-accounts.ts";

beforeEach(() => {
  vi.useFakeTimers({
    toFake: ["setTimeout", "clearTimeout", "performance", "Date"],
    now: Date.UTC(2026, 10, 28),
  });
});
afterEach(() => {
  vi.useRealTimers();
});

/** What an invocation does: answers after some time, fails after some time, or never ends by itself. */
type Behaviour = Ending | "hang";

interface Ending {
  readonly afterMs: number;
  readonly code?: RemoteErrorCode;
  readonly problem?: string;
}

interface Call {
  readonly index: number;
  readonly atMs: number;
  /** When the client's patience ends. */
  readonly limitMs: number;
  readonly event: PartEvent;
}

const GOOD: Ending = { afterMs: 1_000 };

/** Runs parts of one account each, whose tries behave as told; without more to say, they succeed. */
async function run(
  count: number,
  deadlineMs: number,
  behaviours: Readonly<Record<number, readonly Behaviour[]>>,
) {
  const calls: Call[] = [];
  let endedMs = Number.NaN;
  const startedMs = Date.now();
  const deadline = startTimeBudget(deadlineMs, "DEADLINE_EXCEEDED");
  const invoke = async (event: PartEvent, budget: TimeBudget): Promise<unknown> => {
    const { index } = event.part;
    const tries = calls.filter((call) => call.index === index).length;
    const atMs = Date.now() - startedMs;
    calls.push({ index, atMs, limitMs: atMs + budget.remainingMs(), event });
    const behaviour = behaviours[index]?.[tries] ?? GOOD;
    return new Promise((resolve, reject) => {
      budget.onEnd(() => reject(new RemoteError("no answer in time", { code: "TIMEOUT" })));
      if (behaviour === "hang") return;
      const { afterMs, code, problem } = behaviour;
      setTimeout(() => {
        if (code === undefined) resolve(problem);
        else reject(new RemoteError(`failed with ${code}`, { code }));
      }, afterMs);
    });
  };
  const parts = scopedAccounts(count, ["cn-a"]).map((account) => [account]);
  const running = runParts(parts, {
    runId: "r",
    rules: ["flow-log-service-activated"],
    listed: new Set(),
    deadline,
    clock: () => new Date(),
    invoke,
    accept: (problem) => (typeof problem === "string" ? { problem } : { findings: [] }),
  })
    .finally(() => {
      endedMs = Date.now() - startedMs;
    })
    .then(
      (outcomes) => outcomes.map((outcome) => ("lost" in outcome ? outcome.lost : "accepted")),
      (error: unknown) => error,
    );
  await vi.runAllTimersAsync();
  const outcomes = await running;
  deadline.release();
  return { outcomes, calls, endedMs };
}

const triesOf = (calls: readonly Call[]) => calls.map(({ index, atMs }) => [index, atMs]);

describe("parts", () => {
  test("are audited at once, with half of the time for the first try", async () => {
    const { outcomes, calls } = await run(3, 100_000, {});
    expect(outcomes).toEqual(["accepted", "accepted", "accepted"]);
    expect(triesOf(calls)).toEqual([
      [0, 0],
      [1, 0],
      [2, 0],
    ]);
    for (const { event, limitMs } of calls) {
      expect(limitMs).toBe(50_000);
      expect(event.part).toMatchObject({ count: 3, deadlineMs: 45_000 });
    }
    expect(calls.map(({ event }) => event.accounts)).toEqual([
      [accountIdAt(0)],
      [accountIdAt(1)],
      [accountIdAt(2)],
    ]);
  });

  test.each<[what: string, first: Behaviour, secondAtMs: number]>([
    ["a little later where the function failed", { afterMs: 10, code: "FAILED" }, 1_010],
    [
      "a little later where the answer is rubbish",
      { afterMs: 10, problem: "it is rubbish" },
      1_010,
    ],
    ["a little later where Function Compute is busy", { afterMs: 10, code: "BUSY" }, 1_010],
    ["later where this one alone is refused", { afterMs: 10, code: "REFUSED" }, 1_010],
    [
      "after the time of its roles where the connection was lost, since it may still be running",
      { afterMs: 10, code: "NO_ANSWER" },
      5_047,
    ],
    ["a little later than half of the time where there was no answer", "hang", 51_000],
  ])("are tried once more, %s", async (_what, first, secondAtMs) => {
    const { outcomes, calls } = await run(2, 100_000, { 1: [first] });
    expect(outcomes).toEqual(["accepted", "accepted"]);
    expect(triesOf(calls)).toEqual([
      [0, 0],
      [1, 0],
      [1, secondAtMs],
    ]);
    const [, , second] = calls;
    expect(second?.limitMs).toBe(100_000);
    expect(second?.event.part.deadlineMs).toBe(95_000 - secondAtMs);
  });

  test("have ended before they are tried again", async () => {
    const { calls } = await run(1, 100_000, { 0: ["hang", "hang"] });
    const [first, second] = calls;
    expect(first?.event.part.deadlineMs).toBeLessThan(Number(second?.atMs));
  });

  test.each<[what: string, tries: readonly Behaviour[], lost: string, endedMs: number]>([
    [
      "both fail",
      [
        { afterMs: 10, code: "FAILED" },
        { afterMs: 10, code: "FAILED" },
      ],
      "failed with FAILED",
      1_020,
    ],
    [
      "both answer rubbish",
      [
        { afterMs: 10, problem: "it is rubbish" },
        { afterMs: 10, problem: "it is rubbish" },
      ],
      "Its answer was not accepted: it is rubbish.",
      1_020,
    ],
    ["both hang", ["hang", "hang"], "no answer in time", 100_000],
    [
      "one fails and one hangs",
      [{ afterMs: 10, code: "FAILED" }, "hang"],
      "no answer in time",
      100_000,
    ],
  ])("are lost where %s, and the others are not", async (_what, tries, lost, endedMs) => {
    const { outcomes, calls, endedMs: actualMs } = await run(2, 100_000, { 1: tries });
    expect(outcomes).toEqual(["accepted", lost]);
    expect(calls).toHaveLength(3);
    expect(actualMs).toBeLessThanOrEqual(endedMs);
  });

  test("end a quarter of a short time before their invocation", async () => {
    const { calls } = await run(1, 10_000, {});
    expect(calls[0]?.event.part.deadlineMs).toBe(3_750);
  });

  test("are not tried again where the time is over", async () => {
    const { outcomes, calls } = await run(1, 1_000, { 0: [{ afterMs: 400, code: "BUSY" }] });
    expect(outcomes).toEqual(["failed with BUSY"]);
    expect(calls).toHaveLength(1);
  });

  test("of which there are more than 16 share the time in rounds", async () => {
    const hanging = Object.fromEntries(
      Array.from({ length: 40 }, (_none, index) => [index, ["hang", "hang"] as const]),
    );
    const { outcomes, calls, endedMs } = await run(40, 90_000, hanging);
    expect(outcomes).toEqual(Array.from({ length: 40 }, () => "no answer in time"));
    expect(endedMs).toBe(90_000);
    const startsOf = (index: number) =>
      calls.filter((call) => call.index === index).map(({ atMs }) => atMs);
    expect([0, 16, 32].map(startsOf)).toEqual([
      [0, 16_000],
      [30_000, 46_000],
      [60_000, 76_000],
    ]);
  });
});

describe("where every first invocation is refused", () => {
  test.each<RemoteErrorCode>(["NOT_FOUND", "REFUSED"])("as %s, nothing has begun", async (code) => {
    const refusing = Object.fromEntries(
      Array.from({ length: 20 }, (_none, index) => [index, [{ afterMs: 10, code }]]),
    );
    for (const count of [1, 3, 20]) {
      const { outcomes, calls } = await run(count, 100_000, refusing);
      expect(outcomes).toBeInstanceOf(NotInvocableError);
      expect(calls).toHaveLength(Math.min(count, 16));
    }
  });

  test("but one, the run goes on", async () => {
    const refusal: Behaviour = { afterMs: 10, code: "REFUSED" };
    const { outcomes } = await run(3, 100_000, { 0: [refusal, refusal], 1: [refusal, refusal] });
    expect(outcomes).toEqual(["failed with REFUSED", "failed with REFUSED", "accepted"]);
  });
});

test("an error that is not of an invocation fails the run, and ends the other parts", async () => {
  const deadline = startTimeBudget(100_000, "DEADLINE_EXCEEDED");
  let ended = 0;
  const running = runParts(
    scopedAccounts(2, ["cn-a"]).map((account) => [account]),
    {
      runId: "r",
      rules: [],
      listed: new Set(),
      deadline,
      clock: () => new Date(),
      accept: () => ({ findings: [] }),
      invoke: async (event, budget) => {
        if (event.part.index === 1) throw new TypeError("a fault of this program");
        return new Promise((_resolve, reject) => {
          budget.onEnd(() => {
            ended += 1;
            reject(new RemoteError("ended", { code: "TIMEOUT" }));
          });
        });
      },
    },
  );
  await expect(running).rejects.toThrow("a fault of this program");
  expect(ended).toBe(1);
  deadline.release();
});
