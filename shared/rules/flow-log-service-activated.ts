import type { Control, Remedy } from "../audit/rule-card.ts";
import type { Rule } from "./rule.ts";

/**
 * Both controls ask for flow logs, and the use of flow logs begins with the activation of the
 * service: it is their precondition, and meets neither.
 *
 * @see https://www.cisecurity.org/benchmark/alibaba_cloud
 */
const CONTROLS: readonly Control[] = ["2.5", "3.3"].map((id) => ({
  framework: "CIS Alibaba Cloud Foundation Benchmark",
  version: "2.0.0",
  id,
  relation: "precondition",
}));

/**
 * To activate the service is to accept its terms, and nothing deactivates it again.
 *
 * @see https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-openflowlogservice
 * @see https://registry.terraform.io/providers/aliyun/alicloud/latest/docs/data-sources/vpc_flow_log_service
 */
const REMEDY: Remedy = {
  // By --region, and not by --RegionId: the command line asks for a region of its own where no
  // profile has one, and fills RegionId in from it.
  command: (regionId) => `aliyun vpc OpenFlowLogService --region ${regionId}`,
  consoleUrl: (regionId) =>
    `https://vpc.console.aliyun.com/flowlog/${encodeURIComponent(regionId)}/flowlogs`,
  before: {
    en: "Before you activate the service: read and accept its terms. Activation cannot be undone. Run one command at a time within an account.",
    zh: "开通前请先阅读并同意服务条款；开通后无法关闭；同一账号内请勿并发开通。",
  },
  after: {
    en: "Still to do: create a flow log. Activation alone records nothing.",
    zh: "仍需创建流日志：仅开通功能不会记录任何流量。",
  },
};

/**
 * The VPC flow log service is activated in the region.
 *
 * @see https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-getflowlogservicestatus
 */
export const flowLogServiceActivated: Rule = {
  id: "flow-log-service-activated",
  title: "VPC flow log service is activated",
  // It concerns all VPCs of the region at once.
  severity: "critical",
  controls: CONTROLS,
  doesNotProve: "that a flow log exists or that traffic is recorded",
  reasons: {
    ACTIVATED: { status: "COMPLIANT", en: "activated", zh: "已开通" },
    NOT_ACTIVATED: { status: "NON_COMPLIANT", en: "not activated", zh: "未开通" },
  },
  remedy: REMEDY,
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
            message: `The flow log service is not activated. Activate it: ${REMEDY.command(regionId)}`,
          },
          exchange,
        };
  },
};
