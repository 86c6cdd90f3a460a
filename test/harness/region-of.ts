import { type Evidence, FAILURE_CODES, type FailureCode } from "../../shared/audit/finding.ts";
import type {
  FlowLog,
  LogStore,
  MissingLogStore,
  NetworkInterface,
  Vpc,
} from "../../shared/audit/flow-log.ts";
import {
  type Reading,
  type RegionReader,
  UnreadableError,
} from "../../shared/audit/region-reader.ts";

/** What a region has. A failure code in place of a list: it cannot be read. */
export interface RegionContent {
  readonly vpcs?: readonly Vpc[] | FailureCode;
  readonly flowLogs?: readonly FlowLog[] | FailureCode;
  readonly interfaces?: readonly NetworkInterface[] | FailureCode;
  /** By `project/logstore`: days, or why it cannot be read. The project of others exists. */
  readonly logStores?: Readonly<Record<string, number | FailureCode | "no-project">>;
  /** Null where it cannot be learnt. */
  readonly accountId?: string | null;
  /** @default false */
  readonly accountAssumed?: boolean;
}

interface SpiedRegion extends RegionReader {
  /** The questions that were asked, in their order. */
  readonly asked: readonly string[];
  /** The most log stores that were asked at once. */
  readonly mostLogStoresAtOnce: () => number;
}

export const REGION_ID = "cn-hangzhou";
export const ACCOUNT_ID = "1234567890123456";

/** The evidence of a question: its request id is the question. */
function evidenceOfQuestion(question: string, httpStatus = 200): Evidence {
  return {
    requestId: question,
    endpoint: "vpc.example",
    httpStatus,
    attempts: 1,
    checkedAt: "2026-11-22T08:00:00.500Z",
    durationMs: 4,
  };
}

/** A region whose content is given, and which remembers what it was asked. */
export function regionOf({
  vpcs = [],
  flowLogs = [],
  interfaces = [],
  logStores = {},
  accountId = ACCOUNT_ID,
  accountAssumed = false,
}: RegionContent): SpiedRegion {
  const asked: string[] = [];
  let logStoresNow = 0;
  let mostLogStores = 0;
  const read = async <T>(
    question: string,
    content: T | FailureCode,
    httpStatus = 200,
  ): Promise<Reading<T>> => {
    asked.push(question);
    await Promise.resolve();
    if (isFailure(content)) {
      throw new UnreadableError(content, `Cannot ask ${question}.`, {
        evidence: evidenceOfQuestion(question, 403),
      });
    }
    return { value: content, evidence: evidenceOfQuestion(question, httpStatus) };
  };
  return {
    regionId: REGION_ID,
    asked,
    mostLogStoresAtOnce: () => mostLogStores,
    isFlowLogServiceActivated: () => read("GetFlowLogServiceStatus", true),
    vpcs: () => read("DescribeVpcs", vpcs),
    flowLogs: () => read("DescribeFlowLogs", flowLogs),
    networkInterfaces: () => read("DescribeNetworkInterfaces", interfaces),
    logStore: async (projectName, logStoreName) => {
      const id = `${projectName}/${logStoreName}`;
      mostLogStores = Math.max(mostLogStores, (logStoresNow += 1));
      await new Promise(setImmediate);
      const days = logStores[id];
      const question = `GetLogStore ${id}`;
      try {
        if (days === undefined || days === "no-project") {
          const missing = days ?? "no-log-store";
          return await read<LogStore | MissingLogStore>(question, missing, 404);
        }
        return typeof days === "string"
          ? await read<LogStore | MissingLogStore>(question, days)
          : await read<LogStore | MissingLogStore>(question, { ttlDays: days });
      } finally {
        logStoresNow -= 1;
      }
    },
    account: async () => {
      asked.push("GetCallerIdentity");
      return accountId === null ? null : { id: accountId, assumed: accountAssumed };
    },
  };
}

function isFailure(content: unknown): content is FailureCode {
  return FAILURE_CODES.some((code) => code === content);
}

/** A VPC; by default of the account, with the vSwitches given. */
export function vpcOf(vpcId: string, vSwitchIds: readonly string[] = [], more: Partial<Vpc> = {}) {
  return {
    vpcId,
    name: `name of ${vpcId}`,
    ownerId: undefined,
    vSwitchIds,
    enabledIpv6: false,
    ...more,
  } satisfies Vpc;
}

/** A flow log on a resource, which its id tells the type of; healthy, of all traffic, on all paths. */
export function logOf(flowLogId: string, resourceId: string, more: Partial<FlowLog> = {}): FlowLog {
  const [prefix = ""] = resourceId.split("-");
  const types: Readonly<Record<string, string>> = {
    vpc: "VPC",
    vsw: "VSwitch",
    eni: "NetworkInterface",
  };
  return {
    flowLogId,
    resourceType: types[prefix] ?? "Unheard",
    resourceId,
    status: "Active",
    trafficType: "All",
    trafficPaths: ["all"],
    ipVersion: "IPv4",
    businessStatus: "Normal",
    deliverStatus: "SUCCESS",
    deliverError: undefined,
    serviceType: undefined,
    projectName: "logs",
    logStoreName: "flows",
    ...more,
  };
}

export function interfaceOf(
  networkInterfaceId: string,
  vSwitchId: string,
  vpcId = "vpc-1",
): NetworkInterface {
  return { networkInterfaceId, vpcId, vSwitchId };
}
