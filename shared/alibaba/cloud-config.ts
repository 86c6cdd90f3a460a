import * as v from "valibot";

import { CallError } from "../audit/call-error.ts";
import type { Answer, CallLimit } from "../audit/cloud.ts";
import type { ComplianceEvaluation, EvaluationBatch } from "../audit/compliance-evaluation.ts";
import { askRpc } from "./sdk/ask-rpc.ts";
import type { ClientTarget } from "./sdk/ask.ts";

const Taken = v.object({ RequestId: v.optional(v.string()), Result: v.boolean() });

/**
 * Sends Cloud Config the results of a custom rule, as a form: in a URL, the token would be in logs.
 *
 * @throws `CallError`, and no other error, also where the service answers that it has not taken them
 * @see https://www.alibabacloud.com/help/en/cloud-config/latest/api-config-2020-09-07-putevaluations
 */
export async function putEvaluations(
  target: ClientTarget,
  { resultToken, evaluations, deleteMode }: EvaluationBatch,
  limit: CallLimit,
): Promise<Answer<true>> {
  const form = {
    ResultToken: resultToken,
    DeleteMode: String(deleteMode),
    Evaluations: JSON.stringify(evaluations.map(itemOf)),
  };
  const { value, exchange } = await askRpc(
    {
      product: "config",
      operation: "PutEvaluations",
      version: "2020-09-07",
      form,
      // There is one endpoint for all regions.
      hostProvesRegion: false,
    },
    target,
    Taken,
    limit,
  );
  if (value.Result) return { value: true, exchange };
  throw new CallError(
    "SERVICE_ERROR",
    "The service answered that it has not taken them (HTTP 200, Result: false). The result token may have expired: run the rule again.",
    { exchange, retryable: "once" },
  );
}

/** A result as the service reads it. */
function itemOf(evaluation: ComplianceEvaluation) {
  const { accountId } = evaluation;
  const digits = Number(accountId);
  return {
    // A number, as in the event, unless digits would be lost.
    accountId: String(digits) === accountId ? digits : accountId,
    complianceResourceId: evaluation.resourceId,
    complianceResourceName: evaluation.resourceName,
    complianceResourceType: evaluation.resourceType,
    complianceRegionId: evaluation.regionId,
    complianceType: evaluation.complianceType,
    annotation: evaluation.annotation,
    orderingTimestamp: evaluation.orderingTimestamp,
  };
}
