import {
  type AlertPlan,
  type AlertReason,
  hidesAccount,
  type PlanPolicy,
  planWithoutState,
  planWithState,
} from "../audit/alert-plan.ts";
import { alertOf, type Change } from "../audit/alert.ts";
import type { Report } from "../audit/report.ts";
import { AlertError, StateError } from "../audit/run-error.ts";
import { keyOf, openSinceOf } from "../audit/state.ts";
import { type AlertMemory, NO_MEMORY, StateMemory } from "./alert-memory.ts";
import { nameRegions, type RegionNames } from "./region-names.ts";
import {
  deliver,
  type Delivered,
  DELIVERY_TIMEOUT_MS,
  type Delivery,
  type DeliverOptions,
} from "../notify/deliver.ts";
import type { Receiver } from "../notify/receiver.ts";
import { RULES } from "../rules/rules.ts";
import type { Hold, StateStore } from "../state/state-store.ts";
import { describeAlert } from "../run-log.ts";
import { startTimeBudget, type TimeBudget } from "../time-budget.ts";

/** What was due, and what became of it. */
export interface AlertOutcome {
  readonly reason: AlertReason;
  /** One for each receiver that something was due to. */
  readonly deliveries: readonly Delivery[];
  /** What was due to every receiver, and none of them took. */
  readonly unheard: readonly Change[];
  /** What somebody should look at, though the alert was dealt with. */
  readonly warnings: readonly string[];
}

export interface RaiseAlertOptions extends Omit<DeliverOptions, "onTold"> {
  readonly policy: PlanPolicy;
  /** Where it is remembered what was told; null for nowhere. */
  readonly store: StateStore | null;
  /** Names regions in the languages of the receivers. @default as in the report */
  readonly regionNames?: RegionNames | undefined;
}

/** How long another run is waited for where nothing else limits it: a little more than it can take. */
const PATIENCE_MS = 70_000;
/** How much of what the run has left is kept for the delivery, where that is less: a state that hangs costs no alert. */
const DELIVERY_SHARE = 0.5;
/** Kept for what comes after it, the state and the heartbeat: the smaller of the two. */
const AFTERWARDS_MS = 3_000;
const AFTERWARDS_SHARE = 0.15;

/**
 * Tells each receiver what is news to it in a report, and remembers what it accepted.
 *
 * A state that cannot be reached costs repeated alerts, and no lost one: the run alerts as it would
 * without a state, and warns.
 *
 * @throws {@link StateError} when another run has the state and does not let go of it in time
 */
export async function raiseAlert(
  report: Report,
  receivers: readonly Receiver[],
  options: RaiseAlertOptions,
): Promise<AlertOutcome> {
  const { store } = options;
  if (store === null) return raiseWithoutState(report, receivers, options);
  const leftMs = options.within?.remainingMs() ?? Infinity;
  const reserveMs = Math.min(DELIVERY_TIMEOUT_MS + AFTERWARDS_MS, leftMs * DELIVERY_SHARE);
  const within = startTimeBudget(PATIENCE_MS + reserveMs, "DEADLINE_EXCEEDED", options.within);
  try {
    const hold = await take(store, within, reserveMs);
    if (hold instanceof StateError) {
      const outcome = await raiseWithoutState(report, receivers, options);
      return { ...outcome, warnings: [repeated(hold)] };
    }
    try {
      return await raiseWithState(hold, report, receivers, options);
    } finally {
      await hold.release();
    }
  } finally {
    within.release();
  }
}

/** @returns why the state cannot be had, where that is no matter of waiting */
async function take(
  store: StateStore,
  within: TimeBudget,
  reserveMs: number,
): Promise<Hold | StateError> {
  try {
    return await store.take({ within, reserveMs });
  } catch (error) {
    if (error instanceof StateError && error.code === "UNAVAILABLE") return error;
    throw error;
  }
}

async function raiseWithoutState(
  report: Report,
  receivers: readonly Receiver[],
  options: RaiseAlertOptions,
): Promise<AlertOutcome> {
  return carryOut(planWithoutState(report, receivers), report, receivers, NO_MEMORY, options);
}

async function raiseWithState(
  hold: Hold,
  report: Report,
  receivers: readonly Receiver[],
  options: RaiseAlertOptions,
): Promise<AlertOutcome> {
  if (hidesAccount(hold.state, report)) {
    const outcome = await raiseWithoutState(report, receivers, options);
    return { ...outcome, warnings: [...hold.warnings, ACCOUNT_UNKNOWN] };
  }
  const startedAtMs = Date.parse(report.startedAt);
  const finishedAtMs = Date.parse(report.finishedAt);
  const run = { runId: report.runId, startedAtMs, finishedAtMs };
  const plan = planWithState(hold.state, report, receivers, run, options.policy);
  const memory = new StateMemory(hold, plan.state, finishedAtMs);
  const outcome = await carryOut(plan, report, receivers, memory, options);
  await memory.write();
  const problems = memory.problem === null ? [] : [repeated(memory.problem)];
  return { ...outcome, warnings: [...hold.warnings, ...problems] };
}

const ACCOUNT_UNKNOWN =
  "Whose account this is could not be learnt, so nothing of this run is remembered, and alerts may be repeated. Look at the network to STS.";

function repeated({ message }: StateError): string {
  return `${message} Until then alerts may be repeated.`;
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

/** Delivers to all receivers side by side; none hinders another. */
async function carryOut(
  plan: AlertPlan,
  report: Report,
  receivers: readonly Receiver[],
  memory: AlertMemory,
  { within, regionNames, ...options }: RaiseAlertOptions,
): Promise<AlertOutcome> {
  const leftMs = within?.remainingMs() ?? Infinity;
  const deliveryMs = Math.min(
    DELIVERY_TIMEOUT_MS,
    Math.max(leftMs - AFTERWARDS_MS, leftMs * (1 - AFTERWARDS_SHARE)),
  );
  const budget = startTimeBudget(deliveryMs, "TIMEOUT", within);
  const remembered = memory !== NO_MEMORY;
  const openSince = openSinceOf(plan.state);
  const namesFor = nameRegions(regionNames, budget);
  const tell = async (receiver: Receiver): Promise<Delivered[]> => {
    const { name } = receiver;
    const changes = plan.news.get(name);
    const summary = plan.summaries.includes(name);
    if (changes === undefined && !summary) return [];
    const alert = alertOf(summary ? "summary" : "alert", report, RULES, changes ?? [], remembered);
    const localNames = await namesFor(receiver, alert.changes);
    const told = { ...alert, openSince, ...(localNames !== undefined && { localNames }) };
    const delivered = await deliver(receiver, told, {
      ...options,
      within: budget,
      onTold: (told) => memory.told(name, told),
    });
    if (summary && delivered.delivery.status === "delivered") await memory.summarized(name);
    return [delivered];
  };
  try {
    const results = (await Promise.all(receivers.map(tell))).flat();
    return {
      reason: plan.reason,
      deliveries: results.map(({ delivery }) => delivery),
      unheard: unheardOf(plan, receivers, results),
      warnings: [],
    };
  } finally {
    budget.release();
  }
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
