import {
  type AlertPlan,
  type AlertReason,
  hidesAccount,
  type PlanPolicy,
  planWithoutState,
  planWithState,
} from "../alerts/plan.ts";
import type { Report } from "../audit/report.ts";
import { AlertError, StateError } from "../audit/run-error.ts";
import { DELIVERY_TIMEOUT_MS, type DeliverOptions } from "../notify/deliver.ts";
import type { Receiver } from "../notify/receiver.ts";
import { describeAlert } from "./run-log.ts";
import type { StateLock, StateStore } from "../state/state-store.ts";
import { startTimeBudget, type TimeBudget } from "../retry/time-budget.ts";
import { NO_MEMORY, StateMemory } from "./alert-memory.ts";
import { POST_DELIVERY_RESERVE_MS, type PlanOutcome, deliverPlan } from "./deliver-plan.ts";
import type { RegionNames } from "./region-names.ts";

/** What was due, and what became of it. */
export interface AlertOutcome extends PlanOutcome {
  readonly reason: AlertReason;
  /** What somebody should look at, though the alert was dealt with. */
  readonly warnings: readonly string[];
  /** Why the state could not be read or written; null where it could, or there is none. */
  readonly stateProblem: string | null;
}

export interface RaiseAlertOptions extends Omit<DeliverOptions, "onTold"> {
  readonly policy: PlanPolicy;
  /** Where it is remembered what was told; null for nowhere. */
  readonly store: StateStore | null;
  /** Names regions in the languages of the receivers. @default as in the report */
  readonly regionNames?: RegionNames | undefined;
  /** Whether the report is of all that is configured, and nothing narrowed the run. @default false */
  readonly wholeScope?: boolean;
  /** Called before anything is sent: from then on the run is not to be cut short. */
  readonly onDeliver?: () => void;
}

/** How long another run is waited for where nothing else limits it: a little more than it can take. */
const LOCK_WAIT_MS = 70_000;
/** How much of what the run has left is kept for the delivery, where that is less: a state that hangs costs no alert. */
const DELIVERY_SHARE = 0.5;
/** For writing the intent to notify, where that is less: a state that hangs costs no alert. */
const INTENT_TIMEOUT_MS = 3_000;
const INTENT_SHARE = 0.15;

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
  if (store === null) {
    options.onDeliver?.();
    return raiseWithoutState(report, receivers, options);
  }
  const leftMs = options.within?.remainingMs() ?? Infinity;
  const neededMs = INTENT_TIMEOUT_MS + DELIVERY_TIMEOUT_MS + POST_DELIVERY_RESERVE_MS;
  const reserveMs = Math.min(neededMs, leftMs * DELIVERY_SHARE);
  const within = startTimeBudget(LOCK_WAIT_MS + reserveMs, "DEADLINE_EXCEEDED", options.within);
  try {
    const lock = await acquire(store, within, reserveMs);
    if (lock instanceof StateError) {
      options.onDeliver?.();
      const outcome = await raiseWithoutState(report, receivers, options, true);
      return { ...outcome, warnings: [repeated(lock)], stateProblem: lock.message };
    }
    try {
      return await raiseWithState(lock, report, receivers, options);
    } finally {
      await lock.release();
    }
  } finally {
    within.release();
  }
}

/** @returns why the state cannot be had, where that is no matter of waiting */
async function acquire(
  store: StateStore,
  within: TimeBudget,
  reserveMs: number,
): Promise<StateLock | StateError> {
  try {
    return await store.acquire({ within, reserveMs });
  } catch (error) {
    if (error instanceof StateError && error.code === "UNAVAILABLE") return error;
    throw error;
  }
}

async function raiseWithoutState(
  report: Report,
  receivers: readonly Receiver[],
  options: RaiseAlertOptions,
  stateFailed = false,
): Promise<AlertOutcome> {
  const plan = planWithoutState(report, receivers);
  const job = { plan, report, receivers, memory: NO_MEMORY, stateFailed };
  const planOutcome = await deliverPlan(job, options);
  return { ...planOutcome, reason: plan.reason, warnings: [], stateProblem: null };
}

async function raiseWithState(
  lock: StateLock,
  report: Report,
  receivers: readonly Receiver[],
  options: RaiseAlertOptions,
): Promise<AlertOutcome> {
  if (hidesAccount(lock.state, report)) {
    const outcome = await raiseWithoutState(report, receivers, options);
    return { ...outcome, warnings: [...lock.warnings, ACCOUNT_UNKNOWN] };
  }
  const startedAtMs = Date.parse(report.startedAt);
  const finishedAtMs = Date.parse(report.finishedAt);
  const { wholeScope = false, policy } = options;
  const run = { runId: report.runId, startedAtMs, finishedAtMs, wholeScope };
  const plan = planWithState(lock.state, report, receivers, run, policy);
  const memory = new StateMemory(lock, plan.state, finishedAtMs);
  options.onDeliver?.();
  await writeIntent(memory, plan, options);
  const stateFailed = memory.problem !== null;
  const planOutcome = await deliverPlan({ plan, report, receivers, memory, stateFailed }, options);
  await memory.close();
  const { problem } = memory;
  return {
    ...planOutcome,
    reason: plan.reason,
    warnings: [...lock.warnings, ...(problem === null ? [] : [repeated(problem)])],
    stateProblem: problem?.message ?? null,
  };
}

/** A state that hangs costs no alert: only a part of the time is given to it. */
async function writeIntent(
  memory: StateMemory,
  { changes }: AlertPlan,
  { within }: RaiseAlertOptions,
): Promise<void> {
  const leftMs = within?.remainingMs() ?? Infinity;
  const budget = startTimeBudget(
    Math.min(INTENT_TIMEOUT_MS, leftMs * INTENT_SHARE),
    "TIMEOUT",
    within,
  );
  try {
    await memory.intend(changes, budget);
  } finally {
    budget.release();
  }
}

const ACCOUNT_UNKNOWN =
  "Whose account this is could not be learnt, so nothing of this run is remembered, and alerts may be repeated. Look at the network to STS.";

function repeated({ message }: StateError): string {
  return `${message} Until then alerts may be repeated.`;
}

/** @throws {@link AlertError} when an alert was due and no receiver took it, though there are some */
export function assertSomeReceiverNotified(outcome: AlertOutcome): void {
  const { undelivered, deliveries } = outcome;
  if (undelivered.length === 0) return;
  const failures = deliveries
    .filter(({ error }) => error !== null)
    .map(({ error, attempts }) => `${error?.message ?? ""} (attempts: ${attempts})`)
    .join(" ");
  throw new AlertError(`The alert reached nobody. ${failures}`, { done: describeAlert(outcome) });
}
