import { setTimeout as sleep } from "node:timers/promises";

import { AttemptError } from "../audit/attempt-error.ts";
import { retryDelayMs, type RetryPolicy } from "./retry.ts";
import { startTimeBudget, type TimeBudget } from "./time-budget.ts";

export interface AskInTurnOptions {
  /** Limits the time of all attempts together. */
  readonly budget: TimeBudget;
  /** Milliseconds without an answer after which the next candidate is asked too. */
  readonly staggerMs: number;
  /** The wait before a failed candidate is asked again. */
  readonly policy: Pick<RetryPolicy, "baseDelayMs" | "maxDelayMs">;
  /** Whether every other candidate would fail with the same error. */
  readonly isFinal: (error: unknown) => boolean;
}

/** Attempts for each candidate at most. */
const ROUNDS = 2;

/**
 * Hedged requests to equivalent candidates, such as the endpoints of one service. The next candidate
 * is asked when one fails or has not answered within `staggerMs`; a late answer of an earlier one
 * still counts. Candidates with a transient failure are asked once more.
 *
 * @returns the first answer; pending requests are cancelled
 * @throws the first final error, else the last error
 */
export async function askInTurn<C, T>(
  candidates: readonly C[],
  ask: (candidate: C, limit: TimeBudget) => Promise<T>,
  { budget, staggerMs, policy, isFinal }: AskInTurnOptions,
): Promise<T> {
  const within = startTimeBudget(budget.remainingMs(), "TIMEOUT", budget);
  const pending = new Map<number, Promise<Settled<T>>>();
  const excluded = new Set<C>();
  let last: { readonly error: unknown } | undefined;

  const start = (turn: number, candidate: C): void => {
    const settled = ask(candidate, within).then(
      (value): Settled<T> => ({ turn, value }),
      (error: unknown): Settled<T> => {
        if (!isTransient(error)) excluded.add(candidate);
        return { turn, error };
      },
    );
    pending.set(turn, settled);
  };
  /** The next answer; null for a failure, or when `timeout` resolves first. */
  const next = async (timeout: Promise<null>): Promise<{ readonly value: T } | null> => {
    const settled = await Promise.race([...pending.values(), timeout]);
    if (settled === null) return null;
    pending.delete(settled.turn);
    if ("value" in settled) return settled;
    if (isFinal(settled.error)) throw settled.error;
    last = settled;
    return null;
  };

  try {
    const turns = Array.from({ length: ROUNDS }, () => candidates).flat();
    for (const [turn, candidate] of turns.entries()) {
      if (excluded.has(candidate)) continue;
      if (turn >= candidates.length && !(await pause(last?.error, policy, within))) break;
      start(turn, candidate);
      const answer = await next(timeoutAfter(staggerMs, within));
      if (answer !== null) return answer.value;
      if (within.endedBy !== null) break;
    }
    while (pending.size > 0) {
      const answer = await next(new Promise(() => {}));
      if (answer !== null) return answer.value;
    }
    throw last?.error;
  } finally {
    within.cancel();
    within.release();
  }
}

type Settled<T> = { readonly turn: number } & ({ readonly value: T } | { readonly error: unknown });

function isTransient(error: unknown): boolean {
  return error instanceof AttemptError && error.retryable !== "never";
}

async function timeoutAfter(ms: number, { signal }: TimeBudget): Promise<null> {
  return sleep(ms, null, { signal }).catch(() => null);
}

/** @returns whether there is time left for another attempt */
async function pause(
  error: unknown,
  policy: AskInTurnOptions["policy"],
  budget: TimeBudget,
): Promise<boolean> {
  const retryAfterMs = error instanceof AttemptError ? error.retryAfterMs : undefined;
  const delayMs = retryDelayMs({ ...policy, maxAttempts: ROUNDS }, 1, retryAfterMs, Math.random());
  if (delayMs >= budget.remainingMs()) return false;
  return sleep(delayMs, true, { signal: budget.signal }).catch(() => false);
}
