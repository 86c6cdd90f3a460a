import type { AlertPlan } from "../alerts/plan.ts";
import { startTimeBudget, type TimeBudget } from "../retry/time-budget.ts";
import type { DeliveryRecorder } from "./delivery-recorder.ts";

/** For writing the intent to notify: the smaller of the two. */
export const INTENT_TIMEOUT_MS = 3_000;
const INTENT_SHARE = 0.15;

/**
 * Records what is going to be sent to whom, before anything is sent. Limited to a part of the time, so
 * that a state that does not answer costs no alert.
 *
 * @param runTime - the remaining time of the run, where it is limited
 */
export async function writeIntent(
  recorder: DeliveryRecorder,
  { changes }: AlertPlan,
  runTime: TimeBudget | undefined,
): Promise<void> {
  const leftMs = runTime?.remainingMs() ?? Infinity;
  const limitMs = Math.min(INTENT_TIMEOUT_MS, leftMs * INTENT_SHARE);
  const budget = startTimeBudget(limitMs, "TIMEOUT", runTime);
  try {
    await recorder.intended(changes, budget);
  } finally {
    budget.release();
  }
}
