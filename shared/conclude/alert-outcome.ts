import type { AlertReason } from "../alerts/plan.ts";
import { AlertError, EvidenceError } from "../audit/run-error.ts";
import type { PlanOutcome } from "./deliver-plan.ts";
import type { EvidenceOutcome } from "./run-evidence.ts";

/** What was due, and the outcome of its delivery. */
export interface AlertOutcome extends PlanOutcome {
  readonly reason: AlertReason;
  /** Sentences about what needs attention although the alert was delivered. */
  readonly warnings: readonly string[];
  /** Why the state could not be read or written; null where it could, or there is none. */
  readonly stateProblem: string | null;
  /** Null where no evidence is configured. */
  readonly evidence: EvidenceOutcome | null;
}

/** The fields about the alert, and the evidence, in a run's line of the log. */
export function describeAlert({
  reason,
  deliveries,
  evidence,
}: AlertOutcome): Readonly<Record<string, unknown>> {
  const manifestSha256 = evidence?.manifestSha256 ?? null;
  return {
    alert: reason,
    receivers: deliveries,
    ...(manifestSha256 !== null && { evidence: { manifestSha256 } }),
  };
}

/**
 * Checks that a receiver has confirmed each change that was due to all that it is routed to, and that
 * the report was kept where it was to be.
 *
 * @throws {@link AlertError} when none of those receivers has confirmed one
 * @throws {@link EvidenceError} when the report was not kept; an `AlertError` says so too
 */
export function assertConcluded(outcome: AlertOutcome): void {
  const problem = outcome.evidence?.problem ?? null;
  const done = describeAlert(outcome);
  const { undelivered, deliveries } = outcome;
  if (undelivered.length > 0) {
    const failures = deliveries
      .filter(({ error }) => error !== null)
      .map(({ error, attempts }) => `${error?.message ?? ""} (attempts: ${attempts})`);
    const kept = problem === null ? [] : [problem.message];
    const message = ["The alert reached nobody.", ...failures, ...kept].join(" ");
    throw new AlertError(message, { done });
  }
  if (problem !== null) throw new EvidenceError(problem.message, { cause: problem.cause, done });
}
