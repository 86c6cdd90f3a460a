import { CallError } from "../audit/call-error.ts";
import type { CallLimit } from "../audit/cloud.ts";
import { retry } from "../retry/retry.ts";
import { startTimeBudget } from "../retry/time-budget.ts";
import type { ChangeContext } from "./change-context.ts";
import type { Outcome } from "./plan.ts";

/** Failures after which the service may have made the change: its answer was lost, or not understood. */
const UNCLEAR: ReadonlySet<string> = new Set([
  "TIMEOUT",
  "UNREACHABLE",
  "DEADLINE_EXCEEDED",
  "MALFORMED_RESPONSE",
]);

/** Whether the service may have made the change although the call failed. */
export function mayHaveChanged({ code, exchange }: CallError): boolean {
  return UNCLEAR.has(code) || (exchange.httpStatus ?? 0) >= 500;
}

/**
 * Makes a change with retries, within its time, and with no retry once the user asked to stop.
 *
 * @param onFailure - called after each failed attempt; returns what to take for the result, or null
 *   where the change was not made. An error that it throws ends the attempts
 * @throws {@link CallError} of the last attempt
 */
export async function tryChange<T>(
  change: (limit: CallLimit) => Promise<T>,
  onFailure: (error: CallError) => Promise<T | null>,
  { policy, timeoutMs, attemptTimeoutMs, stop }: ChangeContext,
): Promise<T> {
  const budget = startTimeBudget(timeoutMs, "TIMEOUT");
  let last: CallError | undefined;
  try {
    return await retry(
      async (_attempt, limit) => {
        if (last !== undefined && stop.aborted) throw last.with({ retryable: "never" });
        try {
          return await change(limit);
        } catch (error) {
          if (!(error instanceof CallError)) throw error;
          const result = await onFailure(error);
          if (result !== null) return result;
          last = error;
          throw error;
        }
      },
      policy,
      budget,
      attemptTimeoutMs,
    );
  } finally {
    budget.release();
  }
}

/**
 * The outcome of a change that failed.
 *
 * @throws the error itself where it is no {@link CallError}: an internal error
 */
export function failureOf(error: unknown): Outcome {
  if (!(error instanceof CallError)) throw error;
  return { outcome: "failed", reason: { code: error.code, message: error.message } };
}
