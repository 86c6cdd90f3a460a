import { execFileSync } from "node:child_process";

import { ActiveFlowLogRequest, CreateFlowLogRequest } from "@alicloud/vpc20160428";
import { parse } from "@cdktn/hcl2json";
import { describe, expect, test } from "vitest";

import type { FindingRemedy } from "../../../shared/audit/finding.ts";
import type { LogStoreSettings } from "../../../shared/audit/flow-log.ts";
import {
  activateFlowLog,
  toCreateFlowLog,
  createLogStore,
  createProject,
  keepLogs,
} from "../../../shared/rules/flow-log-remedies.ts";
import { flowLogServiceActivated } from "../../../shared/rules/flow-log-service-activated.ts";
import { hclName, hclQuoted, shellQuoted } from "../../../shared/rules/quoting.ts";
import { logOf } from "../../harness/region-of.ts";

const REGION = "cn-hangzhou";
const STORE = { regionId: REGION, projectName: "logs", logStoreName: "flow_logs", ttlDays: 180 };
const SETTINGS: LogStoreSettings = {
  appendMeta: true,
  autoSplit: false,
  enableTracking: undefined,
  hotTtlDays: 7,
  infrequentAccessTtlDays: 0,
  maxSplitShard: 64,
  mode: "query",
  shardCount: 4,
};
const INACTIVE = logOf("fl-1", "vsw-a", { status: "Inactive", trafficPaths: ["vbr", "ecr"] });

const REMEDIES: Readonly<Record<string, FindingRemedy>> = {
  createFlowLog: toCreateFlowLog({ regionId: REGION, vpcId: "vpc-1", trafficType: "All" }),
  activateFlowLog: activateFlowLog(REGION, INACTIVE),
  createLogStore: createLogStore(STORE),
  createProject: createProject(STORE),
  keepLogs: keepLogs(STORE, SETTINGS),
};

/**
 * The parameters of the log service's commands, which no package here has: those of the pages.
 *
 * @see https://help.aliyun.com/zh/sls/developer-reference/logstore-create-log-store
 * @see https://help.aliyun.com/zh/sls/developer-reference/logstore-update-log-store
 * @see https://help.aliyun.com/en/sls/developer-reference/project-create-project
 */
const LOG_SERVICE_PARAMETERS: Readonly<Record<string, readonly string[]>> = {
  "create-log-store": [
    "project",
    "logstore-name",
    "ttl",
    "shard-count",
    "auto-split",
    "max-split-shard",
    "mode",
    "hot-ttl",
    "append-meta",
    "enable-tracking",
    "encrypt-conf",
  ],
  "update-log-store": [
    "project",
    "logstore",
    "logstore-name",
    "ttl",
    "shard-count",
    "auto-split",
    "max-split-shard",
    "mode",
    "hot-ttl",
    "append-meta",
    "enable-tracking",
    "infrequent-access-ttl",
  ],
  "create-project": ["project-name", "description", "recycle-bin-enabled"],
};

const VPC_REQUESTS = { CreateFlowLog: CreateFlowLogRequest, ActiveFlowLog: ActiveFlowLogRequest };

/**
 * The arguments of the provider's resources.
 *
 * @see https://registry.terraform.io/providers/aliyun/alicloud/latest/docs/resources/vpc_flow_log
 * @see https://registry.terraform.io/providers/aliyun/alicloud/latest/docs/resources/log_store
 * @see https://registry.terraform.io/providers/aliyun/alicloud/latest/docs/resources/log_project
 */
const ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  alicloud_vpc_flow_log: [
    "aggregation_interval",
    "description",
    "flow_log_name",
    "log_store_name",
    "project_name",
    "resource_group_id",
    "resource_id",
    "resource_type",
    "status",
    "tags",
    "traffic_path",
    "traffic_type",
  ],
  alicloud_log_store: [
    "append_meta",
    "auto_split",
    "enable_web_tracking",
    "encrypt_conf",
    "hot_ttl",
    "infrequent_access_ttl",
    "logstore_name",
    "max_split_shard_count",
    "mode",
    "project_name",
    "retention_period",
    "shard_count",
    "telemetry_type",
  ],
  alicloud_log_project: ["description", "project_name", "resource_group_id", "tags"],
};

