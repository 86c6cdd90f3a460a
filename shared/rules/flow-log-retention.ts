import { compareIds } from "../audit/compare-ids.ts";
import type { Verdict } from "../audit/finding.ts";
import {
  type FlowLog,
  isActive,
  KEPT_FOR_EVER,
  type LogStore,
  type MissingLogStore,
} from "../audit/flow-log.ts";
import { groupBy } from "../audit/group-by.ts";
import { type Reading, type RegionReader, UnreadableError } from "../audit/region-reader.ts";
import type { Remedy, RemedySubject, RuleReason } from "../audit/rule-card.ts";
import { createMissing, keepLogs } from "./flow-log-remedies.ts";
import { isMadeByLogService, listedLogs } from "./flow-log-text.ts";
import { type LogTarget, targetOf } from "./log-target.ts";
import { DESCRIBE_FLOW_LOGS, DESCRIBE_VPCS, GET_LOG_STORE } from "./permissions.ts";
import type { Rule } from "./rule.ts";
import { unreadableVerdict, verdictOf } from "./verdict-of.ts";
import { BY_HAND, NO_ACTIVE_FLOW_LOG, VPC_REASONS } from "./vpc-card.ts";

const LOG_STORE_TYPE = "ACS::SLS::LogStore";

/** Log stores asked at once in a region. */
const CONCURRENCY = 4;

const REASONS = {
  RETENTION_SUFFICIENT: {
    status: "COMPLIANT",
    en: "kept long enough",
    zh: "已达到保存时间要求",
    message: "The log store keeps flow logs long enough.",
  },
  RETENTION_TOO_SHORT: {
    status: "NON_COMPLIANT",
    en: "retention too short",
    zh: "保存时间不足",
    message: "The log store does not keep flow logs long enough.",
  },
  LOG_STORE_MISSING: {
    status: "NON_COMPLIANT",
    en: "log store is missing",
    zh: "Logstore 不存在",
    message: "The log store does not exist, so what is recorded is lost.",
    httpStatus: 404,
  },
  NO_ACTIVE_FLOW_LOG: { ...NO_ACTIVE_FLOW_LOG, message: "The region has no active flow log." },
  NO_RESOURCES: VPC_REASONS.NO_RESOURCES,
  STATE_UNKNOWN: VPC_REASONS.STATE_UNKNOWN,
} as const satisfies Readonly<Record<string, RuleReason>>;

function remedyOf({ regionId, resource, remedy = BY_HAND }: RemedySubject): Remedy {
  const path =
    resource === undefined
      ? "profile"
      : `project/${resource.id.split("/").map(encodeURIComponent).join("/logsearch/")}`;
  return {
    ...remedy,
    consoleUrl: `https://sls.console.aliyun.com/lognext/${path}?slsRegion=${encodeURIComponent(regionId)}`,
    before: null,
    after: null,
  };
}

/** A log store, and the active flow logs that deliver to it. */
interface Delivery extends LogTarget {
  readonly id: string;
  readonly logs: readonly FlowLog[];
}

/**
 * The log stores that active flow logs deliver to, by id.
 *
 * @throws `UnreadableError` when the service does not name one
 */
function deliveriesOf({ value, evidence }: Reading<readonly FlowLog[]>): Delivery[] {
  const delivering = value.map((log) => {
    const target = targetOf(log);
    if (target === null) {
      const message = `The service does not say where the flow log ${log.flowLogId} delivers to.`;
      throw new UnreadableError("MALFORMED_RESPONSE", message, { evidence });
    }
    return { log, target, id: `${target.projectName}/${target.logStoreName}` };
  });
  return [...groupBy(delivering, ({ id }) => id)]
    .flatMap(([id, to]) => {
      const [first] = to;
      return first === undefined ? [] : [{ id, ...first.target, logs: to.map(({ log }) => log) }];
    })
    .toSorted((a, b) => compareIds(a.id, b.id));
}

