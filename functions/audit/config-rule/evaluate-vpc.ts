import type { ComplianceType } from "../../../shared/audit/compliance-evaluation.ts";
import type { Finding, Status } from "../../../shared/audit/finding.ts";
import { annotationOf } from "./annotation.ts";
import { type Evaluated, unreadableBy } from "./evaluate-account.ts";
import type { EvaluationTask } from "./evaluation-task.ts";

/**
 * Evaluates one VPC by the findings of its region. One that is not in the region's list gets
 * `NOT_APPLICABLE`, so that no earlier result of it remains.
 *
 * @param findings - of the VPC's account and region, by the task's rule; empty where the configuration
 *   leaves the region out
 */
export function evaluateVpc(
  { ruleId, resource }: EvaluationTask,
  findings: readonly Finding[],
  orderingTimestamp: number,
): Evaluated {
  const { resourceId, regionId } = resource;
  const found =
    findings.find((finding) => finding.resource?.id === resourceId) ??
    findings.find((finding) => finding.resource === undefined);
  if (found?.status === "INSUFFICIENT_DATA") {
    return { evaluations: [], unreadable: [unreadableBy(resourceId, found)] };
  }
  const isListed = found?.resource !== undefined || found?.status === "IGNORED";
  const message = isListed
    ? found.reason.message
    : `The VPC is not in the list of VPCs of ${regionId}.`;
  const annotation = annotationOf(
    `${ruleId}. ${findings.length === 0 ? `The configuration leaves ${regionId} out.` : message}`,
  );
  return {
    evaluations: [
      { ...resource, complianceType: typeOf(found?.status), annotation, orderingTimestamp },
    ],
    unreadable: [],
  };
}

/** What is exempt is not known to be compliant, whatever was observed. */
function typeOf(status: Exclude<Status, "INSUFFICIENT_DATA"> | undefined): ComplianceType {
  return status === undefined || status === "IGNORED" ? "NOT_APPLICABLE" : status;
}