/** The words that a shell makes of a line, its calls apart. */
function callsIn(command: string): string[][] {
  const script = command
    .split("; ")
    .map((call) => `printf '%s\\0' ${call}; printf '\\0'`)
    .join("\n");
  return execFileSync("sh", ["-c", script], { encoding: "utf8" })
    .split("\0\0")
    .filter((call) => call !== "")
    .map((call) => call.split("\0"));
}

function parametersOf(words: readonly string[]): Map<string, string> {
  const pairs = Array.from({ length: words.length / 2 }, (_pair, index): [string, string] => [
    String(words[2 * index]).replace(/^--/, ""),
    String(words[2 * index + 1]),
  ]);
  return new Map(pairs);
}

/** The resources of a file of Terraform, as `[type, name, arguments]`. */
async function resourcesIn(
  terraform: string,
): Promise<[string, string, Record<string, unknown>][]> {
  const file = await parse("remedy.tf", terraform);
  return Object.entries(Object(file["resource"])).flatMap(([type, named]) =>
    Object.entries(Object(named)).map(
      ([name, blocks]): [string, string, Record<string, unknown>] => [
        type,
        name,
        Object(Object(blocks)[0]),
      ],
    ),
  );
}

describe.each(Object.entries(REMEDIES))("the remedy %s", (_name, { command, terraform }) => {
  test("calls aliyun with the region, and with parameters that the action has", () => {
    for (const [program, product, action = "", ...words] of callsIn(command ?? "")) {
      expect(program).toBe("aliyun");
      const parameters = parametersOf(words);
      expect(parameters.get("region")).toBe(REGION);
      parameters.delete("region");
      const request = Object.entries(VPC_REQUESTS).find(([name]) => name === action)?.[1];
      const known =
        product === "vpc" ? Object.values(request?.names() ?? {}) : LOG_SERVICE_PARAMETERS[action];
      expect(known).toEqual(expect.arrayContaining([...parameters.keys()]));
    }
  });

  test("is Terraform with arguments that the provider has", async () => {
    const resources = await resourcesIn(String(terraform));
    expect(resources).not.toEqual([]);
    for (const [type, , { lifecycle: _lifecycle, ...args }] of resources) {
      expect(ARGUMENTS[type]).toEqual(expect.arrayContaining(Object.keys(args)));
    }
  });
});

test("the service is activated with what OpenFlowLogService knows, and by Terraform", async () => {
  const remedy = flowLogServiceActivated.remedy({ regionId: REGION });
  expect(callsIn(String(remedy.command))).toEqual([
    ["aliyun", "vpc", "OpenFlowLogService", "--region", REGION],
  ]);
  expect(await parse("remedy.tf", String(remedy.terraform))).toEqual({
    data: { alicloud_vpc_flow_log_service: { [REGION]: [{ enable: "On" }] } },
  });
});

describe("a flow log", () => {
  test("is created with what CreateFlowLog requires", async () => {
    const { command, terraform } = REMEDIES["createFlowLog"] ?? {};
    const [[, , , ...words] = []] = callsIn(String(command));
    expect(Object.fromEntries(parametersOf(words))).toEqual({
      region: REGION,
      ResourceType: "VPC",
      ResourceId: "vpc-1",
      TrafficType: "All",
      ProjectName: "PROJECT",
      LogStoreName: "LOGSTORE",
    });
    expect(await resourcesIn(String(terraform))).toEqual([
      [
        "alicloud_vpc_flow_log",
        "vpc-1",
        {
          resource_type: "VPC",
          resource_id: "vpc-1",
          traffic_type: "All",
          traffic_path: ["all"],
          project_name: "PROJECT",
          log_store_name: "LOGSTORE",
        },
      ],
    ]);
  });

  test("is started as it is: in Terraform another argument would replace it", async () => {
    const terraform = String(REMEDIES["activateFlowLog"]?.terraform);
    const file = await parse("remedy.tf", terraform);
    expect(file["import"]).toEqual([{ id: "fl-1", to: "${alicloud_vpc_flow_log.fl-1}" }]);
    expect(await resourcesIn(terraform)).toEqual([
      [
        "alicloud_vpc_flow_log",
        "fl-1",
        {
          resource_type: "VSwitch",
          resource_id: "vsw-a",
          traffic_type: "All",
          traffic_path: ["vbr", "ecr"],
          project_name: "logs",
          log_store_name: "flows",
          status: "Active",
        },
      ],
    ]);
    const { command, terraform: none } = activateFlowLog(REGION, {
      ...INACTIVE,
      projectName: undefined,
    });
    expect(command).toBe("aliyun vpc ActiveFlowLog --region cn-hangzhou --FlowLogId fl-1");
    expect(none).toBeNull();
  });
});

