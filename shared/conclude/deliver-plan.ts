import { openSinceOf } from "../alerts/alert-state.ts";
import { alertOf, type Change } from "../alerts/alert.ts";
import type { AlertPlan } from "../alerts/plan.ts";
import type { Report } from "../audit/report.ts";
import { sharesOf } from "../audit/route.ts";
import type { RuleCard } from "../audit/rule-card.ts";
import { keyOf } from "../audit/subject.ts";
import {
  deliver,
  type Delivered,
  type Delivery,
  DELIVERY_TIMEOUT_MS,
  type DeliverOptions,
} from "../notify/deliver.ts";
import type { Receiver } from "../notify/receiver.ts";
import { startTimeBudget } from "../retry/time-budget.ts";
import type { DeliveryRecorder } from "./delivery-recorder.ts";
import { nameRegions, type RegionNames } from "./region-names.ts";

/** Time that is kept for the state and the heartbeat after the delivery: the smaller of the two. */
export const POST_DELIVERY_RESERVE_MS = 13_000;
const POST_DELIVERY_RESERVE_SHARE = 0.3;

/** What is to be delivered to whom, and who records it. */
export interface DeliveryJob {
  readonly plan: AlertPlan;
  readonly report: Report;
  readonly receivers: readonly Receiver[];
  readonly recorder: DeliveryRecorder;
  /** Of the report's evidence, see `Alert.evidence`; null where none was kept. @default null */
  readonly manifestSha256?: string | null;
}

export interface DeliverPlanOptions extends Omit<DeliverOptions, "onNotified"> {
  /** Loads the cards of rules; those of rules that this version does not know are left out. */
  readonly loadCards: (ruleIds: readonly string[]) => Promise<readonly RuleCard[]>;
  /** Names regions in the languages of the receivers. @default as in the report */
  readonly regionNames?: RegionNames | undefined;
}

/** The outcome of a delivery to all receivers. */
export interface PlanOutcome {
  /** One for each receiver that something was due to. */
  readonly deliveries: readonly Delivery[];
  /** What was due to every receiver that it is routed to, and none of them confirmed. */
  readonly undelivered: readonly Change[];
}

/** Delivers to all receivers at once; none waits for another. */
export async function deliverPlan(
  { plan, report, receivers, recorder, manifestSha256 = null }: DeliveryJob,
  { within, regionNames, loadCards, ...options }: DeliverPlanOptions,
): Promise<PlanOutcome> {
  const known = await loadCards(ruleIdsOf(plan, report));
  const leftMs = within?.remainingMs() ?? Infinity;
  const deliveryMs = Math.min(
    DELIVERY_TIMEOUT_MS,
    Math.max(leftMs - POST_DELIVERY_RESERVE_MS, leftMs * (1 - POST_DELIVERY_RESERVE_SHARE)),
  );
  const budget = startTimeBudget(deliveryMs, "TIMEOUT", within);
  const { remembers } = recorder;
  // Each alert says so, since its end may never be sent.
  const stateFailed = recorder.problem !== null;
  const openSince = openSinceOf(plan.state);
  const namesFor = nameRegions(regionNames, budget);
  const shareOf = sharesOf(report);
  const notify = async (receiver: Receiver): Promise<Delivered[]> => {
    const { name } = receiver;
    const changes = plan.changes.get(name);
    const summary = plan.summaries.includes(name);
    if (changes === undefined && !summary) return [];
    const kind = summary ? "summary" : "alert";
    const share = shareOf(receiver.only);
    const alert = alertOf(kind, share.report, known, changes ?? [], remembers);
    const localNames = await namesFor(receiver, alert.changes);
    const completed = {
      ...alert,
      openSince,
      ...(localNames !== undefined && { localNames }),
      ...(stateFailed && { stateFailed }),
      ...(manifestSha256 !== null && { evidence: { manifestSha256 } }),
    };
    const record = (confirmed: readonly Change[]): Promise<void> =>
      recorder.delivered(name, confirmed);
    // One that is sent everything in every run may be sent it again: it is recorded once.
    const { wantsEveryRun } = receiver;
    const delivered = await deliver(receiver, completed, {
      ...options,
      within: budget,
      ...(!wantsEveryRun && { onNotified: record }),
    });
    if (wantsEveryRun && delivered.notified.length > 0) await record(delivered.notified);
    recorder.failed(name, missingOf(alert.changes, [...delivered.notified, ...delivered.unknown]));
    if (summary && delivered.delivery.status === "delivered") await recorder.summarized(name);
    return [delivered];
  };
  try {
    const results = (await Promise.all(receivers.map(notify))).flat();
    return {
      deliveries: results.map(({ delivery }) => delivery),
      undelivered: undeliveredOf(plan, report, receivers, results),
    };
  } finally {
    budget.release();
  }
}

/** The rules of a report, and those that only a change is about: a rule may have left the scope. */
function ruleIdsOf({ changes }: AlertPlan, { rules }: Report): string[] {
  const ids = new Set(rules.map(({ id }) => id));
  for (const due of changes.values()) for (const { finding } of due) ids.add(finding.ruleId);
  return [...ids];
}

/** The changes that are not among others. */
function missingOf(changes: readonly Change[], others: readonly Change[]): Change[] {
  const known = new Set(others);
  return changes.filter((change) => !known.has(change));
}

/**
 * What was due to every receiver that it is routed to, and none confirmed. One that it was not due to
 * was notified earlier.
 */
function undeliveredOf(
  { changes }: AlertPlan,
  report: Report,
  receivers: readonly Receiver[],
  results: readonly Delivered[],
): Change[] {
  const isMissing = results.some(
    ({ delivery: { name }, notified }) => missingOf(changes.get(name) ?? [], notified).length > 0,
  );
  if (!isMissing) return [];
  const topicOf = ({ condition, finding }: Change): string => `${condition} ${keyOf(finding)}`;
  const confirmed = new Set(results.flatMap(({ notified }) => notified.map(topicOf)));
  const unconfirmed = new Map(
    [...changes.values()]
      .flat()
      .map((change) => [topicOf(change), change] as const)
      .filter(([topic]) => !confirmed.has(topic)),
  );
  if (unconfirmed.size === 0) return [];
  const shareOf = sharesOf(report);
  const routes = receivers.map(({ name, only }) => ({
    due: new Set((changes.get(name) ?? []).map(topicOf)),
    takes: shareOf(only).takes,
  }));
  return [...unconfirmed]
    .filter(([topic, { finding }]) =>
      routes.every(({ due, takes }) => due.has(topic) || !takes(finding)),
    )
    .map(([, change]) => change);
}
