import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";

import type { Report } from "../../../shared/audit/report.ts";
import { DEFAULT_CONFIG } from "../../../shared/config/config.ts";
import { leastPolicy } from "../../../shared/entry/least-policy.ts";
import { RULE_IDS } from "../../../shared/rules/rule-ids.ts";
import { loadRules } from "../../../shared/rules/rules.ts";
import { startEmulator } from "../../emulator/emulator.ts";
import { auditRemotely } from "../../harness/audit-remotely.ts";
import { functionContext, functionEnv, invokeAudit } from "../../harness/invoke-function.ts";
import { emulatorEnv, runCli } from "../../harness/run-cli.ts";
import { runMain } from "../../harness/run-main.ts";

const ACTIVATION_ID = "flow-log-service-activated";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "flowlog-guard-rules-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** Writes a configuration file, and returns the flags that name it. */
async function fileOf(values: unknown): Promise<string[]> {
  const path = join(folder, `${crypto.randomUUID()}.yaml`);
  await writeFile(path, JSON.stringify(values));
  return ["--config", path];
}

function startCloud() {
  return startEmulator({ regions: { "cn-a": { activated: true } } });
}

describe("config", () => {
  test("prints the rules of the last source that names any, and the settings of the chosen ones", async () => {
    const file = await fileOf({
      rules: ["vpc-flow-log-active"],
      settings: { "flow-log-retention": { minDays: 30 } },
    });
    const printed = async (args: readonly string[], env: Record<string, string> = {}) => {
      const { exitCode, stdout, stderr } = await runMain(["config", ...args], env);
      const { rules, settings }: Record<string, unknown> = { ...Object(parse(stdout)) };
      expect(exitCode).toBe(0);
      return { rules, settings, stderr };
    };
    expect(await printed([])).toEqual({ rules: [ACTIVATION_ID], settings: {}, stderr: "" });
    expect(await printed(file)).toEqual({
      rules: ["vpc-flow-log-active"],
      settings: { "flow-log-retention": { minDays: 30 } },
      stderr: expect.stringMatching(
        /^flowlog-guard: settings\.flow-log-retention: has no effect, /,
      ),
    });
    expect(await printed(["-q", ...file])).toMatchObject({ stderr: "" });
    const env = { FLOWLOG_GUARD_RULES: "vpc-flow-log-complete" };
    expect((await printed(file, env)).rules).toEqual(["vpc-flow-log-complete"]);
    expect(
      await printed(
        [...file, "--rules", "flow-log-retention,vpc-flow-log-complete", "--rules", ACTIVATION_ID],
        env,
      ),
    ).toEqual({
      rules: [ACTIVATION_ID, "vpc-flow-log-complete", "flow-log-retention"],
      settings: {
        "vpc-flow-log-complete": { trafficType: "All" },
        "flow-log-retention": { minDays: 30 },
      },
      stderr: "",
    });
    expect((await printed(["--rules", "all"])).rules).toEqual([...RULE_IDS]);
  });

  test.each([
    [
      ["--rules", "vpc-flow-log-activ"],
      {},
      '--rules: "vpc-flow-log-activ" is not a rule: did you mean vpc-flow-log-active?',
    ],
    [["--rules", ""], {}, "--rules: is empty: name a rule, or write all"],
    [
      [],
      { FLOWLOG_GUARD_RULES: "cis" },
      `FLOWLOG_GUARD_RULES: "cis" is not a rule: those known are all, ${RULE_IDS.join(", ")}`,
    ],
  ])("with %j and %j is an error: %s", async (args, env, message) => {
    const { exitCode, stdout, stderr } = await runMain(["config", ...args], env);
    expect({ exitCode, stdout, stderr }).toEqual({
      exitCode: 3,
      stdout: "",
      stderr: `flowlog-guard: ${message}\n`,
    });
  });
});