async function judgeDelivery(
  region: RegionReader,
  { id, projectName, logStoreName, logs }: Delivery,
  minDays: number,
): Promise<Verdict> {
  const resource = { type: LOG_STORE_TYPE, id };
  const sources = `Flow logs that deliver to it: ${listedLogs(logs)}.`;
  let reading: Reading<LogStore | MissingLogStore>;
  try {
    reading = await region.logStore(projectName, logStoreName);
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
    return unreadableVerdict(error, `${error.message} ${sources}`, resource);
  }
  const { value: store, evidence } = reading;
  const wanted = { regionId: region.regionId, projectName, logStoreName, ttlDays: minDays };
  if (typeof store === "string") {
    if (logs.some((log) => isMadeByLogService(log) || log.deliverStatus === "SUCCESS")) {
      const message = `The account has no such log store. It may be another account's: audit that account. ${sources}`;
      return verdictOf(REASONS, "STATE_UNKNOWN", { message, evidence, resource });
    }
    const remedy = createMissing(store, wanted);
    const create = store === "no-project" ? "Its project is missing too. Create both" : "Create it";
    const message = `${REASONS.LOG_STORE_MISSING.message} ${sources} ${create}: ${remedy.command}`;
    return verdictOf(REASONS, "LOG_STORE_MISSING", {
      message,
      evidence,
      resource,
      remedy,
    });
  }
  const { ttlDays } = store;
  const kept = ttlDays >= KEPT_FOR_EVER ? "for ever" : `for ${days(ttlDays)}`;
  if (ttlDays >= minDays) {
    const message = `Logs are kept ${kept}; at least ${days(minDays)} are required. ${sources}`;
    return verdictOf(REASONS, "RETENTION_SUFFICIENT", { message, evidence, resource });
  }
  const remedy = keepLogs(wanted, store.settings);
  const way =
    remedy.command === null
      ? `Raise the data retention of the log store to ${days(minDays)} in the console of Simple Log Service, or with the Terraform of the JSON report. Do not use "aliyun sls update-log-store": it resets the other settings.`
      : `Raise the data retention to ${days(minDays)}; the other settings stay as they are: ${remedy.command}`;
  const message = `Logs are kept ${kept}, but ${days(minDays)} are required. ${sources} ${way}`;
  return verdictOf(REASONS, "RETENTION_TOO_SHORT", { message, evidence, resource, remedy });
}

function days(count: number): string {
  return count === 1 ? "1 day" : `${count} days`;
}

/** Maps items in their order, a few at once. */
async function mapSome<T, U>(items: readonly T[], map: (item: T) => Promise<U>): Promise<U[]> {
  const results: U[] = [];
  const queue = items.entries();
  const work = async (): Promise<void> => {
    for (const [index, item] of queue) results[index] = await map(item);
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  return results;
}

/**
 * The log stores that flow logs are delivered to exist, and keep logs for long enough.
 *
 * @see https://www.alibabacloud.com/help/en/sls/developer-reference/api-sls-2020-12-30-getlogstore
 */
export const flowLogRetention: Rule = {
  id: "flow-log-retention",
  title: "The log store keeps flow logs long enough",
  severity: "medium",
  controls: [],
  doesNotProve: "that flow logs cover any VPC, or that logs reach the log store",
  subject: {
    type: LOG_STORE_TYPE,
    noun: { en: { one: "log store", other: "log stores" }, zh: "个 Logstore" },
  },
  reasons: REASONS,
  words: {
    en: {
      topic: "VPC flow log retention",
      open: "not kept long enough",
      compliant: "kept long enough",
    },
    zh: {
      title: "Logstore 中的流日志保存时间足够长",
      doesNotProve: "流日志覆盖任何 VPC，或日志已到达该 Logstore",
      topic: "VPC 流日志保存时间",
      open: "未达到保存时间要求",
      compliant: "已达到保存时间要求",
    },
  },
  alertNames: { open: "VpcFlowLogRetentionTooShort", unreadable: "VpcFlowLogRetentionUnreadable" },
  remedy: remedyOf,
  permissions: [DESCRIBE_VPCS, DESCRIBE_FLOW_LOGS, GET_LOG_STORE],
  async evaluate(region, settings) {
    const { minDays } = settings["flow-log-retention"];
    const vpcs = await region.vpcs();
    if (vpcs.value.length === 0) {
      return [verdictOf(REASONS, "NO_RESOURCES", { evidence: vpcs.evidence })];
    }
    const { value, evidence } = await region.flowLogs();
    const active = value.filter(isActive);
    if (active.length === 0) return [verdictOf(REASONS, "NO_ACTIVE_FLOW_LOG", { evidence })];
    return mapSome(deliveriesOf({ value: active, evidence }), (delivery) =>
      judgeDelivery(region, delivery, minDays),
    );
  },
};
