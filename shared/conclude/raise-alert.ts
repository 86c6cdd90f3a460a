import { type AlertPlan, type AlertReason, planWithoutState } from "../audit/alert-plan.ts";
import { alertOf, type Change } from "../audit/alert.ts";
import type { Report } from "../audit/report.ts";
import { AlertError } from "../audit/run-error.ts";
import { keyOf } from "../audit/state.ts";
import { deliver, type Delivered, type Delivery, type DeliverOptions } from "../notify/deliver.ts";
import type { Receiver } from "../notify/receiver.ts";

/** What was due, and what became of it. */
export interface AlertOutcome {
  readonly reason: AlertReason;
  /** One for each receiver that something was due to. */
  readonly deliveries: readonly Delivery[];
  /** What was due to every receiver, and none of them took. */
  readonly unheard: readonly Change[];
}

export type RaiseAlertOptions = Omit<DeliverOptions, "onTold">;

/** Tells each receiver what is news in a report, side by side; none hinders another. */
export async function raiseAlert(
  report: Report,
  receivers: readonly Receiver[],
  options: RaiseAlertOptions,
): Promise<AlertOutcome> {
  const plan = planWithoutState(report, receivers);
  const tell = async (receiver: Receiver): Promise<Delivered[]> => {
    const changes = plan.news.get(receiver.name);
    if (changes === undefined) return [];
    return [await deliver(receiver, alertOf("alert", report, changes, false), options)];
  };
  const results = (await Promise.all(receivers.map(tell))).flat();
  return {
    reason: plan.reason,
    deliveries: results.map(({ delivery }) => delivery),
    unheard: unheardOf(plan, receivers, results),
  };
}

/** @throws {@link AlertError} when an alert was due and no receiver took it, though there are some */
export function assertReachedSomebody(outcome: AlertOutcome): void {
  const { unheard, deliveries } = outcome;
  if (unheard.length === 0) return;
  const failures = deliveries
    .filter(({ error }) => error !== null)
    .map(({ error, attempts }) => `${error?.message ?? ""} (attempts: ${attempts})`)
    .join(" ");
  throw new AlertError(`The alert reached nobody. ${failures}`, { done: describeAlert(outcome) });
}

/** What a run's line in the log says of its alert. */
export function describeAlert({ reason, deliveries }: AlertOutcome) {
  return { alert: reason, receivers: deliveries };
}

/** What was due to every receiver, and none took. Who was not due it knows it already. */
function unheardOf(
  { news }: AlertPlan,
  receivers: readonly Receiver[],
  results: readonly Delivered[],
): Change[] {
  const topicOf = ({ condition, finding }: Change): string => `${condition} ${keyOf(finding)}`;
  const heard = new Set(results.flatMap(({ told }) => told.map(topicOf)));
  const due = receivers.map(({ name }) => new Set((news.get(name) ?? []).map(topicOf)));
  const [first] = receivers;
  return (news.get(first?.name ?? "") ?? []).filter((change) => {
    const topic = topicOf(change);
    return !heard.has(topic) && due.every((topics) => topics.has(topic));
  });
}
