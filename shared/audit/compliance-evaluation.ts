import type { Answer, CallLimit } from "./cloud.ts";

/**
 * The results that Cloud Config is told. `INSUFFICIENT_DATA` is not among them: a resource that could
 * not be read is left out.
 */
export type ComplianceType = "COMPLIANT" | "NON_COMPLIANT" | "NOT_APPLICABLE";

/** The resource that Cloud Config keeps a result of. */
export interface EvaluatedResource {
  readonly accountId: string;
  /** As Cloud Config writes it, for example `ACS::VPC::VPC`. */
  readonly resourceType: string;
  readonly resourceId: string;
  /** Text from outside. */
  readonly resourceName: string;
  readonly regionId: string;
}

/** The result of one resource. */
export interface ComplianceEvaluation extends EvaluatedResource {
  readonly complianceType: ComplianceType;
  /** At most `MAX_ANNOTATION_LENGTH` UTF-16 code units. */
  readonly annotation: string;
  /** When Cloud Config made the event, in milliseconds since the epoch: the newest result counts. */
  readonly orderingTimestamp: number;
}

/** Cloud Config documents no limit; this is that of AWS Config, whose interface this one resembles. */
export const MAX_ANNOTATION_LENGTH = 256;
/** As {@link MAX_ANNOTATION_LENGTH}. */
export const MAX_EVALUATIONS = 100;

/** Results of one evaluation of a rule of Cloud Config. */
export interface EvaluationBatch {
  /** What identifies the evaluation. It is as good as a password for the results, so it is never shown. */
  readonly resultToken: string;
  /** At most {@link MAX_EVALUATIONS}. */
  readonly evaluations: readonly ComplianceEvaluation[];
  /** Whether the rule's results that this batch does not renew are deleted. */
  readonly deleteMode: boolean;
}

/**
 * The port to Cloud Config. Makes one attempt; retries are the caller's. Rejects with a `CallError`, and
 * with nothing else.
 */
export type PutEvaluations = (batch: EvaluationBatch, limit: CallLimit) => Promise<Answer<true>>;
