import type { Permission } from "../audit/permission.ts";
import { type PolicyDocument, policyOf } from "./least-policy.ts";

/** RAM knows no narrower resource, and no condition, for it. */
const PUT_EVALUATIONS: Permission = { action: "config:PutEvaluations", resource: () => "*" };

/**
 * The policy of an audit function that rules of Cloud Config invoke: it also sends them its results.
 *
 * @param policy - that of its audits
 * @see https://www.alibabacloud.com/help/en/cloud-config/latest/api-config-2020-09-07-putevaluations
 */
export function cloudConfigPolicy({ Version, Statement }: PolicyDocument): PolicyDocument {
  return { Version, Statement: [...Statement, ...policyOf([PUT_EVALUATIONS], "*").Statement] };
}
