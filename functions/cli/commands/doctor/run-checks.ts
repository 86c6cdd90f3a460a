import { setTimeout as sleep } from "node:timers/promises";

import { startTimeBudget, type TimeBudget } from "../../../../shared/retry/time-budget.ts";
import { type Check, CHECK_TIMEOUT_MS, type SetUp } from "./check.ts";
import { outcomeOfError } from "./outcome-of-error.ts";
import { type CheckResult, goesOn, type Outcome, problem, skipped } from "./outcome.ts";

/** Milliseconds for all checks together. */
const TOTAL_TIMEOUT_MS = 90_000;
/** Milliseconds in which a check whose time is over may still say why. */
const GRACE_MS = 300;

export interface RunChecksOptions {
  /** Milliseconds. @default 90_000 */
  readonly totalMs?: number;
  /** Called when another check is done. */
  readonly onDone?: () => void;
}

/**
 * Makes all checks, those that do not need one another at the same time. None takes longer than its time
 * limit, and all together no longer than theirs.
 *
 * @param checks - each after those that it needs or follows
 * @returns a result for each check, in the same order
 */
export async function runChecks(
  checks: readonly Check[],
  setUp: SetUp,
  { totalMs = TOTAL_TIMEOUT_MS, onDone }: RunChecksOptions = {},
): Promise<readonly CheckResult[]> {
  const total = startTimeBudget(totalMs, "DEADLINE_EXCEEDED");
  const results = new Map<string, Promise<CheckResult>>();
  try {
    for (const check of checks) {
      const result = runCheck(check, setUp, results, total);
      results.set(check.id, onDone === undefined ? result : result.finally(onDone));
    }
    return await Promise.all(results.values());
  } finally {
    total.cancel();
    total.release();
  }
}

async function runCheck(
  { id, title, needs = [], follows = [], timeoutMs = CHECK_TIMEOUT_MS, run }: Check,
  setUp: SetUp,
  earlier: ReadonlyMap<string, Promise<CheckResult>>,
  total: TimeBudget,
): Promise<CheckResult> {
  const needed = await resultsOf(needs, earlier);
  await resultsOf(follows, earlier);
  const startedMs = performance.now();
  const missing = needed.find((result) => !goesOn(result));
  if (missing !== undefined) {
    // Of a chain of checks, the first is the one to fix.
    const becauseOf = missing.becauseOf ?? missing.title;
    const outcome = skipped("NOT_TRIED", `Not tried: it needs "${becauseOf}", see there.`);
    return { ...outcome, id, title, durationMs: 0, becauseOf };
  }
  const outcome = await withinTime(timeoutMs, total, (within) => run(setUp, within));
  return { ...outcome, id, title, durationMs: Math.round(performance.now() - startedMs) };
}

/** The results of checks, of those of them that are made at all. */
async function resultsOf(
  ids: readonly string[],
  earlier: ReadonlyMap<string, Promise<CheckResult>>,
): Promise<readonly CheckResult[]> {
  return Promise.all(ids.flatMap((id) => earlier.get(id) ?? []));
}

async function withinTime(
  timeoutMs: number,
  total: TimeBudget,
  run: (within: TimeBudget) => Promise<Outcome>,
): Promise<Outcome> {
  if (total.endedBy !== null) {
    // A problem of its own: the checks before it may all be fine, and slow.
    return problem("NOT_TRIED", "Not tried: the time for all checks was over.", {
      fix: "Check the network, and run it again.",
    });
  }
  const within = startTimeBudget(timeoutMs, "TIMEOUT", total);
  try {
    return await Promise.race([run(within).catch(outcomeOfError), overtime(within, timeoutMs)]);
  } finally {
    // Cancels what is still under way.
    within.cancel();
    within.release();
  }
}

/** Resolves a little after the time is over, for a check that cannot be cancelled. */
async function overtime(within: TimeBudget, timeoutMs: number): Promise<Outcome> {
  await new Promise<void>((resolve) => within.onEnd(() => resolve()));
  await sleep(GRACE_MS);
  return problem("TIMEOUT", `It was not done within ${timeoutMs / 1_000} s.`, {
    fix: "Check the network, and run it again.",
  });
}
