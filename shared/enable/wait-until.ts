import { AttemptError } from "../audit/attempt-error.ts";
import { CallError } from "../audit/call-error.ts";
import type { CallLimit } from "../audit/cloud.ts";
import type { Reason } from "../audit/finding.ts";
import { retry } from "../retry/retry.ts";
import { startTimeBudget } from "../retry/time-budget.ts";
import type { ChangeContext } from "./change-context.ts";

/** The status that was read is not yet the one that is waited for. */
class NotYetError extends AttemptError {
  override readonly name = "NotYetError";
}

/** The reason of what was not tried, or not confirmed, because the user asked to stop. */
export const INTERRUPTED: Reason = {
  code: "INTERRUPTED",
  message: "The run was interrupted. Run the same command again to continue.",
};

/**
 * Reads until what was read is as it should be, within the time of a change.
 *
 * @param read - reads once; whether it is as it should be
 * @returns null when it is; otherwise why that is not known
 */
export async function waitUntil(
  read: (limit: CallLimit) => Promise<boolean>,
  { waitPolicy, timeoutMs, attemptTimeoutMs, stop }: ChangeContext,
): Promise<Reason | null> {
  if (stop.aborted) return INTERRUPTED;
  const budget = startTimeBudget(timeoutMs, "TIMEOUT");
  const cancel = (): void => budget.cancel();
  stop.addEventListener("abort", cancel);
  try {
    await retry(
      async (_attempt, limit) => {
        if (!(await read(limit))) throw new NotYetError("not yet", { retryable: "always" });
      },
      waitPolicy,
      budget,
      attemptTimeoutMs,
    );
    return null;
  } catch (error) {
    if (stop.aborted) return INTERRUPTED;
    if (error instanceof CallError) return { code: error.code, message: error.message };
    if (!(error instanceof NotYetError)) throw error;
    return {
      code: "TIMEOUT",
      message: "The service accepted the change and did not confirm it in time.",
    };
  } finally {
    stop.removeEventListener("abort", cancel);
    budget.release();
  }
}