describe("audit", () => {
  async function reportOf(
    args: readonly string[],
    env: Record<string, string> = {},
  ): Promise<{ readonly report: Report; readonly stderr: string }> {
    await using emulator = await startCloud();
    const all = { ...emulatorEnv(emulator), ...env };
    const { stdout, stderr } = await runCli(["audit", "--format", "json", ...args], all);
    return { report: JSON.parse(stdout) as Report, stderr };
  }

  test.each<[string[], Record<string, string>, readonly string[]]>([
    [[], {}, [ACTIVATION_ID]],
    [["--rules", "all"], {}, RULE_IDS],
    [[], { FLOWLOG_GUARD_RULES: "all" }, RULE_IDS],
    [["--rules", ACTIVATION_ID], { FLOWLOG_GUARD_RULES: "all" }, [ACTIVATION_ID]],
    [
      ["--rules", ACTIVATION_ID, "--rules", "flow-log-retention"],
      {},
      [ACTIVATION_ID, "flow-log-retention"],
    ],
  ])("with %j and %j evaluates %j", async (args, env, ids) => {
    const { report } = await reportOf(args, env);
    expect(report.rules.map(({ id }) => id)).toEqual(ids);
    const evaluated = new Set(report.findings.map(({ ruleId }) => ruleId));
    expect([...evaluated].toSorted()).toEqual(ids.toSorted());
  });

  test("warns of settings of a rule that is not chosen, in the report and on stderr", async () => {
    const file = await fileOf({
      rules: [ACTIVATION_ID, "vpc-flow-log-complete"],
      settings: { "flow-log-retention": {}, "vpc-flow-log-complete": { trafficType: "Drop" } },
    });
    const { report, stderr } = await reportOf(file);
    const warning = expect.stringMatching(/^settings\.flow-log-retention: has no effect, /);
    expect(report.warnings).toEqual([warning]);
    expect(stderr).toContain("flowlog-guard: settings.flow-log-retention: has no effect, ");
    expect(stderr).not.toContain("settings.vpc-flow-log-complete");
  });

  test("names the rule in each line of --verbose where there are several", async () => {
    await using emulator = await startCloud();
    const { stderr } = await runMain(["audit", "-v", "--rules", "all"], emulatorEnv(emulator));
    const lines = stderr.split("\n").filter((line) => line.includes(", attempts: "));
    expect(lines.some((line) => line.includes(" COMPLIANT ACTIVATED, "))).toBe(true);
    for (const line of lines) {
      expect(line).toMatch(new RegExp(`^flowlog-guard: (${RULE_IDS.join("|")}) cn-a `));
    }
  });
});

test("settings of the file decide what the rules judge", async () => {
  const vpcs = [{ vpcId: "vpc-1", vSwitchIds: ["vsw-1"] }];
  const flowLog = { flowLogId: "fl-1", resourceType: "VPC", resourceId: "vpc-1" };
  await using emulator = await startEmulator({
    regions: {
      "cn-a": {
        activated: true,
        vpcs,
        flowLogs: [{ ...flowLog, trafficType: "Drop" }],
        logStores: { "flow-logs/vpc": 30 },
      },
    },
  });
  const codesWith = async (settings: unknown): Promise<string[]> => {
    const file = await fileOf({
      rules: ["vpc-flow-log-complete", "flow-log-retention"],
      ...(settings !== undefined && { settings }),
    });
    const args = ["audit", "--format", "json", ...file];
    const { stdout } = await runMain(args, emulatorEnv(emulator));
    const { findings } = JSON.parse(stdout) as Report;
    return findings.map(({ reason }) => reason.code);
  };
  expect(await codesWith(undefined)).toEqual(["RETENTION_TOO_SHORT", "TRAFFIC_TYPE_PARTIAL"]);
  const settings = {
    "flow-log-retention": { minDays: 30 },
    "vpc-flow-log-complete": { trafficType: "Drop" },
  };
  expect(await codesWith(settings)).toEqual(["RETENTION_SUFFICIENT", "TRAFFIC_COMPLETE"]);
});

test("policy prints what the chosen rules need, wherever they are chosen", async () => {
  const printed = async (args: readonly string[], env: Record<string, string> = {}) => {
    const { stdout } = await runMain(["policy", ...args], env);
    return JSON.parse(stdout) as unknown;
  };
  const all = leastPolicy(DEFAULT_CONFIG, await loadRules(RULE_IDS), "*");
  expect(await printed(["--rules", "all"])).toEqual(all);
  expect(await printed([], { FLOWLOG_GUARD_RULES: "all" })).toEqual(all);
  expect(await printed(await fileOf({ rules: "all" }))).toEqual(all);
  const retention = await loadRules(["flow-log-retention"]);
  expect(await printed(["--rules", "flow-log-retention"])).toEqual(
    leastPolicy(DEFAULT_CONFIG, retention, "*"),
  );
});

