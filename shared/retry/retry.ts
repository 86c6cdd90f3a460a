import { setTimeout as sleep } from "node:timers/promises";

import { AttemptError } from "../audit/attempt-error.ts";
import { startTimeBudget, type TimeBudget } from "./time-budget.ts";

export interface RetryPolicy {
  /** Attempts in all, the first included. */
  readonly maxAttempts: number;
  /** Milliseconds: the longest wait before the second attempt; it doubles from then on. */
  readonly baseDelayMs: number;
  /** Milliseconds: no wait of our own choice is longer. */
  readonly maxDelayMs: number;
}

/**
 * The wait before the next attempt: what the other side asked for, else exponential with full
 * jitter.
 *
 * @param failedAttempts - how many there were, from 1
 * @param retryAfterMs - what the other side asked for, if it did
 * @param random - from 0 to below 1
 * @returns milliseconds
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function retryDelayMs(
  policy: RetryPolicy,
  failedAttempts: number,
  retryAfterMs: number | undefined,
  random: number,
): number {
  const ceilingMs = Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** (failedAttempts - 1));
  return retryAfterMs ?? ceilingMs * random;
}

/**
 * Runs an operation until it succeeds, its error is no {@link AttemptError} that allows another
 * attempt, the policy's attempts are used up, or the next wait would not fit into the budget.
 *
 * @param operation - gets the number of the attempt, from 1, and the time that it has
 * @param budget - the time of all attempts and the waits between them
 * @param attemptTimeoutMs - milliseconds of one attempt at most, so that one lost answer leaves time
 *   for another attempt; left out: what is left of the budget
 * @throws the operation's last error
 */
export async function retry<T>(
  operation: (attempt: number, limit: TimeBudget) => Promise<T>,
  policy: RetryPolicy,
  budget: TimeBudget,
  attemptTimeoutMs?: number,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    const limit =
      attemptTimeoutMs === undefined
        ? budget
        : startTimeBudget(attemptTimeoutMs, "TIMEOUT", budget);
    try {
      return await operation(attempt, limit);
    } catch (error) {
      if (attempt >= policy.maxAttempts || !(await waitAfter(error, attempt, policy, budget))) {
        throw error;
      }
    } finally {
      if (limit !== budget) limit.release();
    }
  }
}

/** @returns whether there may be another attempt, once the time for it has come */
async function waitAfter(
  error: unknown,
  attempt: number,
  policy: RetryPolicy,
  budget: TimeBudget,
): Promise<boolean> {
  if (!(error instanceof AttemptError) || error.retryable === "never") return false;
  if (error.retryable === "once" && attempt > 1) return false;
  const delayMs = retryDelayMs(policy, attempt, error.retryAfterMs, Math.random());
  if (delayMs >= budget.remainingMs()) return false;
  return sleep(delayMs, true, { signal: budget.signal }).catch(() => false);
}
