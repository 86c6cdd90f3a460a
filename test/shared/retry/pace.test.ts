import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { Pace } from "../../../shared/retry/pace.ts";
import { startTimeBudget, type TimeBudget } from "../../../shared/retry/time-budget.ts";

let deadline: TimeBudget;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  deadline = startTimeBudget(3_600_000, "DEADLINE_EXCEEDED");
});

afterEach(() => {
  deadline.release();
  const left = vi.getTimerCount();
  vi.useRealTimers();
  if (left > 0) throw new Error("a timer is left");
});

/** Enters so often, and returns the times in milliseconds at which the attempts may start. */
async function startsOf(pace: Pace, count: number): Promise<readonly number[]> {
  const beganMs = performance.now();
  const starts: number[] = [];
  const entered = Array.from({ length: count }, async () => {
    const turn = pace.enter();
    if (turn === undefined || (await turn)) starts.push(Math.round(performance.now() - beganMs));
  });
  await vi.advanceTimersByTimeAsync(600_000);
  await Promise.all(entered);
  return starts;
}

/** A peer that allows so many calls a second, as a token bucket. */
function limitedPeer(perSecond: number) {
  let tokens = perSecond;
  let filledAtMs = performance.now();
  return () => {
    const nowMs = performance.now();
    tokens = Math.min(perSecond, tokens + ((nowMs - filledAtMs) / 1_000) * perSecond);
    filledAtMs = nowMs;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}

async function pass(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/**
 * Makes calls that each take 100 ms, so many at once.
 *
 * @returns the milliseconds until all have succeeded, and the attempts that the unluckiest call took
 */
async function makeCalls(calls: number, atOnce: number, perSecond: number) {
  const pace = new Pace(deadline);
  const accepts = limitedPeer(perSecond);
  const beganMs = performance.now();
  let [left, most] = [calls, 0];
  const work = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      for (let attempt = 1; ; attempt += 1) {
        await pace.enter();
        const seen = pace.slowdowns;
        await pass(100);
        most = Math.max(most, attempt);
        if (accepts()) break;
        pace.slowDown(seen);
      }
      pace.succeed();
    }
  };
  let endedMs = 0;
  void Promise.all(Array.from({ length: atOnce }, work)).then(() => {
    endedMs = performance.now();
    return undefined;
  });
  await vi.advanceTimersByTimeAsync(3_000_000);
  return { ms: endedMs - beganMs, most };
}

