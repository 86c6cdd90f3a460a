import { CallError } from "../../../shared/audit/call-error.ts";
import {
  type ComplianceEvaluation,
  type EvaluationBatch,
  MAX_EVALUATIONS,
  type PutEvaluations,
} from "../../../shared/audit/compliance-evaluation.ts";
import { retry } from "../../../shared/retry/retry.ts";
import type { TimeBudget } from "../../../shared/retry/time-budget.ts";
import { CLOUD_RETRY_POLICY } from "../../../shared/run/run-audit.ts";

/** Results to send, however many. */
export interface Outbox extends Omit<EvaluationBatch, "evaluations"> {
  readonly evaluations: readonly ComplianceEvaluation[];
}

/** What Cloud Config has taken. */
export interface Sent {
  readonly sent: number;
  /** Whether results that were not renewed are deleted. */
  readonly deleteMode: boolean;
  /** Why the others were not sent; null where all were. */
  readonly failure: CallError | null;
}

/**
 * Sends results, in as many calls as they need. Several calls delete nothing, because each would delete
 * what the others have sent.
 *
 * @param budget - the time of all attempts
 * @param attemptTimeoutMs - milliseconds for one attempt
 */
export async function sendEvaluations(
  { resultToken, evaluations, deleteMode: wantsDelete }: Outbox,
  put: PutEvaluations,
  budget: TimeBudget,
  attemptTimeoutMs: number,
): Promise<Sent> {
  const deleteMode = wantsDelete && evaluations.length > 0 && evaluations.length <= MAX_EVALUATIONS;
  let sent = 0;
  while (sent < evaluations.length) {
    const batch = evaluations.slice(sent, sent + MAX_EVALUATIONS);
    try {
      await retry(
        (_attempt, limit) => put({ resultToken, evaluations: batch, deleteMode }, limit),
        CLOUD_RETRY_POLICY,
        budget,
        attemptTimeoutMs,
      );
    } catch (error) {
      if (!(error instanceof CallError)) throw error;
      return { sent, deleteMode: false, failure: error };
    }
    sent += batch.length;
  }
  return { sent, deleteMode, failure: null };
}
