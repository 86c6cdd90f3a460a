import { type FlowLog, isActive } from "../audit/flow-log.ts";
import { groupBy } from "../audit/group-by.ts";
import type { RuleReason } from "../audit/rule-card.ts";
import { TRAFFIC_TYPES, type TrafficType } from "../audit/rule-settings.ts";
import { coversAsMuch, keyOfRecorded, type RecordedKeys, recordedBy } from "./flow-log-coverage.ts";
import { toCreateFlowLog } from "./flow-log-remedies.ts";
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
import {
  BY_HAND,
  NO_ACTIVE_FLOW_LOG,
  VPC_KIND,
  VPC_PERMISSIONS,
  VPC_REASONS,
  remedyByFinding,
} from "./vpc-card.ts";

const REASONS = {
  TRAFFIC_COMPLETE: {
    status: "COMPLIANT",
    en: "recorded in full",
    zh: "已完整记录流量",
    message: "The active flow logs record the required traffic.",
  },
  TRAFFIC_TYPE_PARTIAL: {
    status: "NON_COMPLIANT",
    en: "a traffic type is missing",
    zh: "流量类型不完整",
    message: "The active flow logs record only some types of traffic.",
  },
  TRAFFIC_PATH_PARTIAL: {
    status: "NON_COMPLIANT",
    en: "a traffic path is missing",
    zh: "采样路径不完整",
    message: "The active flow logs record only some paths of traffic.",
  },
  NO_ACTIVE_FLOW_LOG,
  ...VPC_REASONS,
} as const satisfies Readonly<Record<string, RuleReason>>;
type Code = keyof typeof REASONS;

/** What the flow logs on each resource record together. */
interface Recorded {
  /** The resources on which at least the asked type is recorded, of all paths. */
  readonly passing: RecordedKeys;
  /** Those, and the ones of which a type that is not documented does not say it. */
  readonly possible: RecordedKeys;
  /** The resources that would be among `possible` if all paths were recorded. */
  readonly ofAnyPath: RecordedKeys;
}

function recorded(logs: readonly FlowLog[], least: TrafficType): Recorded {
  const byKey = [...groupBy(logs, keyOfRecorded)];
  const keysWhere = (isIncluded: (onOne: readonly FlowLog[]) => boolean): RecordedKeys =>
    new Set(byKey.flatMap(([key, onOne]) => (isIncluded(onOne) ? [key] : [])));
  const mayBe = (onOne: readonly FlowLog[]): boolean =>
    includesType(onOne, least) || onOne.some(hasUnknownType);
  return {
    passing: keysWhere((onOne) => includesType(onOne.filter(isOfAllPaths), least)),
    possible: keysWhere((onOne) => mayBe(onOne.filter(isOfAllPaths))),
    ofAnyPath: keysWhere(mayBe),
  };
}

/** Whether flow logs on one resource together record a type: Allow beside Drop is All. */
function includesType(onOne: readonly FlowLog[], least: TrafficType): boolean {
  const types = new Set(onOne.map(({ trafficType }) => trafficType));
  if (types.has("All") || types.has(least)) return true;
  return types.has("Allow") && types.has("Drop");
}

function hasUnknownType({ trafficType }: FlowLog): boolean {
  return TRAFFIC_TYPES.every((known) => known !== trafficType);
}

/** Flow logs that do not name their paths are of all. */
function isOfAllPaths({ trafficPaths }: FlowLog): boolean {
  return trafficPaths.length === 0 || trafficPaths.includes("all");
}

