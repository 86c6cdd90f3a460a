import type { FindingRemedy } from "../audit/finding.ts";
import type { Control, Remedy, RemedySubject, RuleReason } from "../audit/rule-card.ts";
import type { Rule } from "./rule.ts";

/**
 * Both controls ask for flow logs. A flow log needs the activated service, so activation is the
 * precondition of both controls and meets neither.
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
 * Activation accepts the terms of the service, and cannot be undone.
 *
 * @see https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-openflowlogservice
 * @see https://registry.terraform.io/providers/aliyun/alicloud/latest/docs/data-sources/vpc_flow_log_service
 */
function activate(regionId: string): FindingRemedy & { readonly command: string } {
  return {
    // --region, and not --RegionId: without a region in its profile the command line stops and asks
    // for --region, and it sets RegionId from it.
    command: `aliyun vpc OpenFlowLogService --region ${regionId}`,
    // A data source, in the region of its provider: reading it activates the service.
    terraform: `data "alicloud_vpc_flow_log_service" "${regionId}" {\n  enable = "On"\n}\n`,
  };
}

function remedyOf({ regionId }: RemedySubject): Remedy {
  return {
    ...activate(regionId),
    consoleUrl: `https://vpc.console.aliyun.com/flowlog/${encodeURIComponent(regionId)}/flowlogs`,
    before: {
      en: "Before you activate the service: read and accept its terms. Activation cannot be undone. Run one command at a time within an account.",
      zh: "开通前请先阅读并同意服务条款；开通后无法关闭；同一账号内请勿并发开通。",
    },
    after: {
      note: {
        en: "Still to do: create a flow log. Activation alone records nothing.",
        zh: "仍需创建流日志：仅开通功能不会记录任何流量。",
      },
      linkText: { en: "Create a flow log", zh: "创建流日志" },
    },
  };
}

const REASONS = {
  ACTIVATED: {
    status: "COMPLIANT",
    en: "activated",
    zh: "已开通",
    message: "The flow log service is activated.",
  },
  NOT_ACTIVATED: {
    status: "NON_COMPLIANT",
    en: "not activated",
    zh: "未开通",
    message: "The flow log service is not activated.",
  },
} as const satisfies Readonly<Record<string, RuleReason>>;

/**
 * The VPC flow log service is activated in the region.
 *
 * @see https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-getflowlogservicestatus
 */
export const flowLogServiceActivated: Rule = {
  id: "flow-log-service-activated",
  title: "VPC flow log service is activated",
  // Without the service no VPC of the region can have a flow log.
  severity: "critical",
  controls: CONTROLS,
  doesNotProve: "that a flow log exists or that traffic is recorded",
  subject: "region",
  reasons: REASONS,
  words: {
    en: {
      topic: "VPC flow log service",
      open: "not activated",
      compliant: "activated",
      clauses: {
        isOpen: "the VPC flow log service is not activated",
        isStillOpen: "the VPC flow log service is still not activated",
        wasOpen: "the VPC flow log service was not activated",
        isCompliant: "the VPC flow log service is activated",
      },
    },
    zh: {
      title: "VPC 流日志功能已开通",
      doesNotProve: "已创建流日志或流量已被记录",
      topic: "VPC 流日志功能",
      open: "未开通",
      compliant: "已开通",
      clauses: {
        isOpen: "未开通 VPC 流日志功能",
        isStillOpen: "仍未开通 VPC 流日志功能",
        wasOpen: "未开通 VPC 流日志功能",
        isCompliant: "VPC 流日志功能已开通",
      },
    },
  },
  alertNames: { open: "VpcFlowLogNotActivated", unreadable: "VpcFlowLogStatusUnreadable" },
  remedy: remedyOf,
  permissions: [
    {
      action: "vpc:GetFlowLogServiceStatus",
      resource: (accountId) => `acs:vpc:*:${accountId}:flowlog/*`,
    },
  ],
  async evaluate(region) {
    const { value: activated, evidence } = await region.isFlowLogServiceActivated();
    const { ACTIVATED, NOT_ACTIVATED } = REASONS;
    if (activated) {
      const reason = { code: "ACTIVATED", message: ACTIVATED.message };
      return [{ status: ACTIVATED.status, reason, evidence }];
    }
    const remedy = activate(region.regionId);
    const message = `${NOT_ACTIVATED.message} Activate it: ${remedy.command}`;
    const reason = { code: "NOT_ACTIVATED", message };
    return [{ status: NOT_ACTIVATED.status, reason, evidence, remedy }];
  },
};
