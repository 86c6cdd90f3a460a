import type { FindingRemedy } from "../audit/finding.ts";
import type { FlowLog, LogStoreSettings, MissingLogStore } from "../audit/flow-log.ts";
import type { TrafficType } from "../audit/rule-settings.ts";
import { type LogTarget, targetOf } from "./log-target.ts";
import { hclName, hclQuoted, shellQuoted } from "./quoting.ts";
import { importBlock, resourceBlock } from "./terraform.ts";

/** Stand for names that only the reader can choose. */
const PLACEHOLDERS = { projectName: "PROJECT", logStoreName: "LOGSTORE" } as const;

/** A flow log to create on a VPC. */
export interface NewFlowLog {
  readonly regionId: string;
  readonly vpcId: string;
  readonly trafficType: TrafficType;
  /** @default {@link PLACEHOLDERS} */
  readonly target?: LogTarget | null;
}

/**
 * Creates a flow log on a VPC, of all paths: that is the default. Its name is not that of the SDK's
 * method, which the bundles of the functions would keep for it.
 *
 * @see https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-createflowlog
 * @see https://registry.terraform.io/providers/aliyun/alicloud/latest/docs/resources/vpc_flow_log
 */
export function toCreateFlowLog({
  regionId,
  vpcId,
  trafficType,
  target,
}: NewFlowLog): FindingRemedy {
  const { projectName, logStoreName } = target ?? PLACEHOLDERS;
  return {
    command: aliyun("vpc CreateFlowLog", {
      region: regionId,
      ResourceType: "VPC",
      ResourceId: vpcId,
      TrafficType: trafficType,
      ProjectName: projectName,
      LogStoreName: logStoreName,
    }),
    terraform: resourceBlock("alicloud_vpc_flow_log", vpcId, {
      resource_type: hclQuoted("VPC"),
      resource_id: hclQuoted(vpcId),
      traffic_type: hclQuoted(trafficType),
      traffic_path: `[${hclQuoted("all")}]`,
      project_name: hclQuoted(projectName),
      log_store_name: hclQuoted(logStoreName),
    }),
  };
}

/**
 * Starts an inactive flow log. In Terraform each of its other arguments is what the flow log has:
 * another value would replace it.
 *
 * @see https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-activeflowlog
 */
export function activateFlowLog(regionId: string, log: FlowLog): FindingRemedy {
  const { flowLogId, resourceType, resourceId, trafficType, trafficPaths } = log;
  const target = targetOf(log);
  const type = "alicloud_vpc_flow_log";
  return {
    command: aliyun("vpc ActiveFlowLog", { region: regionId, FlowLogId: flowLogId }),
    terraform:
      target === null || trafficType === ""
        ? null
        : importBlock(type, flowLogId, flowLogId) +
          resourceBlock(type, flowLogId, {
            resource_type: hclQuoted(resourceType),
            resource_id: hclQuoted(resourceId),
            traffic_type: hclQuoted(trafficType),
            ...(trafficPaths.length > 0 && {
              traffic_path: `[${trafficPaths.map(hclQuoted).join(", ")}]`,
            }),
            project_name: hclQuoted(target.projectName),
            log_store_name: hclQuoted(target.logStoreName),
            status: hclQuoted("Active"),
          }),
  };
}

/** A log store to create. */
export interface NewLogStore extends LogTarget {
  readonly regionId: string;
  readonly ttlDays: number;
}

/** Shards of a new log store, and to how many they may grow: the log service's own defaults. */
const SHARDS = 2;
const MAX_SHARDS = 64;

/** Creates what is missing of a log store. */
export function createMissing(missing: MissingLogStore, store: NewLogStore): FindingRemedy {
  return missing === "no-project" ? createProject(store) : createLogStore(store);
}

/**
 * Creates a log store in a project that exists.
 *
 * @see https://help.aliyun.com/zh/sls/developer-reference/logstore-create-log-store
 * @see https://registry.terraform.io/providers/aliyun/alicloud/latest/docs/resources/log_store
 */
export function createLogStore(store: NewLogStore): FindingRemedy {
  return { command: createLogStoreCommand(store), terraform: newLogStore(store) };
}

