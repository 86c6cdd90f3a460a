import type { Permission } from "../audit/permission.ts";
import { needsKnownRegions } from "../audit/scope.ts";
import type { Config } from "../config/config.ts";
import type { Rule } from "../rules/rule.ts";
import { LIST_REGIONS, type PolicyDocument, policyOf } from "./least-policy.ts";

function flowLogsOf(accountId: string): string {
  return `acs:vpc:*:${accountId}:flowlog/*`;
}

function vpcsOf(accountId: string): string {
  return `acs:vpc:*:${accountId}:vpc/*`;
}

/** Needed to activate the service, and to see whether it is. */
const ACTIVATE: readonly Permission[] = [
  { action: "vpc:GetFlowLogServiceStatus", resource: flowLogsOf },
  { action: "vpc:OpenFlowLogService", resource: flowLogsOf },
];

/**
 * Needed to find the VPCs without a flow log, and to create one.
 *
 * @see https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-createflowlog
 * @see https://help.aliyun.com/zh/sls/developer-reference/api-getlogstore
 */
const CREATE_FLOW_LOGS: readonly Permission[] = [
  { action: "vpc:DescribeVpcs", resource: vpcsOf },
  { action: "vpc:DescribeFlowLogs", resource: flowLogsOf },
  {
    action: "ecs:DescribeNetworkInterfaces",
    resource: (accountId) => `acs:ecs:*:${accountId}:eni/*`,
  },
  {
    action: "log:GetLogStore",
    resource: (accountId) => `acs:log:*:${accountId}:project/*/logstore/*`,
  },
  // For the flow log, and for its VPC.
  { action: "vpc:CreateFlowLog", resource: flowLogsOf },
  { action: "vpc:CreateFlowLog", resource: vpcsOf },
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
