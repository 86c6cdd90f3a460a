import type { FindingRemedy } from "../audit/finding.ts";
import { type FlowLog, isActive } from "../audit/flow-log.ts";
import type { RuleReason } from "../audit/rule-card.ts";
import { coversAsMuch, recordedBy } from "./flow-log-coverage.ts";
import { createProject } from "./flow-log-remedies.ts";
import {
  changeInLogService,
  isMadeByLogService,
  listed,
  listedLogs,
  serviceWord,
} from "./flow-log-text.ts";
import { type Judgement, judgeVpcs, type VpcWithFlowLogs } from "./judge-vpcs.ts";
import { targetOf } from "./log-target.ts";
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
  DELIVERED: {
    status: "COMPLIANT",
    en: "delivered",
    zh: "已正常投递",
    message: "Flow logs are delivered to the log service.",
  },
  DELIVERY_FAILED: {
    status: "NON_COMPLIANT",
    en: "delivery failed",
    zh: "投递失败",
    message: "Flow logs are not delivered to the log service.",
  },
  ACCOUNT_IN_ARREARS: {
    status: "NON_COMPLIANT",
    en: "account in arrears",
    zh: "账号欠费",
    message: "The account has unpaid bills, so its flow logs record nothing.",
  },
  NO_ACTIVE_FLOW_LOG,
  ...VPC_REASONS,
} as const satisfies Readonly<Record<string, RuleReason>>;
type Code = keyof typeof REASONS;

type Health = "healthy" | "unhealthy" | "undecided";

/** A failure is certain, whatever else is not known. A status that is absent says neither. */
function healthOf(log: FlowLog): Health {
  const { deliverStatus, businessStatus = "Normal" } = log;
  if (deliverStatus === "FAILED" || isInArrears(log)) return "unhealthy";
  return deliverStatus === "SUCCESS" && businessStatus === "Normal" ? "healthy" : "undecided";
}

function isInArrears({ businessStatus }: FlowLog): boolean {
  return businessStatus === "FinancialLocked";
}

function withHealth(logs: readonly FlowLog[], ...wanted: readonly Health[]): FlowLog[] {
  return logs.filter((log) => wanted.includes(healthOf(log)));
}

function judge(subject: VpcWithFlowLogs, ttlDays: number): Judgement<Code> {
  const { layout, logs } = subject;
  if (logs.length === 0) return { code: "NO_ACTIVE_FLOW_LOG" };
  const all = recordedBy(logs);
  const healthy = withHealth(logs, "healthy");
  if (coversAsMuch(layout, recordedBy(healthy), all)) {
    // Where the service leaves the status of the bills out, delivery alone is known.
    const isPaid = healthy.every(({ businessStatus }) => businessStatus !== undefined);
    const what = isPaid ? "Delivery succeeds, and no bill is overdue" : "Delivery succeeds";
    return { code: "DELIVERED", message: `${what}: ${listedLogs(healthy)}.` };
  }
  const undecided = withHealth(logs, "undecided");
  if (coversAsMuch(layout, recordedBy([...healthy, ...undecided]), all)) {
    const message = `The service does not say whether delivery succeeds: ${listedLogs(undecided)}. It does so some time after a flow log was created: wait for the next run.`;
    return { code: "STATE_UNKNOWN", message };
  }
  const failing = withHealth(logs, "unhealthy");
  return failing.some(isInArrears)
    ? inArrears(failing.filter(isInArrears))
    : failed(subject.regionId, failing, ttlDays);
}

function inArrears(locked: readonly FlowLog[]): Judgement<Code> {
  return {
    code: "ACCOUNT_IN_ARREARS",
    message: `${REASONS.ACCOUNT_IN_ARREARS.message} Locked: ${listedLogs(locked)}. Pay the bills in the console, under Expenses and Costs.`,
    remedy: BY_HAND,
  };
}

function failed(regionId: string, failing: readonly FlowLog[], ttlDays: number): Judgement<Code> {
  const described = failing.map(({ flowLogId, deliverError }) => {
    const vendorCode = serviceWord(deliverError);
    return vendorCode === null ? flowLogId : `${flowLogId} (${vendorCode})`;
  });
  const message = `${REASONS.DELIVERY_FAILED.message} Failing: ${listed(described)}.`;
  if (failing.every(isMadeByLogService)) {
    return {
      code: "DELIVERY_FAILED",
      message: `${message} ${changeInLogService(failing)}`,
      remedy: BY_HAND,
    };
  }
  const remedy = missingProject(regionId, failing, ttlDays);
  const advice =
    remedy === null
      ? "Check in the console that the project and the log store of each exist and accept logs."
      : `Create the project and the log store (if delivery still fails, replace the flow log): ${remedy.command}`;
  return {
    code: "DELIVERY_FAILED",
    message: `${message} ${advice}`,
    remedy: remedy ?? BY_HAND,
  };
}

/** The remedy where one project is missing, and nothing else; null where it is otherwise. */
function missingProject(
  regionId: string,
  failing: readonly FlowLog[],
  ttlDays: number,
): FindingRemedy | null {
  const [target, ...others] = failing.map(targetOf);
  if (target === undefined || target === null) return null;
  const isOne = others.every(
    (other) =>
      other?.projectName === target.projectName && other.logStoreName === target.logStoreName,
  );
  const isMissing = failing.every(
    (log) => log.deliverError === "ProjectNotExist" && !isMadeByLogService(log),
  );
  return isOne && isMissing ? createProject({ ...target, regionId, ttlDays }) : null;
}

/**
 * What the flow logs that cover a VPC record reaches the log service.
 *
 * @see https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-describeflowlogs
 */
export const vpcFlowLogDelivered: Rule = {
  id: "vpc-flow-log-delivered",
  title: "Flow logs of the VPC are delivered to the log service",
  severity: "high",
  controls: [],
  doesNotProve:
    "that flow logs cover the whole VPC, that they record all traffic, or that logs are kept",
  subject: VPC_KIND,
  reasons: REASONS,
  words: {
    en: { topic: "VPC flow log delivery", open: "not delivered", compliant: "delivered" },
    zh: {
      title: "该 VPC 的流日志已投递到日志服务",
      doesNotProve: "流日志覆盖整个 VPC、记录全部流量，或日志已留存",
      topic: "VPC 流日志投递",
      open: "未正常投递",
      compliant: "已正常投递",
    },
  },
  alertNames: { open: "VpcFlowLogNotDelivered", unreadable: "VpcFlowLogDeliveryUnreadable" },
  // Where it cannot deliver to depends on the flow log.
  remedy: remedyByFinding,
  permissions: VPC_PERMISSIONS,
  evaluate(region, settings) {
    const { minDays } = settings["flow-log-retention"];
    return judgeVpcs(region, {
      reasons: REASONS,
      counts: isActive,
      passing: (logs) => recordedBy(withHealth(logs, "healthy")),
      judge: (subject) => judge(subject, minDays),
    });
  },
};
