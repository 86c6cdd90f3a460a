import type { AlertReason } from "../alerts/plan.ts";
import { AlertError } from "../audit/run-error.ts";
import type { PlanOutcome } from "./deliver-plan.ts";

/** What was due, and the outcome of its delivery. */
export interface AlertOutcome extends PlanOutcome {
  readonly reason: AlertReason;
  /** Sentences about what needs attention although the alert was delivered. */
  readonly warnings: readonly string[];
  /** Why the state could not be read or written; null where it could, or there is none. */
  readonly stateProblem: string | null;
}

/** The fields about the alert in a run's line of the log. */
export function describeAlert({
  reason,
  deliveries,
}: AlertOutcome): Readonly<Record<string, unknown>> {
  return { alert: reason, receivers: deliveries };
}

/**
 * Checks that a receiver has confirmed each change that was due to all that it is routed to.
 *
 * @throws {@link AlertError} when none of those receivers has confirmed one
 */
export function assertSomeReceiverNotified(outcome: AlertOutcome): void {
  const { undelivered, deliveries } = outcome;
  if (undelivered.length === 0) return;
  const failures = deliveries
    .filter(({ error }) => error !== null)
    .map(({ error, attempts }) => `${error?.message ?? ""} (attempts: ${attempts})`)
    .join(" ");
  throw new AlertError(`The alert reached nobody. ${failures}`, { done: describeAlert(outcome) });
}