function judge(subject: VpcWithFlowLogs, least: TrafficType): Judgement<Code> {
  const { vpc, layout, logs } = subject;
  if (logs.length === 0) return { code: "NO_ACTIVE_FLOW_LOG" };
  const { passing, possible, ofAnyPath } = recorded(logs, least);
  const all = recordedBy(logs);
  if (coversAsMuch(layout, passing, all)) {
    const those = logs.filter((log) => passing.has(keyOfRecorded(log)));
    const what = least === "All" ? "all traffic" : `at least traffic of type ${least}`;
    return {
      code: "TRAFFIC_COMPLETE",
      message: `The active flow logs record ${what}, on all paths: ${listedLogs(those)}.${ipv6Note(vpc.enabledIpv6, those)}`,
    };
  }
  const failing = logs.filter((log) => !passing.has(keyOfRecorded(log)));
  if (coversAsMuch(layout, possible, all)) {
    const unknown = failing.filter(hasUnknownType);
    return {
      code: "STATE_UNKNOWN",
      message: `What these flow logs record is not known, because their traffic type is not documented: ${listedLogs(unknown)}.`,
    };
  }
  return coversAsMuch(layout, ofAnyPath, all)
    ? partial("TRAFFIC_PATH_PARTIAL", subject, failing, pathsOf(failing), least)
    : partial(
        "TRAFFIC_TYPE_PARTIAL",
        subject,
        failing,
        [...typesOf(failing, least), ...pathsOf(failing)],
        least,
      );
}

function typesOf(failing: readonly FlowLog[], least: TrafficType): string[] {
  return failing
    .filter((log) => !includesType([log], least))
    .map(
      ({ flowLogId, trafficType }) =>
        `${flowLogId} records ${serviceWord(trafficType) ?? "another type"}`,
    );
}

function pathsOf(failing: readonly FlowLog[]): string[] {
  return failing
    .filter((log) => !isOfAllPaths(log))
    .map(({ flowLogId, trafficPaths }) => {
      const paths = trafficPaths.map((path) => serviceWord(path) ?? "another path");
      return `${flowLogId} records only the path ${paths.join(" and ")}`;
    });
}

/** What a flow log records cannot be changed: another one has to be created. */
function partial(
  code: Code,
  { regionId, vpc: { vpcId } }: VpcWithFlowLogs,
  failing: readonly FlowLog[],
  parts: readonly string[],
  least: TrafficType,
): Judgement<Code> {
  const asked = least === "All" ? "" : ` Type ${least} is required.`;
  const message = `${REASONS[code].message} ${listed(parts)}.${asked}`;
  if (failing.every(isMadeByLogService)) {
    return {
      code,
      message: `${message} ${changeInLogService(failing)}`,
      remedy: BY_HAND,
    };
  }
  const target = firstTarget(failing.filter((log) => !isMadeByLogService(log)));
  const remedy = toCreateFlowLog({ regionId, vpcId, trafficType: least, target });
  return {
    code,
    message: `${message} The type and path of a flow log cannot be changed: create another on the VPC, then delete those that it replaces. ${createBy(remedy, target)}`,
    remedy,
  };
}

/** The flow logs that cover a VPC record all types and paths of traffic. */
export const vpcFlowLogComplete: Rule = {
  id: "vpc-flow-log-complete",
  title: "Flow logs of the VPC record the required types of traffic, on all paths",
  severity: "medium",
  controls: [],
  doesNotProve:
    "that flow logs cover the whole VPC, or that what is recorded is delivered and kept",
  subject: VPC_KIND,
  reasons: REASONS,
  words: {
    en: {
      topic: "VPC flow log completeness",
      open: "recorded only in part",
      compliant: "recorded in full",
    },
    zh: {
      title: "该 VPC 的流日志记录所要求的流量类型及全部路径",
      doesNotProve: "流日志覆盖整个 VPC，或记录的内容已投递并留存",
      topic: "VPC 流日志完整性",
      open: "未完整记录流量",
      compliant: "已完整记录流量",
    },
  },
  alertNames: { open: "VpcFlowLogIncomplete", unreadable: "VpcFlowLogCompletenessUnreadable" },
  // What to create depends on what there is.
  remedy: remedyByFinding,
  permissions: VPC_PERMISSIONS,
  evaluate(region, settings) {
    const { trafficType: least } = settings["vpc-flow-log-complete"];
    return judgeVpcs(region, {
      reasons: REASONS,
      counts: isActive,
      passing: (logs) => recorded(logs, least).passing,
      judge: (subject) => judge(subject, least),
    });
  },
};
