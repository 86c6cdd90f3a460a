import { setTimeout as sleep } from "node:timers/promises";

import { AttemptError } from "../audit/attempt-error.ts";
import { retryDelayMs, type RetryPolicy } from "./retry.ts";
import { startTimeBudget, type TimeBudget } from "./time-budget.ts";

export interface AskInTurnOptions {
  /** The time of all attempts together. */
  readonly budget: TimeBudget;
  /** Milliseconds of silence after which the next one is asked as well. */
  readonly staggerMs: number;
  /** How long to wait before a failed one is asked once more. */
  readonly policy: Pick<RetryPolicy, "baseDelayMs" | "maxDelayMs">;
  /** Whether another one would fail in the same way. */
  readonly isFinal: (error: unknown) => boolean;
}

/** How often each one is asked at most. */
const ROUNDS = 2;

/**
 * Asks candidates that give the same answer, such as the endpoints of one service. The next one is
 * asked when one fails, or stays silent for `staggerMs`; a late answer of an earlier one still
 * counts. Candidates whose failure may pass are asked once more.
 *
 * @returns the first answer; requests that are still pending are cancelled
 * @throws the first final error, else the last error
 */
export async function askInTurn<C, T>(
  candidates: readonly C[],
  ask: (candidate: C, limit: TimeBudget) => Promise<T>,
  { budget, staggerMs, policy, isFinal }: AskInTurnOptions,
): Promise<T> {
  const within = startTimeBudget(budget.remainingMs(), "TIMEOUT", budget);
  const underWay = new Map<number, Promise<Settled<T>>>();
  const givenUp = new Set<C>();
  let last: { readonly error: unknown } | undefined;

  const start = (turn: number, candidate: C): void => {
    const settled = ask(candidate, within).then(
      (value): Settled<T> => ({ turn, value }),
      (error: unknown): Settled<T> => {
        if (!isPassing(error)) givenUp.add(candidate);
        return { turn, error };
      },
    );
    underWay.set(turn, settled);
  };
  /** The next answer; null for a failure, or for silence. */
  const next = async (silence: Promise<null>): Promise<{ readonly value: T } | null> => {
    const settled = await Promise.race([...underWay.values(), silence]);
    if (settled === null) return null;
    underWay.delete(settled.turn);
    if ("value" in settled) return settled;
    if (isFinal(settled.error)) throw settled.error;
    last = settled;
    return null;
  };

  try {
    const turns = Array.from({ length: ROUNDS }, () => candidates).flat();
    for (const [turn, candidate] of turns.entries()) {
      if (givenUp.has(candidate)) continue;
      if (turn >= candidates.length && !(await pause(last?.error, policy, within))) break;
      start(turn, candidate);
      const answer = await next(silenceOf(staggerMs, within));
      if (answer !== null) return answer.value;
      if (within.endedBy !== null) break;
    }
    while (underWay.size > 0) {
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

function isPassing(error: unknown): boolean {
  return error instanceof AttemptError && error.retryable !== "never";
}

async function silenceOf(ms: number, { signal }: TimeBudget): Promise<null> {
  return sleep(ms, null, { signal }).catch(() => null);
}

/** @returns whether there is time left for another attempt */
async function pause(
  error: unknown,
  policy: AskInTurnOptions["policy"],
  budget: TimeBudget,
): Promise<boolean> {
  const asked = error instanceof AttemptError ? error.retryAfterMs : undefined;
  const delayMs = retryDelayMs({ ...policy, maxAttempts: ROUNDS }, 1, asked, Math.random());
  if (delayMs >= budget.remainingMs()) return false;
  return sleep(delayMs, true, { signal: budget.signal }).catch(() => false);
}
