import type { FlowLog, NetworkInterface, Vpc } from "../../../shared/audit/flow-log.ts";
import type { TrafficType } from "../../../shared/audit/rule-settings.ts";

/** What the model judges: a region as it is, and what can be read of it. */
export interface ModelRegion {
  readonly vpcs: readonly Vpc[];
  readonly flowLogs: readonly FlowLog[];
  readonly interfaces: readonly NetworkInterface[];
  readonly interfacesReadable: boolean;
  readonly accountId: string | null;
}

export type VpcRuleId = "vpc-flow-log-active" | "vpc-flow-log-complete" | "vpc-flow-log-delivered";

type Logs = readonly FlowLog[];

/**
 * The code that each rule gives to a VPC: a second, naive statement of docs/rules.md, which shares no
 * code with the rules.
 */
export function modelCode(
  ruleId: VpcRuleId,
  region: ModelRegion,
  vpc: Vpc,
  least: TrafficType,
): string {
  const { accountId } = region;
  if (accountId !== null && vpc.ownerId !== undefined && vpc.ownerId !== accountId) {
    return "SHARED_BY_OWNER";
  }
  const judged =
    ruleId === "vpc-flow-log-active"
      ? region.flowLogs
      : region.flowLogs.filter((log) => log.status === "Active");
  const onInterfaces = judged.some((log) => log.resourceType === "NetworkInterface");
  const passes = (log: FlowLog): boolean => {
    if (ruleId === "vpc-flow-log-active") return log.status === "Active";
    if (ruleId === "vpc-flow-log-delivered") return isHealthy(log);
    return records(judged, log.resourceType, log.resourceId, least);
  };
  const answeredAbove = covers(vpc, [], judged.filter(passes));
  const hasVSwitches = vSwitchIdsOf(vpc).length > 0;
  if (onInterfaces && hasVSwitches && !answeredAbove && !region.interfacesReadable) {
    return "ACCESS_DENIED";
  }
  const interfaces = region.interfaces.filter(({ vpcId }) => hasVSwitches && vpcId === vpc.vpcId);
  const own = judged.filter((log) => isWithin(vpc, interfaces, log));
  if (ruleId === "vpc-flow-log-active") {
    const code = codeOfActive(vpc, interfaces, own);
    const isUnknownOwner = accountId === null && vpc.ownerId !== undefined;
    return code === "NO_FLOW_LOG" && isUnknownOwner ? "STATE_UNKNOWN" : code;
  }
  if (own.length === 0) return "NO_ACTIVE_FLOW_LOG";
  return ruleId === "vpc-flow-log-complete"
    ? codeOfComplete(vpc, interfaces, own, least)
    : codeOfDelivered(vpc, interfaces, own);
}

/** In the model each VPC names its vSwitches. */
function vSwitchIdsOf({ vSwitchIds = [] }: Vpc): readonly string[] {
  return vSwitchIds;
}

function isOn(log: FlowLog, type: string, id: string): boolean {
  return log.resourceType === type && log.resourceId === id;
}

function isWithin(vpc: Vpc, interfaces: readonly NetworkInterface[], log: FlowLog): boolean {
  return (
    isOn(log, "VPC", vpc.vpcId) ||
    vSwitchIdsOf(vpc).some((id) => isOn(log, "VSwitch", id)) ||
    interfaces.some(({ networkInterfaceId }) => isOn(log, "NetworkInterface", networkInterfaceId))
  );
}

function coversInterface(vpc: Vpc, one: NetworkInterface, logs: Logs): boolean {
  return logs.some(
    (log) =>
      isOn(log, "VPC", vpc.vpcId) ||
      isOn(log, "VSwitch", one.vSwitchId) ||
      isOn(log, "NetworkInterface", one.networkInterfaceId),
  );
}

function coversVSwitch(
  vpc: Vpc,
  vSwitchId: string,
  interfaces: readonly NetworkInterface[],
  logs: Logs,
): boolean {
  if (logs.some((log) => isOn(log, "VPC", vpc.vpcId) || isOn(log, "VSwitch", vSwitchId))) {
    return true;
  }
  const there = interfaces.filter((one) => one.vSwitchId === vSwitchId);
  return there.length > 0 && there.every((one) => coversInterface(vpc, one, logs));
}

