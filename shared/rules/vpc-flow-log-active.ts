import type { FindingRemedy } from "../audit/finding.ts";
import { type FlowLog, isActive } from "../audit/flow-log.ts";
import type { Control, Remedy, RemedySubject, RuleReason } from "../audit/rule-card.ts";
import {
  isVpcCovered,
  keyOfRecorded,
  lastMissingKeys,
  recordedBy,
  type VpcLayout,
  uncoveredIds,
} from "./flow-log-coverage.ts";
import { activateFlowLog, toCreateFlowLog } from "./flow-log-remedies.ts";
import {
  changeInLogService,
  createBy,
  ipv6Note,
  isMadeByLogService,
  listed,
  listedLogs,
  serviceWord,
} from "./flow-log-text.ts";
import { type Judgement, judgeVpcs, type VpcWithFlowLogs } from "./judge-vpcs.ts";
import { firstTarget } from "./log-target.ts";
import type { Rule } from "./rule.ts";
import { BY_HAND, VPC_KIND, VPC_PERMISSIONS, VPC_REASONS, vpcRemedy } from "./vpc-card.ts";

/**
 * Both controls ask for a flow log in every VPC.
 *
 * @see https://www.cisecurity.org/benchmark/alibaba_cloud
 */
const CONTROLS: readonly Control[] = ["2.5", "3.3"].map((id) => ({
  framework: "CIS Alibaba Cloud Foundation Benchmark",
  version: "2.0.0",
  id,
  relation: "implements",
}));

const REASONS = {
  FLOW_LOG_ACTIVE: {
    status: "COMPLIANT",
    en: "covered by active flow logs",
    zh: "已由启动状态的流日志覆盖",
    message: "Active flow logs cover the VPC.",
  },
  NO_FLOW_LOG: {
    status: "NON_COMPLIANT",
    en: "no flow log",
    zh: "没有流日志",
    message: "The VPC has no flow log.",
  },
  PARTLY_COVERED: {
    status: "NON_COMPLIANT",
    en: "covered only in part",
    zh: "仅部分被流日志覆盖",
    message: "Active flow logs cover only a part of the VPC.",
  },
  FLOW_LOG_INACTIVE: {
    status: "NON_COMPLIANT",
    en: "flow log not started",
    zh: "流日志未启动",
    message: "The VPC has no active flow log.",
  },
  ...VPC_REASONS,
} as const satisfies Readonly<Record<string, RuleReason>>;
type Code = keyof typeof REASONS;

function remedyOf({ regionId, resource, reason, remedy }: RemedySubject): Remedy {
  // Without a flow log the VPC's id says all. For another reason what there is has to be known.
  const isCertain = resource !== undefined && reason?.code === "NO_FLOW_LOG";
  return vpcRemedy(regionId, remedy ?? (isCertain ? createOn(regionId, resource.id) : BY_HAND));
}

function createOn(regionId: string, vpcId: string): FindingRemedy {
  return toCreateFlowLog({ regionId, vpcId, trafficType: "All" });
}

function judge(subject: VpcWithFlowLogs): Judgement<Code> {
  const { vpc, layout, logs } = subject;
  const active = logs.filter(isActive);
  const undecided = logs.filter(isUndecided);
  const keys = recordedBy(active);
  if (isVpcCovered(layout, keys)) {
    const note = ipv6Note(vpc.enabledIpv6, active);
    return {
      code: "FLOW_LOG_ACTIVE",
      message: `${REASONS.FLOW_LOG_ACTIVE.message} They are: ${listedLogs(active)}.${note}`,
    };
  }
  if (isVpcCovered(layout, recordedBy([...active, ...undecided]))) return unknownState(undecided);
  if (active.length > 0) return partlyCovered(subject, active);
  if (undecided.length > 0) return unknownState(undecided);
  return logs.length > 0 ? inactive(subject) : withoutFlowLog(subject);
}

/** Activating, Modifying, and what is not documented say neither yes nor no. */
function isUndecided(log: FlowLog): boolean {
  return !isActive(log) && log.status !== "Inactive";
}

function unknownState(undecided: readonly FlowLog[]): Judgement<Code> {
  const states = undecided.map(
    ({ flowLogId, status }) => `${flowLogId} is ${serviceWord(status) ?? "in an unknown state"}`,
  );
  return {
    code: "STATE_UNKNOWN",
    message: `Whether traffic is recorded is not known: ${listed(states)}.`,
  };
}