test.each([
  ["flow-log-service-activated", ["vpc:GetFlowLogServiceStatus"]],
  [
    "vpc-flow-log-active",
    ["ecs:DescribeNetworkInterfaces", "vpc:DescribeFlowLogs", "vpc:DescribeVpcs"],
  ],
  [
    "vpc-flow-log-complete",
    ["ecs:DescribeNetworkInterfaces", "vpc:DescribeFlowLogs", "vpc:DescribeVpcs"],
  ],
  [
    "vpc-flow-log-delivered",
    ["ecs:DescribeNetworkInterfaces", "vpc:DescribeFlowLogs", "vpc:DescribeVpcs"],
  ],
  ["flow-log-retention", ["log:GetLogStore", "vpc:DescribeFlowLogs", "vpc:DescribeVpcs"]],
])("policy for %s allows exactly its actions", async (id, actions) => {
  const { stdout } = await runMain(["policy", "--rules", id, "--regions", "cn-a"]);
  const { Statement: statements } = JSON.parse(stdout) as {
    readonly Statement: readonly { readonly Action: string }[];
  };
  expect(new Set(statements.map(({ Action: action }) => action))).toEqual(new Set(actions));
  expect(statements).toHaveLength(actions.length);
});

test("alert preview has changes of the configured rules", async () => {
  const changed = async (env: Record<string, string>): Promise<string[]> => {
    const { stdout } = await runMain(["alert", "preview", "--type", "webhook"], env);
    const { data } = JSON.parse(stdout) as {
      readonly data: { readonly changes: readonly { readonly ruleId: string }[] };
    };
    return [...new Set(data.changes.map(({ ruleId }) => ruleId))].toSorted();
  };
  expect(await changed({})).toEqual([ACTIVATION_ID]);
  expect(await changed({ FLOWLOG_GUARD_RULES: "all" })).toEqual(RULE_IDS.toSorted());
});

describe("audit --remote", () => {
  /** Audits through the deployed function, which is sent another event if one is named. */
  async function remotely(args: readonly string[], sent?: string) {
    await using emulator = await startCloud();
    const events: string[] = [];
    const functions = {
      "flowlog-guard-audit": (event: string) => {
        events.push(event);
        return invokeAudit(sent ?? event, functionContext(emulator), functionEnv(emulator));
      },
    };
    const result = await auditRemotely(emulator, { functions }, ["--format", "json", ...args]);
    return { ...result, events: events.map((event) => JSON.parse(event) as unknown) };
  }

  test("passes the rules on, and prints a report of them", async () => {
    const args = ["--rules", ACTIVATION_ID, "--regions", "cn-a"];
    const { events, stdout } = await remotely(args);
    expect(events).toEqual([{ regions: "cn-a", rules: ACTIVATION_ID }]);
    const { rules } = JSON.parse(stdout) as Report;
    expect(rules.map(({ id }) => id)).toEqual([ACTIVATION_ID]);
  });

  test("without rules takes those that the function is configured with", async () => {
    const { events, stdout } = await remotely([], '{"rules":"all"}');
    expect(events).toEqual([{}]);
    const { rules } = JSON.parse(stdout) as Report;
    expect(rules.map(({ id }) => id)).toEqual([...RULE_IDS]);
  });

  test("refuses a report of other rules than those asked for", async () => {
    const { exitCode, stdout, stderr } = await remotely(
      ["--rules", "flow-log-retention"],
      JSON.stringify({ rules: ACTIVATION_ID }),
    );
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
    expect(stderr).toContain("it says nothing of the rule flow-log-retention");
  });

  test("with a rule that does not exist invokes nothing", async () => {
    const { exitCode, events, stderr } = await remotely(["--rules", "flow-log-retentions"]);
    expect({ exitCode, events }).toEqual({ exitCode: 3, events: [] });
    expect(stderr).toBe(
      'flowlog-guard: --rules: "flow-log-retentions" is not a rule: did you mean flow-log-retention?\n',
    );
  });
});
