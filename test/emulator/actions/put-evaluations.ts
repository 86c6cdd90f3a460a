import * as v from "valibot";

import { errorAnswer } from "../answer.ts";
import type { Action } from "../world.ts";

/** What vendor's samples send. The service documents no limits; these are those of AWS Config. */
const Evaluations = v.pipe(
  v.array(
    v.strictObject({
      accountId: v.pipe(v.number(), v.safeInteger()),
      complianceResourceId: v.pipe(v.string(), v.nonEmpty()),
      complianceResourceName: v.pipe(v.string(), v.nonEmpty()),
      complianceResourceType: v.pipe(v.string(), v.regex(/^ACS::\w*::\w+$/)),
      complianceRegionId: v.pipe(v.string(), v.nonEmpty()),
      complianceType: v.picklist(["COMPLIANT", "NON_COMPLIANT", "NOT_APPLICABLE"]),
      annotation: v.pipe(v.string(), v.maxLength(256)),
      orderingTimestamp: v.pipe(v.number(), v.safeInteger()),
    }),
  ),
  v.minLength(1),
  v.maxLength(100),
);

/** @see https://www.alibabacloud.com/help/en/cloud-config/latest/api-config-2020-09-07-putevaluations */
export const putEvaluations: Action = {
  version: "2020-09-07",
  changes: true,
  answer({ form, query, compliance }) {
    if (query.size > 0) return errorAnswer(400, "InvalidParameter", "Send a form.");
    if (!form.get("ResultToken")) return errorAnswer(400, "MissingParameter", "ResultToken");
    const evaluations = v.safeParse(Evaluations, parse(form.get("Evaluations")));
    if (!evaluations.success) return errorAnswer(400, "Invalid.Evaluations.Value", "Evaluations");
    const deleteMode = form.get("DeleteMode");
    if (deleteMode !== null && deleteMode !== "true" && deleteMode !== "false") {
      return errorAnswer(400, "InvalidParameter", "DeleteMode");
    }
    compliance.take(evaluations.output, deleteMode === "true");
    return { status: 200, body: { Result: true } };
  },
  faultFor: ({ world }) => world.faults.PutEvaluations,
};

function parse(json: string | null): unknown {
  try {
    return JSON.parse(json ?? "");
  } catch {
    return null;
  }
}
