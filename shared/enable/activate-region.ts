import { CallError } from "../audit/call-error.ts";
import { retry } from "../retry/retry.ts";
import { startTimeBudget } from "../retry/time-budget.ts";
import type { ChangeContext } from "./change-context.ts";
import type { Outcome } from "./plan.ts";
import { failureOf, mayHaveChanged, tryChange } from "./try-change.ts";
import { waitUntil } from "./wait-until.ts";

/**
 * Activates the flow log service in a region, and waits until its status says so. After any failure
 * the status decides: the service answers in several ways that a region was activated before, and an
 * answer may be lost.
 *
 * @param clientToken - the same for all attempts, so that a repeated call is one to the service
 */
export async function activateRegion(
  regionId: string,
  clientToken: string,
  context: ChangeContext,
): Promise<Outcome> {
  const { cloud, activator } = context;
  let mayBeOurs = false;
  try {
    const opened = await tryChange<"opened" | "already-open">(
      async (limit) => {
        const { value } = await activator.openFlowLogService(regionId, clientToken, limit);
        return mayBeOurs ? "opened" : value;
      },
      async (error) => {
        // A server error is also how the service says that the region was activated before.
        mayBeOurs ||= mayHaveChanged(error) && (error.exchange.httpStatus ?? 0) < 500;
        if (!(await isActivated(regionId, context))) return null;
        return mayBeOurs ? "opened" : "already-open";
      },
      context,
    );
    const reason = await waitUntil(
      async (limit) => (await cloud.isFlowLogServiceActivated(regionId, limit)).value,
      context,
    );
    if (reason !== null) return { outcome: "pending", reason };
    return { outcome: opened === "opened" ? "done" : "already", reason: null };
  } catch (error) {
    return failureOf(error);
  }
}

/** @returns false also where the status could not be read */
async function isActivated(
  regionId: string,
  { cloud, policy, timeoutMs, attemptTimeoutMs }: ChangeContext,
): Promise<boolean> {
  const budget = startTimeBudget(timeoutMs, "TIMEOUT");
  try {
    const { value } = await retry(
      (_attempt, limit) => cloud.isFlowLogServiceActivated(regionId, limit),
      policy,
      budget,
      attemptTimeoutMs,
    );
    return value;
  } catch (error) {
    if (!(error instanceof CallError)) throw error;
    return false;
  } finally {
    budget.release();
  }
}
