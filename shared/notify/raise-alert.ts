import { type AlertDecision, decideAlert } from "../audit/alert.ts";
import type { Report } from "../audit/report.ts";
import { AlertError } from "../audit/run-error.ts";
import type { RetryPolicy } from "../retry.ts";
import type { TimeBudget } from "../time-budget.ts";
import { deliver, type Delivery } from "./deliver.ts";
import type { Receiver } from "./receiver.ts";

/** Whether an alert was due, and what became of it. */
export interface AlertOutcome {
  readonly decision: AlertDecision;
  /** One for each receiver; none when no alert was due. */
  readonly deliveries: readonly Delivery[];
}

export interface RaiseAlertOptions {
  readonly clock: () => Date;
  /** The time of the whole run, where that is limited; a delivery takes 25 s at most. */
  readonly within?: TimeBudget | undefined;
  readonly retryPolicy?: RetryPolicy;
}

/** Alerts the receivers where the report makes an alert due. */
export async function raiseAlert(
  report: Report,
  receivers: readonly Receiver[],
  options: RaiseAlertOptions,
): Promise<AlertOutcome> {
  const decision = decideAlert(report);
  if (!decision.due) return { decision, deliveries: [] };
  const { alert } = decision;
  const deliveries = await deliver(receivers, { ...options, alert, at: report.finishedAt });
  return { decision, deliveries };
}

/** @throws {@link AlertError} when an alert was due and no receiver took it, though there are some */
export function assertReachedSomebody({ deliveries }: AlertOutcome): void {
  if (deliveries.length === 0) return;
  if (deliveries.some(({ status }) => status === "delivered")) return;
  const failures = deliveries
    .map(({ error, attempts }) => `${error?.message ?? ""} (attempts: ${attempts})`)
    .join(" ");
  throw new AlertError(`The alert reached nobody. ${failures}`);
}