describe("a log store", () => {
  test("is created with its retention, in its project", async () => {
    const [[type, , args] = []] = await resourcesIn(String(REMEDIES["createLogStore"]?.terraform));
    expect([type, args]).toEqual([
      "alicloud_log_store",
      expect.objectContaining({
        project_name: "logs",
        logstore_name: "flow_logs",
        retention_period: 180,
      }),
    ]);
    expect(await resourcesIn(String(REMEDIES["createProject"]?.terraform))).toEqual(
      expect.arrayContaining([
        ["alicloud_log_project", "logs", { project_name: "logs" }],
        [
          "alicloud_log_store",
          "logs_flow_logs",
          expect.objectContaining({ project_name: "${alicloud_log_project.logs.project_name}" }),
        ],
      ]),
    );
  });

  test("keeps logs longer by a command with all of its settings, and without them by none", () => {
    // `update-log-store` resets what it is not given.
    expect(REMEDIES["keepLogs"]?.command).toBe(
      "aliyun sls update-log-store --region cn-hangzhou --project logs --logstore flow_logs --logstore-name flow_logs --ttl 180 --shard-count 4 --auto-split false --max-split-shard 64 --mode query --hot-ttl 7 --append-meta true",
    );
    expect(keepLogs(STORE, undefined).command).toBeNull();
  });

  test("keeps logs longer by Terraform, which changes nothing else of it", async () => {
    const { terraform } = REMEDIES["keepLogs"] ?? {};
    const file = await parse("remedy.tf", String(terraform));
    expect(file["import"]).toEqual([
      { id: "logs:flow_logs", to: "${alicloud_log_store.logs_flow_logs}" },
    ]);
    const [[, , { lifecycle, ...args }] = ["", "", {}]] = await resourcesIn(String(terraform));
    expect(args).toEqual({
      project_name: "logs",
      logstore_name: "flow_logs",
      retention_period: 180,
    });
    const kept = Object(Object(lifecycle)[0]).ignore_changes.map((text: string) =>
      text.replace(/^\$\{(.*)\}$/, "$1"),
    );
    const others = ARGUMENTS["alicloud_log_store"]?.filter((name) => !Object.hasOwn(args, name));
    expect(kept.toSorted()).toEqual(others);
  });
});

/** Texts that a shell or Terraform would read as something else. */
const HOSTILE = [
  "it's",
  "a b",
  "$(id)",
  "`id`",
  "a;b",
  "${x}",
  "%{x}",
  "$${x}",
  'a"b',
  "a\\b",
  "*",
  "<id>",
  "",
  "#x",
  "a\nb",
];

describe("quoting", () => {
  test.each(HOSTILE)("keeps %j one word of a shell", (text) => {
    expect(execFileSync("sh", ["-c", `printf %s ${shellQuoted(text)}`], { encoding: "utf8" })).toBe(
      text,
    );
  });

  test("leaves plain words as they are", () => {
    for (const word of ["vpc-bp1x", "logs_1", "cn-hangzhou", "a/b.c"])
      expect(shellQuoted(word)).toBe(word);
  });

  test.each(HOSTILE)("keeps %j one text of Terraform", async (text) => {
    const parsed = await parse("x.tf", `x = ${hclQuoted(text)}\n`);
    // The parser writes templates as they were, so an escaped one stays escaped.
    expect(parsed).toEqual({ x: text.replaceAll(/[$%](?=\{)/g, "$&$&") });
  });

  test.each([
    ["vpc-bp1", "vpc-bp1"],
    ["1-logs/flows", "_1-logs_flows"],
    ["-x", "_-x"],
  ])("makes a name of %s", (id, name) => {
    expect(hclName(id)).toBe(name);
  });
});
