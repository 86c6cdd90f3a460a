import { EMPTY_STATE, type State } from "../alerts/alert-state.ts";
import {
  type AlertPlan,
  hidesAccount,
  type PlanPolicy,
  planWithoutState,
  planWithState,
} from "../alerts/plan.ts";
import type { Report } from "../audit/report.ts";
import type { StateError } from "../audit/run-error.ts";
import type { Receiver } from "../notify/receiver.ts";
import type { StateStore } from "../state/state-store.ts";
import type { AlertOutcome } from "./alert-outcome.ts";
import { deliverPlan, type DeliverPlanOptions } from "./deliver-plan.ts";
import { type DeliveryRecorder, recordNothing } from "./delivery-recorder.ts";
import { DELIVERY_NEEDS_MS, type LockedState, lockState } from "./lock-state.ts";
import type { RunEvidence } from "./run-evidence.ts";
import { StateRecorder } from "./state-recorder.ts";
import { writeIntent } from "./write-intent.ts";

export interface RaiseAlertOptions extends DeliverPlanOptions {
  readonly policy: PlanPolicy;
  /** Where notifications are remembered; null for nowhere. */
  readonly store: StateStore | null;
  /** Whether the report covers all that is configured, and nothing narrowed the run. @default false */
  readonly wholeScope?: boolean;
  /** Keeps the report; null where no evidence is configured. @default null */
  readonly evidence?: RunEvidence | null;
  /** Called before anything is kept or sent: from then on the run must not be cut short. */
  readonly onDeliver?: () => void;
}

/**
 * Keeps a report as evidence, notifies each receiver of what it does not know yet of it, and remembers
 * what it confirmed.
 *
 * Where the state cannot be read or written, alerts may be repeated but none is lost: the run alerts as
 * without a state, and warns.
 *
 * @throws `StateError` when another run holds the lock of the state and does not release it in time
 */
export async function raiseAlert(
  report: Report,
  receivers: readonly Receiver[],
  options: RaiseAlertOptions,
): Promise<AlertOutcome> {
  const { store, within, onDeliver, evidence = null } = options;
  if (evidence !== null) {
    onDeliver?.();
    await evidence.store(report, within);
  }
  const locked = await lockState(store, within, DELIVERY_NEEDS_MS + (evidence?.neededMs ?? 0));
  try {
    const chained = await evidence?.chain(locked, within);
    const state = chained ?? locked.lock?.state ?? EMPTY_STATE;
    const { plan, recorder, warnings } = planAlert(locked, state, report, receivers, options);
    onDeliver?.();
    await writeIntent(recorder, plan, within);
    const kept = evidence?.outcome ?? null;
    const job = { plan, report, receivers, recorder, manifestSha256: kept?.manifestSha256 ?? null };
    const outcome = await deliverPlan(job, options);
    await recorder.finished();
    const { problem } = recorder;
    return {
      ...outcome,
      reason: plan.reason,
      warnings: [
        ...warnings,
        ...(evidence?.warnings ?? []),
        ...notRouted(plan),
        ...(problem === null ? [] : [mayRepeat(problem)]),
      ],
      stateProblem: problem?.message ?? null,
      evidence: kept,
    };
  } finally {
    await locked.release();
  }
}

interface PlannedAlert {
  readonly plan: AlertPlan;
  readonly recorder: DeliveryRecorder;
  readonly warnings: readonly string[];
}

function planAlert(
  { lock, problem }: LockedState,
  state: State,
  report: Report,
  receivers: readonly Receiver[],
  { policy, wholeScope = false }: RaiseAlertOptions,
): PlannedAlert {
  if (lock === null) {
    const plan = planWithoutState(report, receivers);
    return { plan, recorder: recordNothing(problem), warnings: [] };
  }
  if (hidesAccount(state, report)) {
    const plan = planWithoutState(report, receivers);
    const warnings = [...lock.warnings, ACCOUNT_UNKNOWN];
    return { plan, recorder: recordNothing(null), warnings };
  }
  const startedAtMs = Date.parse(report.startedAt);
  const finishedAtMs = Date.parse(report.finishedAt);
  const run = { runId: report.runId, startedAtMs, finishedAtMs, wholeScope };
  const plan = planWithState(state, report, receivers, run, policy);
  const recorder = new StateRecorder(lock, plan.state, finishedAtMs);
  return { plan, recorder, warnings: lock.warnings };
}

const ACCOUNT_UNKNOWN =
  "Whose account this is could not be learnt, so nothing of this run is remembered, and alerts may be repeated. Look at the network to STS.";

function notRouted({ unrouted }: AlertPlan): string[] {
  if (unrouted === 0) return [];
  const findings = unrouted === 1 ? "1 open finding is" : `${unrouted} open findings are`;
  return [`${findings} routed to no receiver. Give a receiver without "only", or widen one.`];
}

function mayRepeat({ message }: StateError): string {
  return `${message} Until then alerts may be repeated.`;
}