function partlyCovered(
  { regionId, vpc, layout, logs }: VpcWithFlowLogs,
  active: readonly FlowLog[],
): Judgement<Code> {
  const missing = uncoveredIds(layout, recordedBy(active));
  const about =
    missing.length === 0
      ? "Later vSwitches would not be recorded: none of the flow logs is on the VPC itself."
      : `Not covered: ${listed(missing)}.`;
  const message = `${REASONS.PARTLY_COVERED.message} ${about}`;
  const startable = oneToStart(layout, active, logs);
  if (startable !== null) return toStart("PARTLY_COVERED", message, regionId, startable);
  const target = firstTarget(active.filter((log) => !isMadeByLogService(log)));
  const remedy = toCreateFlowLog({ regionId, vpcId: vpc.vpcId, trafficType: "All", target });
  return {
    code: "PARTLY_COVERED",
    message: `${message} A flow log on the VPC covers all of it. ${createBy(remedy, target)}`,
    remedy,
  };
}

function inactive({ regionId, vpc, layout, logs }: VpcWithFlowLogs): Judgement<Code> {
  const are = logs.length === 1 ? "This one is" : "These are";
  const message = `${REASONS.FLOW_LOG_INACTIVE.message} ${are} inactive: ${listedLogs(logs)}.`;
  const startable = oneToStart(layout, [], logs);
  if (startable !== null) return toStart("FLOW_LOG_INACTIVE", message, regionId, startable);
  if (logs.every(isMadeByLogService)) {
    return {
      code: "FLOW_LOG_INACTIVE",
      message: `${message} ${changeInLogService(logs)}`,
      remedy: BY_HAND,
    };
  }
  const remedy = createOn(regionId, vpc.vpcId);
  return {
    code: "FLOW_LOG_INACTIVE",
    message: `${message} Starting a single one does not cover the whole VPC; a new one on the VPC does. ${createBy(remedy, null)}`,
    remedy,
  };
}

/** An inactive flow log that, once started, makes the VPC covered; null where no single one does. */
function oneToStart(
  layout: VpcLayout,
  active: readonly FlowLog[],
  logs: readonly FlowLog[],
): FlowLog | null {
  const missing = lastMissingKeys(layout, recordedBy(active));
  const isStartable = (log: FlowLog): boolean =>
    log.status === "Inactive" && !isMadeByLogService(log) && missing.has(keyOfRecorded(log));
  return logs.find(isStartable) ?? null;
}

function toStart(code: Code, message: string, regionId: string, log: FlowLog): Judgement<Code> {
  const remedy = activateFlowLog(regionId, log);
  return { code, message: `${message} Start it: ${remedy.command}`, remedy };
}

function withoutFlowLog({ regionId, vpc, ownerUnknown }: VpcWithFlowLogs): Judgement<Code> {
  if (ownerUnknown) {
    return {
      code: "STATE_UNKNOWN",
      message: `${REASONS.NO_FLOW_LOG.message} The audited account could not be identified, so it is not known whether another account owns the VPC.`,
    };
  }
  const remedy = createOn(regionId, vpc.vpcId);
  return {
    code: "NO_FLOW_LOG",
    message: `${REASONS.NO_FLOW_LOG.message} ${createBy(remedy, null)}`,
    remedy,
  };
}

/**
 * Active flow logs cover the whole VPC.
 *
 * @see https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-describeflowlogs
 */
export const vpcFlowLogActive: Rule = {
  id: "vpc-flow-log-active",
  title: "Active flow logs cover the VPC",
  severity: "high",
  controls: CONTROLS,
  doesNotProve: "that all traffic is recorded, or that what is recorded is delivered and kept",
  subject: VPC_KIND,
  reasons: REASONS,
  words: {
    en: {
      topic: "VPC flow log coverage",
      open: "not fully covered by flow logs",
      compliant: "fully covered by flow logs",
    },
    zh: {
      title: "已启动的流日志覆盖该 VPC",
      doesNotProve: "全部流量均被记录，或记录的内容已投递并留存",
      topic: "VPC 流日志覆盖",
      open: "未被流日志完整覆盖",
      compliant: "已被流日志完整覆盖",
    },
  },
  alertNames: { open: "VpcFlowLogMissing", unreadable: "VpcFlowLogUnreadable" },
  remedy: remedyOf,
  permissions: VPC_PERMISSIONS,
  evaluate(region) {
    return judgeVpcs(region, {
      reasons: REASONS,
      counts: () => true,
      passing: (logs) => recordedBy(logs.filter(isActive)),
      judge,
    });
  },
};
