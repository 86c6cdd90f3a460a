import type { Rule } from "./rule.ts";

/**
 * The VPC flow log service is activated in the region: CIS Alibaba Cloud Foundation Benchmark 2.5.
 *
 * @see https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-getflowlogservicestatus
 */
export const flowLogServiceActivated: Rule = {
  id: "flow-log-service-activated",
  permissions: [
    {
      action: "vpc:GetFlowLogServiceStatus",
      resource: (accountId) => `acs:vpc:*:${accountId}:flowlog/*`,
    },
  ],
  async evaluate(cloud, regionId, limit) {
    const { value: activated, exchange } = await cloud.isFlowLogServiceActivated(regionId, limit);
    return activated
      ? {
          status: "COMPLIANT",
          reason: { code: "ACTIVATED", message: "The flow log service is activated." },
          exchange,
        }
      : {
          status: "NON_COMPLIANT",
          reason: {
            code: "NOT_ACTIVATED",
            message: `The flow log service is not activated. Activate it: aliyun vpc OpenFlowLogService --RegionId ${regionId}`,
          },
          exchange,
        };
  },
};
