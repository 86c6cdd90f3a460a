import type { Permission } from "../audit/permission.ts";

/**
 * Lists the VPCs of a region.
 *
 * @see https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-describevpcs
 */
export const DESCRIBE_VPCS: Permission = {
  action: "vpc:DescribeVpcs",
  resource: (accountId) => `acs:vpc:*:${accountId}:vpc/*`,
};

/**
 * Lists the flow logs of a region.
 *
 * @see https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-describeflowlogs
 */
export const DESCRIBE_FLOW_LOGS: Permission = {
  action: "vpc:DescribeFlowLogs",
  resource: (accountId) => `acs:vpc:*:${accountId}:flowlog/*`,
};

/**
 * Lists the network interfaces of a region.
 *
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describenetworkinterfaces
 */
export const DESCRIBE_NETWORK_INTERFACES: Permission = {
  action: "ecs:DescribeNetworkInterfaces",
  resource: (accountId) => `acs:ecs:*:${accountId}:eni/*`,
};

/**
 * Reads the settings of a log store, whichever project it is in.
 *
 * @see https://www.alibabacloud.com/help/en/sls/developer-reference/api-sls-2020-12-30-getlogstore
 */
export const GET_LOG_STORE: Permission = {
  action: "log:GetLogStore",
  resource: (accountId) => `acs:log:*:${accountId}:project/*/logstore/*`,
};
