import { setTimeout as sleep } from "node:timers/promises";

import { AttemptError } from "../audit/attempt-error.ts";
import { startTimeBudget, type TimeBudget } from "./time-budget.ts";

export interface RetryPolicy {
  /** Number of attempts, including the first. */
  readonly maxAttempts: number;
  /** Number of attempts while the peer throttles. @default maxAttempts */
  readonly maxThrottledAttempts?: number;
  /** Milliseconds: the maximum wait before the second attempt; it doubles with each further one. */
  readonly baseDelayMs: number;
  /** Milliseconds: the limit of that wait. A `Retry-After` of the service may exceed it. */
  readonly maxDelayMs: number;
}

/**
 * The wait before the next attempt: the one that the service requested, else exponential backoff
 * with full jitter.
 *
 * @param failedAttempts - number of failed attempts, from 1
 * @param retryAfterMs - the wait that the service requested, if any
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
 * Runs an operation until it succeeds, its error is not an {@link AttemptError} that allows another
 * attempt, the policy's attempts are used up, or the next wait exceeds the remaining budget.
 *
 * @param operation - called with the number of the attempt, from 1, and its time limit
 * @param budget - limits the time of all attempts and of the waits between them
 * @param attemptTimeoutMs - milliseconds for one attempt, so that a lost answer leaves time for
 *   another attempt. @default the remaining budget
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
      if (!(await waitAfter(error, attempt, policy, budget))) throw error;
    } finally {
      if (limit !== budget) limit.release();
    }
  }
}

/** Waits before the next attempt. @returns whether there is one */
async function waitAfter(
  error: unknown,
  attempt: number,
  policy: RetryPolicy,
  budget: TimeBudget,
): Promise<boolean> {
  if (!(error instanceof AttemptError) || error.retryable === "never") return false;
  if (error.retryable === "once" && attempt > 1) return false;
  const { maxAttempts, maxThrottledAttempts = maxAttempts } = policy;
  if (attempt >= (error.throttled ? maxThrottledAttempts : maxAttempts)) return false;
  const delayMs = retryDelayMs(policy, attempt, error.retryAfterMs, Math.random());
  if (delayMs >= budget.remainingMs()) return false;
  return sleep(delayMs, true, { signal: budget.signal }).catch(() => false);
}