/**
 * Creates a project, and a log store in it.
 *
 * @see https://help.aliyun.com/en/sls/developer-reference/project-create-project
 * @see https://registry.terraform.io/providers/aliyun/alicloud/latest/docs/resources/log_project
 */
export function createProject(store: NewLogStore): FindingRemedy {
  const { regionId, projectName } = store;
  const command = aliyun("sls create-project", {
    region: regionId,
    "project-name": projectName,
  });
  const project = resourceBlock("alicloud_log_project", projectName, {
    project_name: hclQuoted(projectName),
  });
  const ofProject = `alicloud_log_project.${hclName(projectName)}.project_name`;
  return {
    // Chats change an ampersand, so that && would be no command there.
    command: `${command}; ${createLogStoreCommand(store)}`,
    terraform: project + newLogStore(store, ofProject),
  };
}

function createLogStoreCommand(store: NewLogStore): string {
  const { regionId, projectName, logStoreName, ttlDays } = store;
  return aliyun("sls create-log-store", {
    region: regionId,
    project: projectName,
    "logstore-name": logStoreName,
    ttl: String(ttlDays),
    "shard-count": String(SHARDS),
    "auto-split": "true",
    "max-split-shard": String(MAX_SHARDS),
  });
}

function newLogStore(
  { projectName, logStoreName, ttlDays }: NewLogStore,
  project = hclQuoted(projectName),
): string {
  return resourceBlock("alicloud_log_store", `${projectName}_${logStoreName}`, {
    project_name: project,
    logstore_name: hclQuoted(logStoreName),
    retention_period: String(ttlDays),
    shard_count: String(SHARDS),
    auto_split: "true",
    max_split_shard_count: String(MAX_SHARDS),
  });
}

/** The arguments that the log store keeps as they are. */
const KEPT_ARGUMENTS = [
  "append_meta",
  "auto_split",
  "enable_web_tracking",
  "encrypt_conf",
  "hot_ttl",
  "infrequent_access_ttl",
  "max_split_shard_count",
  "mode",
  "shard_count",
  "telemetry_type",
];

/**
 * Changes how long a log store keeps logs. `aliyun sls update-log-store` resets each setting that it is
 * not given, so there is a command only where all of them are known.
 *
 * @param settings - the other settings, as they are; undefined where not all are known
 * @see https://help.aliyun.com/zh/sls/developer-reference/logstore-update-log-store
 */
export function keepLogs(
  { regionId, projectName, logStoreName, ttlDays }: NewLogStore,
  settings: LogStoreSettings | undefined,
): FindingRemedy {
  const type = "alicloud_log_store";
  const name = `${projectName}_${logStoreName}`;
  return {
    command:
      settings === undefined
        ? null
        : aliyun("sls update-log-store", {
            region: regionId,
            project: projectName,
            logstore: logStoreName,
            "logstore-name": logStoreName,
            ttl: String(ttlDays),
            ...parametersOf(settings),
          }),
    terraform:
      importBlock(type, name, `${projectName}:${logStoreName}`) +
      resourceBlock(
        type,
        name,
        {
          project_name: hclQuoted(projectName),
          logstore_name: hclQuoted(logStoreName),
          retention_period: String(ttlDays),
        },
        `  lifecycle {\n    ignore_changes = [${KEPT_ARGUMENTS.join(", ")}]\n  }\n`,
      ),
  };
}

/** Parameters that keep settings as they are. What is zero is not set. */
function parametersOf(settings: LogStoreSettings): Readonly<Record<string, string>> {
  const values = {
    "shard-count": settings.shardCount,
    "auto-split": settings.autoSplit,
    "max-split-shard": settings.maxSplitShard,
    mode: settings.mode,
    "hot-ttl": settings.hotTtlDays,
    "infrequent-access-ttl": settings.infrequentAccessTtlDays,
    "append-meta": settings.appendMeta,
    "enable-tracking": settings.enableTracking,
  };
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      value === undefined || value === 0 ? [] : [[name, String(value)]],
    ),
  );
}

function aliyun(action: string, parameters: Readonly<Record<string, string>>): string {
  const words = Object.entries(parameters).map(
    ([name, value]) => `--${name} ${shellQuoted(value)}`,
  );
  return ["aliyun", action, ...words].join(" ");
}