function covers(vpc: Vpc, interfaces: readonly NetworkInterface[], logs: Logs): boolean {
  if (logs.some((log) => isOn(log, "VPC", vpc.vpcId))) return true;
  if (vSwitchIdsOf(vpc).length === 0) return false;
  return vSwitchIdsOf(vpc).every((id) => coversVSwitch(vpc, id, interfaces, logs));
}

function codeOfActive(vpc: Vpc, interfaces: readonly NetworkInterface[], own: Logs): string {
  const active = own.filter(({ status }) => status === "Active");
  const undecided = own.filter(({ status }) => !["Active", "Inactive"].includes(status));
  if (covers(vpc, interfaces, active)) return "FLOW_LOG_ACTIVE";
  if (covers(vpc, interfaces, [...active, ...undecided])) return "STATE_UNKNOWN";
  if (active.length > 0) return "PARTLY_COVERED";
  if (undecided.length > 0) return "STATE_UNKNOWN";
  return own.length > 0 ? "FLOW_LOG_INACTIVE" : "NO_FLOW_LOG";
}

/** Whether `some` cover, point by point, what `all` cover. */
function keepsCovered(
  vpc: Vpc,
  interfaces: readonly NetworkInterface[],
  all: Logs,
  some: Logs,
): boolean {
  if (covers(vpc, interfaces, some)) return true;
  if (vSwitchIdsOf(vpc).length === 0 && covers(vpc, interfaces, all)) return false;
  for (const id of vSwitchIdsOf(vpc)) {
    if (coversVSwitch(vpc, id, interfaces, all) && !coversVSwitch(vpc, id, interfaces, some)) {
      return false;
    }
  }
  for (const one of interfaces) {
    // A vSwitch that the list of VPCs does not name counts only where its interface has a flow log.
    const isKnown = vSwitchIdsOf(vpc).includes(one.vSwitchId);
    const hasOwn = all.some((log) => isOn(log, "NetworkInterface", one.networkInterfaceId));
    if (!isKnown && !hasOwn) continue;
    if (coversInterface(vpc, one, all) && !coversInterface(vpc, one, some)) return false;
  }
  return true;
}

/** Whether flow logs on one resource record a type, on all paths unless told otherwise. */
function records(
  logs: Logs,
  type: string,
  id: string,
  least: TrafficType,
  { anyPath = false, unknownTypes = false } = {},
): boolean {
  const there = logs.filter(
    (log) =>
      isOn(log, type, id) &&
      (anyPath || log.trafficPaths.length === 0 || log.trafficPaths.includes("all")),
  );
  const has = (wanted: string): boolean => there.some(({ trafficType }) => trafficType === wanted);
  const isKnown = ["All", "Allow", "Drop"];
  if (unknownTypes && there.some(({ trafficType }) => !isKnown.includes(trafficType))) return true;
  return has("All") || has(least) || (has("Allow") && has("Drop"));
}

function codeOfComplete(
  vpc: Vpc,
  interfaces: readonly NetworkInterface[],
  own: Logs,
  least: TrafficType,
): string {
  const keptBy = (options: Parameters<typeof records>[4]): boolean =>
    keepsCovered(
      vpc,
      interfaces,
      own,
      own.filter((log) => records(own, log.resourceType, log.resourceId, least, options)),
    );
  if (keptBy({})) return "TRAFFIC_COMPLETE";
  if (keptBy({ unknownTypes: true })) return "STATE_UNKNOWN";
  return keptBy({ unknownTypes: true, anyPath: true })
    ? "TRAFFIC_PATH_PARTIAL"
    : "TRAFFIC_TYPE_PARTIAL";
}

function isHealthy({ deliverStatus, businessStatus }: FlowLog): boolean {
  return deliverStatus === "SUCCESS" && [undefined, "Normal"].includes(businessStatus);
}

function codeOfDelivered(vpc: Vpc, interfaces: readonly NetworkInterface[], own: Logs): string {
  const failing = own.filter(
    (log) => log.deliverStatus === "FAILED" || log.businessStatus === "FinancialLocked",
  );
  const others = own.filter((log) => !failing.includes(log));
  if (keepsCovered(vpc, interfaces, own, own.filter(isHealthy))) return "DELIVERED";
  if (keepsCovered(vpc, interfaces, own, others)) return "STATE_UNKNOWN";
  return failing.some(({ businessStatus }) => businessStatus === "FinancialLocked")
    ? "ACCOUNT_IN_ARREARS"
    : "DELIVERY_FAILED";
}
