import pMap from "p-map";

import type { ScopedAccount } from "../audit/account-scope.ts";
import { RemoteError, RunError } from "../audit/run-error.ts";
import { MAX_PARALLEL_PARTS } from "../audit/run-limits.ts";
import { startTimeBudget, type TimeBudget } from "../retry/time-budget.ts";
import type { PartRead } from "./accept-part.ts";
import { type PartedRun, partEventOf } from "./part-events.ts";
import { type PartEvent, rolesPerSecondOf } from "./part.ts";

/**
 * How much sooner than its invocation a part ends, for the start of an instance and the way of the answer:
 * the smaller of the two.
 */
const OVERHEAD_MS = 5_000;
const OVERHEAD_SHARE = 0.25;

/**
 * Milliseconds before a part is tried again at least: so that no second has calls of STS of both tries, and
 * a service that is busy may have recovered.
 */
const RETRY_WAIT_MS = 1_000;

/** The audit function cannot be invoked at all: it is missing, or the permission is. */
export class NotInvocableError extends RunError {
  override readonly name = "NotInvocableError";
}

/** How parts are audited. */
export interface PartsRun extends PartedRun {
  /** The time of all parts. */
  readonly deadline: TimeBudget;
  /** @throws {@link RemoteError} when there is no answer */
  readonly invoke: (event: PartEvent, budget: TimeBudget) => Promise<unknown>;
  readonly accept: (
    answer: unknown,
    accounts: readonly ScopedAccount[],
    sentAtMs: number,
  ) => PartRead;
  readonly clock: () => Date;
}

/** What an accepted part found, or why there is no report of it. */
export type PartOutcome =
  | Exclude<PartRead, { readonly problem: string }>
  | { readonly lost: string };

/** A try that failed. */
interface FailedTry {
  readonly cause: string;
  readonly code: RemoteError["code"];
}

/**
 * Audits parts, at most {@link MAX_PARALLEL_PARTS} at once. A part that fails, or whose answer is not accepted, is tried once more;
 * the first try has half of the time at most, so that both are within the deadline.
 *
 * @returns the outcomes in the order of the parts
 * @throws {@link NotInvocableError} when all first invocations are refused, so that no part has begun
 */
export async function runParts(
  parts: readonly (readonly ScopedAccount[])[],
  run: PartsRun,
): Promise<readonly PartOutcome[]> {
  const count = parts.length;
  const all = startTimeBudget(run.deadline.remainingMs(), "DEADLINE_EXCEEDED", run.deadline);
  const rounds = Math.ceil(count / MAX_PARALLEL_PARTS);
  let refused = 0;

  const auditPart = async (
    accounts: readonly ScopedAccount[],
    index: number,
  ): Promise<PartOutcome> => {
    const round = Math.floor(index / MAX_PARALLEL_PARTS);
    const time = startTimeBudget(all.remainingMs() / (rounds - round), "TIMEOUT", all);
    const attempt = async (timeMs: number): Promise<PartOutcome | FailedTry> =>
      tryPart(accounts, { index, count }, run, timeMs, time);
    try {
      const halfMs = time.remainingMs() / 2;
      const first = await attempt(halfMs);
      if (!("code" in first)) return first;
      if (isRefusal(first) && round === 0) {
        refused += 1;
        if (refused === Math.min(count, MAX_PARALLEL_PARTS))
          throw new NotInvocableError(first.cause);
      }
      const restMs = time.remainingMs() - halfMs;
      await pause(waitAfter(first, Math.min(restMs, assumingMs(accounts.length, count))), time);
      if (time.endedBy !== null) return { lost: first.cause };
      const second = await attempt(time.remainingMs());
      return "code" in second ? { lost: second.cause } : second;
    } finally {
      time.release();
    }
  };

  try {
    return await pMap(parts, auditPart, { concurrency: MAX_PARALLEL_PARTS });
  } finally {
    // Ends invocations that are still under way.
    all.cancel();
    all.release();
  }
}

async function tryPart(
  accounts: readonly ScopedAccount[],
  place: { readonly index: number; readonly count: number },
  run: PartsRun,
  timeMs: number,
  within: TimeBudget,
): Promise<PartOutcome | FailedTry> {
  const deadlineMs = Math.ceil(timeMs - Math.min(OVERHEAD_MS, timeMs * OVERHEAD_SHARE));
  const event = partEventOf(accounts, run, { ...place, deadlineMs });
  const budget = startTimeBudget(timeMs, "TIMEOUT", within);
  const sentAtMs = run.clock().getTime();
  try {
    const read = run.accept(await run.invoke(event, budget), accounts, sentAtMs);
    if (!("problem" in read)) return read;
    return { cause: `Its answer was not accepted: ${read.problem}.`, code: "FAILED" };
  } catch (error) {
    if (!(error instanceof RemoteError)) throw error;
    return { cause: error.message, code: error.code };
  } finally {
    budget.release();
  }
}

/** Waits, but no longer than the budget. */
async function pause(waitMs: number, within: TimeBudget): Promise<void> {
  const wait = startTimeBudget(waitMs, "TIMEOUT", within);
  await new Promise((resolve) => wait.onEnd(resolve));
  wait.release();
}

function isRefusal({ code }: FailedTry): boolean {
  return code === "NOT_FOUND" || code === "REFUSED";
}

/**
 * Milliseconds before the second try: where the function may still be running, after the time in which it
 * assumes roles, since both together would exceed the rate of STS.
 */
function waitAfter({ code }: FailedTry, runningMs: number): number {
  const mayBeRunning = code === "TIMEOUT" || code === "NO_ANSWER";
  return Math.max(RETRY_WAIT_MS, mayBeRunning ? runningMs : 0);
}

/** Milliseconds in which a part assumes its roles, with room for some that it assumes twice. */
function assumingMs(accountCount: number, count: number): number {
  return (accountCount / rolesPerSecondOf({ count })) * 1_500 + OVERHEAD_MS;
}
