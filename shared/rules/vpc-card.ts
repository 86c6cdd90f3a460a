import type { FindingRemedy } from "../audit/finding.ts";
import type { Remedy, RemedySubject, ResourceKind, RuleReason, Texts } from "../audit/rule-card.ts";
import { DESCRIBE_FLOW_LOGS, DESCRIBE_NETWORK_INTERFACES, DESCRIBE_VPCS } from "./permissions.ts";

export const VPC_TYPE = "ACS::VPC::VPC";

/** The subjects of the rules about VPCs. */
export const VPC_KIND: ResourceKind = {
  type: VPC_TYPE,
  noun: { en: { one: "VPC", other: "VPCs" }, zh: "个 VPC" },
};

/** The lists that the rules about VPCs read. */
export const VPC_PERMISSIONS = [DESCRIBE_VPCS, DESCRIBE_FLOW_LOGS, DESCRIBE_NETWORK_INTERFACES];

/** The reasons that the rules about VPCs have in common. */
export const VPC_REASONS = {
  NO_RESOURCES: {
    status: "NOT_APPLICABLE",
    en: "no VPC in the region",
    zh: "地域内没有 VPC",
    message: "The region has no VPC.",
  },
  SHARED_BY_OWNER: {
    status: "NOT_APPLICABLE",
    en: "shared by another account",
    zh: "由其他账号共享",
    message: "The VPC is shared by another account.",
  },
  STATE_UNKNOWN: {
    status: "INSUFFICIENT_DATA",
    en: "state not known",
    zh: "状态未知",
    message: "The answer does not say whether the resource is compliant.",
  },
} as const satisfies Readonly<Record<string, RuleReason>>;

/** Of the rules that judge the active flow logs alone. */
export const NO_ACTIVE_FLOW_LOG = {
  status: "NOT_APPLICABLE",
  en: "no active flow log",
  zh: "没有已启动的流日志",
  message: "The VPC has no active flow log.",
} as const satisfies RuleReason;

/** No command and no Terraform: the message says what to do, on the page of the console. */
export const BY_HAND: FindingRemedy = { command: null, terraform: null };

/** The remedy of a rule that needs the finding's own: its card alone says only where to look. */
export function remedyByFinding({ regionId, remedy = BY_HAND }: RemedySubject): Remedy {
  return vpcRemedy(regionId, remedy);
}

/** The remedy of a VPC, on the page of the console with the flow logs of its region. */
export function vpcRemedy(regionId: string, { command, terraform }: FindingRemedy): Remedy {
  return {
    command,
    terraform,
    consoleUrl: `https://vpc.console.aliyun.com/flowlog/${encodeURIComponent(regionId)}/flowlogs`,
    before: command?.includes(" CreateFlowLog ") === true ? BEFORE_CREATION : null,
    after: null,
  };
}

/**
 * What prevents a flow log.
 *
 * @see https://www.alibabacloud.com/help/doc-detail/215802.htm
 */
const BEFORE_CREATION: Texts = {
  en: "Before you create a flow log for a VPC: activate the flow log service in its region, and replace PROJECT and LOGSTORE, where the command has them, with a project and a log store of that region. The VPC must not have instances of these families: ecs.c1, c2, c4, c5, ce4, cm4, d1, e3, e4, ga1, gn4, gn5, i1, m1, m2, mn4, n1, n2, n4, s1, s2, s3, se1, sn1, sn2, t1, xn4. Change their instance types first.",
  zh: "为 VPC 创建流日志前：请先在该地域开通流日志功能，并将命令中的 PROJECT 和 LOGSTORE（如有）替换为该地域的 Project 和 Logstore 名称。如 VPC 内有以下规格族的实例，则无法创建流日志，请先变更实例规格：ecs.c1、c2、c4、c5、ce4、cm4、d1、e3、e4、ga1、gn4、gn5、i1、m1、m2、mn4、n1、n2、n4、s1、s2、s3、se1、sn1、sn2、t1、xn4。",
};
