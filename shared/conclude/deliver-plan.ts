import type { AlertPlan } from "../alerts/plan.ts";
import { alertOf, type Change } from "../alerts/alert.ts";
import type { Report } from "../audit/report.ts";
import { openSinceOf } from "../alerts/alert-state.ts";
import { keyOf } from "../audit/subject.ts";
import {
  deliver,
  type Delivered,
  type Delivery,
  DELIVERY_TIMEOUT_MS,
  type DeliverOptions,
} from "../notify/deliver.ts";
import type { Receiver } from "../notify/receiver.ts";
import { RULES } from "../rules/rules.ts";
import { startTimeBudget } from "../retry/time-budget.ts";
import { type AlertMemory, NO_MEMORY } from "./alert-memory.ts";
import { nameRegions, type RegionNames } from "./region-names.ts";

/** Kept for what comes after the delivery, the state and the heartbeat: the smaller of the two. */
export const POST_DELIVERY_RESERVE_MS = 13_000;
const POST_DELIVERY_RESERVE_SHARE = 0.3;

/** What is to be delivered, and who takes note of it. */
export interface DeliveryJob {
  readonly plan: AlertPlan;
  readonly report: Report;
  readonly receivers: readonly Receiver[];
  readonly memory: AlertMemory;
  /** Whether there is a state that cannot be read or written: each alert says so. */
  readonly stateFailed: boolean;
}

export interface DeliverPlanOptions extends DeliverOptions {
  /** Names regions in the languages of the receivers. @default as in the report */
  readonly regionNames?: RegionNames | undefined;
}

/** What became of it. */
export interface PlanOutcome {
  /** One for each receiver that something was due to. */
  readonly deliveries: readonly Delivery[];
  /** What was due to every receiver, and none of them took. */
  readonly undelivered: readonly Change[];
}

/** Delivers to all receivers side by side; none hinders another. */
export async function deliverPlan(
  { plan, report, receivers, memory, stateFailed }: DeliveryJob,
  { within, regionNames, ...options }: DeliverPlanOptions,
): Promise<PlanOutcome> {
  const leftMs = within?.remainingMs() ?? Infinity;
  const deliveryMs = Math.min(
    DELIVERY_TIMEOUT_MS,
    Math.max(leftMs - POST_DELIVERY_RESERVE_MS, leftMs * (1 - POST_DELIVERY_RESERVE_SHARE)),
  );
  const budget = startTimeBudget(deliveryMs, "TIMEOUT", within);
  const remembered = memory !== NO_MEMORY;
  const openSince = openSinceOf(plan.state);
  const namesFor = nameRegions(regionNames, budget);
  const tell = async (receiver: Receiver): Promise<Delivered[]> => {
    const { name } = receiver;
    const changes = plan.changes.get(name);
    const summary = plan.summaries.includes(name);
    if (changes === undefined && !summary) return [];
    const kind = summary ? "summary" : "alert";
    const alert = alertOf(kind, report, RULES, changes ?? [], remembered);
    const localNames = await namesFor(receiver, alert.changes);
    const notified = {
      ...alert,
      openSince,
      ...(localNames !== undefined && { localNames }),
      ...(stateFailed && { stateFailed }),
    };
    const delivered = await deliver(receiver, notified, {
      ...options,
      within: budget,
      onNotified: (notified) => memory.notified(name, notified),
    });
    const arrived = new Set([...delivered.notified, ...delivered.unknown]);
    memory.failed(
      name,
      alert.changes.filter((change) => !arrived.has(change)),
    );
    if (summary && delivered.delivery.status === "delivered") await memory.summarized(name);
    return [delivered];
  };
  try {
    const results = (await Promise.all(receivers.map(tell))).flat();
    return {
      deliveries: results.map(({ delivery }) => delivery),
      undelivered: undeliveredOf(plan, receivers, results),
    };
  } finally {
    budget.release();
  }
}

/** What was due to every receiver, and none took. Who was not due it knows it already. */
function undeliveredOf(
  { changes }: AlertPlan,
  receivers: readonly Receiver[],
  results: readonly Delivered[],
): Change[] {
  const topicOf = ({ condition, finding }: Change): string => `${condition} ${keyOf(finding)}`;
  const heard = new Set(results.flatMap(({ notified }) => notified.map(topicOf)));
  const due = receivers.map(({ name }) => new Set((changes.get(name) ?? []).map(topicOf)));
  const [first] = receivers;
  return (changes.get(first?.name ?? "") ?? []).filter((change) => {
    const topic = topicOf(change);
    return !heard.has(topic) && due.every((topics) => topics.has(topic));
  });
}
