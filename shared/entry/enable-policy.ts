import type { Permission } from "../audit/permission.ts";
import { needsKnownRegions } from "../audit/scope.ts";
import type { Config } from "../config/config.ts";
import { flowLogServiceActivated } from "../rules/flow-log-service-activated.ts";
import { DESCRIBE_FLOW_LOGS, DESCRIBE_VPCS, GET_LOG_STORE } from "../rules/permissions.ts";
import type { Rule } from "../rules/rule.ts";
import { VPC_PERMISSIONS } from "../rules/vpc-card.ts";
import { LIST_REGIONS, type PolicyDocument, policyOf } from "./least-policy.ts";

/** Needed to activate the service, and to see whether it is. */
const ACTIVATE: readonly Permission[] = [
  ...flowLogServiceActivated.permissions,
  { action: "vpc:OpenFlowLogService", resource: DESCRIBE_FLOW_LOGS.resource },
];

/**
 * Needed to find the VPCs without a flow log, and to create one.
 *
 * @see https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-createflowlog
 */
const CREATE_FLOW_LOGS: readonly Permission[] = [
  ...VPC_PERMISSIONS,
  GET_LOG_STORE,
  // For the flow log, and for its VPC.
  { action: "vpc:CreateFlowLog", resource: DESCRIBE_FLOW_LOGS.resource },
  { action: "vpc:CreateFlowLog", resource: DESCRIBE_VPCS.resource },
];

/**
 * The least permissions to activate the service in the configured scope, and to audit it afterwards, of
 * the identity that does.
 *
 * @param rules - those of the audit afterwards
 * @param createsFlowLogs - whether flow logs are to be created too
 * @param accountId - the account, or `*` for the account of the identity
 * @see https://api.aliyun.com/document/Vpc/2016-04-28/OpenFlowLogService
 */
export function enablePolicy(
  { regions }: Pick<Config, "regions">,
  rules: readonly Rule[],
  createsFlowLogs: boolean,
  accountId: string,
): PolicyDocument {
  const needed = [
    ...ACTIVATE,
    ...(needsKnownRegions(regions) ? [LIST_REGIONS] : []),
    ...(createsFlowLogs ? CREATE_FLOW_LOGS : []),
    ...rules.flatMap((rule) => rule.permissions),
  ];
  return policyOf(needed, accountId);
}