describe("a pace", () => {
  test("lets everything through until the peer throttles", () => {
    const pace = new Pace(deadline);
    for (let attempt = 0; attempt < 1_000; attempt += 1) expect(pace.enter()).toBeUndefined();
    pace.succeed();
    expect(pace.enter()).toBeUndefined();
  });

  test("spaces attempts then, in the order of arrival", async () => {
    const pace = new Pace(deadline);
    pace.slowDown(0);
    expect(await startsOf(pace, 4)).toEqual([50, 100, 150, 200]);
  });

  test.each([
    ["more with each slowdown", 3, [113, 226]],
    ["but never more than two seconds", 30, [2_000, 4_000]],
  ])("%s", async (_what, slowdowns, expected) => {
    const pace = new Pace(deadline);
    for (let count = 0; count < slowdowns; count += 1) pace.slowDown(pace.slowdowns);
    expect(await startsOf(pace, 2)).toEqual(expected);
  });

  test("does not slow down for attempts that began before it last did", async () => {
    const pace = new Pace(deadline);
    const seen = pace.slowdowns;
    for (let attempt = 0; attempt < 32; attempt += 1) pace.slowDown(seen);
    expect(pace.slowdowns).toBe(1);
    expect(await startsOf(pace, 1)).toEqual([50]);
  });

  test.each([
    [300, 300],
    [60_000, 2_000],
  ])("waits as the peer asks, %i ms, at most two seconds", async (wishMs, startMs) => {
    const pace = new Pace(deadline);
    pace.slowDown(0, wishMs);
    expect(await startsOf(pace, 1)).toEqual([startMs]);
  });

  test("recovers while attempts succeed, until nobody waits", async () => {
    const pace = new Pace(deadline);
    pace.slowDown(0);
    const waits: boolean[] = [];
    for (let attempt = 0; attempt < 1_000; attempt += 1) {
      const turn = pace.enter();
      waits.push(turn !== undefined);
      if (turn !== undefined) {
        await vi.advanceTimersByTimeAsync(100);
        await turn;
      }
      pace.succeed();
    }
    expect(waits.slice(0, 10)).toContain(true);
    expect(waits.slice(-100)).not.toContain(true);
  });

  test("lets all go when it is open again", async () => {
    const onIdle = vi.fn<() => void>();
    const pace = new Pace(deadline, { onIdle });
    pace.slowDown(0);
    const turns = Array.from({ length: 10 }, () => pace.enter());
    expect(pace.isCongested).toBe(true);
    for (let success = 0; success < 1_000; success += 1) pace.succeed();
    expect(await Promise.all(turns.map(async (turn) => turn))).toEqual(turns.map(() => true));
    expect(pace.isCongested).toBe(false);
    expect(onIdle).toHaveBeenCalledOnce();
  });

  test("tells all who wait that the run is over, and those who come later", async () => {
    const pace = new Pace(deadline);
    pace.slowDown(0);
    const turns = [pace.enter(), pace.enter()];
    deadline.cancel();
    expect(await Promise.all(turns.map(async (turn) => turn))).toEqual([false, false]);
    expect(await pace.enter()).toBe(false);
  });
});

describe("a peer with a limit", () => {
  test.each([
    [10, 600, 32],
    [3, 100, 128],
    [50, 2_000, 128],
  ])("of %i calls a second is asked %i times by %i at once", async (perSecond, calls, atOnce) => {
    const { ms, most } = await makeCalls(calls, atOnce, perSecond);
    const leastMs = ((calls - perSecond) / perSecond) * 1_000;
    expect(ms).toBeGreaterThan(0);
    expect(ms).toBeLessThan(1.5 * leastMs + 2_000);
    // Room below the ten attempts that a call has.
    expect(most).toBeLessThanOrEqual(6);
  });
});

describe("a limit of its own", () => {
  test.each([80, 20, 1])("%i in a second is never exceeded, and used", async (maxPerSecond) => {
    const pace = new Pace(deadline, { maxPerSecond });
    const starts = await startsOf(pace, 5 * maxPerSecond);
    expect(starts).toHaveLength(5 * maxPerSecond);
    for (const startMs of starts) {
      const inSecond = starts.filter((other) => other >= startMs && other < startMs + 1_000);
      expect(inSecond.length).toBeLessThanOrEqual(maxPerSecond);
    }
    expect(starts.at(-1)).toBeLessThan(6_000);
  });

  test("is not saved up while nothing is asked", async () => {
    const pace = new Pace(deadline, { maxPerSecond: 20 });
    await vi.advanceTimersByTimeAsync(10_000);
    const starts = await startsOf(pace, 3);
    expect(starts[1]).toBeGreaterThan(40);
  });

  test("is kept too where some attempts take 40 ms longer to arrive than others", async () => {
    await vi.advanceTimersByTimeAsync(1_000);
    const starts = await startsOf(new Pace(deadline, { maxPerSecond: 80 }), 400);
    for (const startMs of starts) {
      const inSecond = starts.filter((other) => other >= startMs && other < startMs + 1_040);
      expect(inSecond.length).toBeLessThanOrEqual(80);
    }
  });

  test("recovers no further than that after a slowdown", async () => {
    const pace = new Pace(deadline, { maxPerSecond: 80 });
    pace.slowDown(0);
    for (let success = 0; success < 1_000; success += 1) pace.succeed();
    const starts = await startsOf(pace, 80);
    expect(starts.at(-1)).toBeGreaterThan(900);
  });
});
