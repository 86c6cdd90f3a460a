import { setTimeout as sleep } from "node:timers/promises";

import { AttemptError } from "../audit/attempt-error.ts";
import type { Gate } from "./gate.ts";
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
 * @param gate - lets attempts start, and learns which were throttled
 * @throws the operation's last error, or that of the gate
 */
export async function retry<T>(
  operation: (attempt: number, limit: TimeBudget) => Promise<T>,
  policy: RetryPolicy,
  budget: TimeBudget,
  attemptTimeoutMs?: number,
  gate?: Gate,
): Promise<T> {
  let delayMs = 0;
  let last: { readonly error: unknown } | undefined;
  for (let attempt = 1; ; attempt += 1) {
    const turn = gate?.enter(delayMs);
    if (turn !== undefined && !(await turn) && last !== undefined) throw last.error;
    const slowdowns = gate?.slowdowns;
    const limit =
      attemptTimeoutMs === undefined
        ? budget
        : startTimeBudget(attemptTimeoutMs, "TIMEOUT", budget);
    try {
      const value = await operation(attempt, limit);
      gate?.succeed();
      return value;
    } catch (error) {
      const wishMs = delayAfter(error, attempt, policy, gate, budget);
      if (wishMs === null) throw error;
      delayMs = 0;
      if (slowdowns !== undefined && error instanceof AttemptError && error.throttled) {
        gate?.slowDown(slowdowns, error.retryAfterMs);
        delayMs = wishMs;
      } else if (!(await pause(wishMs, budget))) throw error;
      last = { error };
    } finally {
      if (limit !== budget) limit.release();
    }
  }
}

/** Milliseconds before the next attempt; null where there is none. */
function delayAfter(
  error: unknown,
  attempt: number,
  policy: RetryPolicy,
  gate: Gate | undefined,
  budget: TimeBudget,
): number | null {
  if (!(error instanceof AttemptError) || error.retryable === "never") return null;
  if (error.retryable === "once" && attempt > 1) return null;
  const { maxAttempts, maxThrottledAttempts = maxAttempts } = policy;
  if (attempt >= (error.throttled ? maxThrottledAttempts : maxAttempts)) return null;
  const delayMs = retryDelayMs(policy, attempt, error.retryAfterMs, Math.random());
  // A throttled attempt waits at the gate, which is not the operation's time.
  const waits = error.throttled && gate !== undefined ? gate : budget;
  return delayMs < waits.remainingMs() ? delayMs : null;
}

/** @returns whether there is time left for another attempt */
async function pause(ms: number, { signal }: TimeBudget): Promise<boolean> {
  return sleep(ms, true, { signal }).catch(() => false);
}
