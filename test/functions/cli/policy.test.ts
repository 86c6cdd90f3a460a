import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { runCli } from "../../harness/run-cli.ts";
import { runMain } from "../../harness/run-main.ts";

const GET_STATUS = {
  Effect: "Allow",
  Action: "vpc:GetFlowLogServiceStatus",
  Resource: "acs:vpc:*:*:flowlog/*",
};
const LIST_REGIONS = { Effect: "Allow", Action: "vpc:DescribeRegions", Resource: "*" };

test.each<[string[], unknown[]]>([
  [[], [GET_STATUS, LIST_REGIONS]],
  [
    ["--regions", "cn-a,ap-*"],
    [GET_STATUS, LIST_REGIONS],
  ],
  [
    ["--regions", "cn-a,cn-b,!cn-b"],
    [GET_STATUS, LIST_REGIONS],
  ],
  [["--regions", "cn-a,cn-b"], [GET_STATUS]],
  [
    ["--regions", "cn-a", "--account", "1234567890123456"],
    [{ ...GET_STATUS, Resource: "acs:vpc:*:1234567890123456:flowlog/*" }],
  ],
])("the policy for %j allows only what is needed", async (args, statements) => {
  const { exitCode, stdout, stderr } = await runCli(["policy", ...args]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  expect(JSON.parse(stdout)).toEqual({ Version: "1", Statement: statements });
});

test("--trust lets Function Compute assume the role", async () => {
  // It is the same whatever is configured, and when nothing can be read of it.
  const { stdout } = await runCli(["policy", "--trust", "--config", "/nowhere.yaml"]);
  expect(JSON.parse(stdout)).toEqual({
    Version: "1",
    Statement: [
      {
        Effect: "Allow",
        Action: "sts:AssumeRole",
        Principal: { Service: ["fc.aliyuncs.com"] },
      },
    ],
  });
});

const OPEN_SERVICE = { ...GET_STATUS, Action: "vpc:OpenFlowLogService" };

test.each<[string[], unknown[]]>([
  [[], [GET_STATUS, OPEN_SERVICE, LIST_REGIONS]],
  [
    ["--regions", "cn-a"],
    [GET_STATUS, OPEN_SERVICE],
  ],
  [
    ["--regions", "cn-a", "--rules", "flow-log-retention"],
    [
      GET_STATUS,
      OPEN_SERVICE,
      { Effect: "Allow", Action: "vpc:DescribeVpcs", Resource: "acs:vpc:*:*:vpc/*" },
      { ...GET_STATUS, Action: "vpc:DescribeFlowLogs" },
      { Effect: "Allow", Action: "log:GetLogStore", Resource: "acs:log:*:*:project/*/logstore/*" },
    ],
  ],
  [
    ["--regions", "cn-a", "--flow-logs"],
    [
      GET_STATUS,
      OPEN_SERVICE,
      { Effect: "Allow", Action: "vpc:DescribeVpcs", Resource: "acs:vpc:*:*:vpc/*" },
      { ...GET_STATUS, Action: "vpc:DescribeFlowLogs" },
      { Effect: "Allow", Action: "ecs:DescribeNetworkInterfaces", Resource: "acs:ecs:*:*:eni/*" },
      { Effect: "Allow", Action: "log:GetLogStore", Resource: "acs:log:*:*:project/*/logstore/*" },
      { ...GET_STATUS, Action: "vpc:CreateFlowLog" },
      { Effect: "Allow", Action: "vpc:CreateFlowLog", Resource: "acs:vpc:*:*:vpc/*" },
    ],
  ],
])("the policy of enable for %j has its own permissions", async (args, statements) => {
  const { exitCode, stdout } = await runMain(["policy", "--enable", ...args]);
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toEqual({ Version: "1", Statement: statements });
});

test.each([
  [["--flow-logs"], "--flow-logs: is for --enable only"],
  [["--enable", "--trust"], "--trust: means nothing beside --enable"],
  [["--member", "--trust"], "--member: prints both policies"],
  [["--member", "--enable"], "--member: prints both policies"],
])("%j is an error", async (args, message) => {
  const { exitCode, stderr } = await runMain(["policy", ...args]);
  expect(exitCode).toBe(3);
  expect(stderr).toContain(message);
});

test("an account id that is not a number is an error", async () => {
  const { exitCode, stderr } = await runCli(["policy", "--account", "acme"]);
  expect(exitCode).toBe(3);
  expect(stderr).toBe("flowlog-guard: --account: is not the id of an account, which is a number\n");
});

const ROLE = "flowlog-guard-audit";
const SECRET = "external-id-7f3a";
const ORGANIZATION = { FLOWLOG_GUARD_ORGANIZATION_ROLE: ROLE, FLOWLOG_GUARD_EXTERNAL_ID: SECRET };
const SECURITY = "1234567890123456";
const MEMBERS = { Effect: "Allow", Action: "sts:AssumeRole", Resource: `acs:ram::*:role/${ROLE}` };
const LIST_ACCOUNTS = { Effect: "Allow", Action: "resourcemanager:ListAccounts", Resource: "*" };
const GET_DIRECTORY = { ...LIST_ACCOUNTS, Action: "resourcemanager:GetResourceDirectory" };

describe("the policy of an organization", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "policy-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** The command, with a configuration file. */
  async function policyOf(
    file: object,
    flags: readonly string[] = [],
    env: Readonly<Record<string, string>> = {},
  ) {
    const path = join(folder, "flowlog-guard.yaml");
    writeFileSync(path, JSON.stringify(file));
    return runMain(["policy", "--config", path, ...flags], env);
  }

  test("finds the members, and assumes one role in all of them; it has no external id", async () => {
    const { stdout, stderr } = await runMain(["policy"], ORGANIZATION);
    expect(stderr).toBe("");
    expect(JSON.parse(stdout)).toEqual({
      Version: "1",
      Statement: [GET_STATUS, LIST_REGIONS, MEMBERS, LIST_ACCOUNTS, GET_DIRECTORY],
    });
  });

  test("needs the deployment's audit function where the accounts are audited in parts", async () => {
    const { stdout, stderr } = await policyOf(
      { organization: { roleName: ROLE, folders: ["fd-abc"] }, fanOut: { parts: 4 } },
      ["--regions", "cn-a"],
      { DEPLOY_REGION: "cn-hangzhou", DEPLOY_NAME: "prod", ACCOUNT_ID: SECURITY },
    );
    expect(stderr).toBe("");
    expect(JSON.parse(stdout).Statement).toEqual([
      GET_STATUS,
      MEMBERS,
      LIST_ACCOUNTS,
      {
        Effect: "Allow",
        Action: "fc:InvokeFunction",
        Resource: `acs:fc:cn-hangzhou:${SECURITY}:functions/prod-audit`,
      },
    ]);
  });

  test("says where it allows more, because variables are not set", async () => {
    const file = { organization: { roleName: ROLE }, fanOut: { function: "parts" } };
    const { stdout, stderr } = await policyOf(file);
    expect(JSON.parse(stdout).Statement.at(-1).Resource).toBe("acs:fc:*:*:functions/parts");
    expect(stderr).toBe(
      "flowlog-guard: the policy allows to invoke parts in any region, because DEPLOY_REGION is not set, and of any account, because neither --account nor ACCOUNT_ID is set\n",
    );
    expect((await policyOf(file, ["--quiet"])).stderr).toBe("");
    const known = { DEPLOY_REGION: "cn-a", ACCOUNT_ID: "1" };
    const { stdout: narrow } = await policyOf(file, ["--account", SECURITY], known);
    expect(JSON.parse(narrow).Statement.at(-1).Resource).toBe(
      `acs:fc:cn-a:${SECURITY}:functions/parts`,
    );
  });

  test("an ACCOUNT_ID that is no account is an error", async () => {
    const file = { organization: { roleName: ROLE }, fanOut: { parts: 2 } };
    const { exitCode, stderr } = await policyOf(file, [], { ACCOUNT_ID: "acme" });
    expect(exitCode).toBe(3);
    expect(stderr).toContain("ACCOUNT_ID: is not the id of an account");
  });
});

describe("policy --member", () => {
  const TRUST = {
    Version: "1",
    Statement: [
      {
        Effect: "Allow",
        Action: "sts:AssumeRole",
        Principal: { RAM: [`acs:ram::${SECURITY}:role/flowlog-guard`] },
        Condition: { StringEquals: { "sts:ExternalId": SECRET } },
      },
    ],
  };

  test.each<[string[], Record<string, string>]>([
    [["--account", SECURITY], {}],
    [["--account", SECURITY], { ACCOUNT_ID: "42" }],
    [[], { ACCOUNT_ID: SECURITY }],
    [[], { ACCOUNT_ID: SECURITY, ROLE_NAME: "flowlog-guard" }],
  ])("prints what the rules need, and whom the role trusts: %j %j", async (flags, env) => {
    const args = ["policy", "--member", "--regions", "all", ...flags];
    const { exitCode, stdout, stderr } = await runMain(args, { ...ORGANIZATION, ...env });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(JSON.parse(stdout)).toEqual({
      // The list of regions is read with the credentials of the account that audits.
      policy: { Version: "1", Statement: [GET_STATUS] },
      trust: TRUST,
    });
  });

  test("works as a process, for all rules and another role", async () => {
    const { stdout } = await runCli(["policy", "--member", "--rules", "all"], {
      ...ORGANIZATION,
      ACCOUNT_ID: SECURITY,
      ROLE_NAME: "auditor",
    });
    const { policy, trust } = JSON.parse(stdout);
    const actions = policy.Statement.map(({ Action }: { Action: string }) => Action);
    expect(actions).toEqual([
      "vpc:GetFlowLogServiceStatus",
      "vpc:DescribeVpcs",
      "vpc:DescribeFlowLogs",
      "ecs:DescribeNetworkInterfaces",
      "log:GetLogStore",
    ]);
    expect(trust.Statement[0].Principal.RAM).toEqual([`acs:ram::${SECURITY}:role/auditor`]);
  });

  test("warns where no external id is configured, and has no condition", async () => {
    const { stdout, stderr } = await runMain(["policy", "--member", "--account", SECURITY]);
    expect(JSON.parse(stdout).trust.Statement[0]).not.toHaveProperty("Condition");
    expect(stderr).toContain("no external id is configured");
    expect(stderr).toContain("FLOWLOG_GUARD_EXTERNAL_ID");
  });

  test.each([
    [{}, "name that account with --account, or set ACCOUNT_ID"],
    [{ ACCOUNT_ID: "acme" }, "ACCOUNT_ID: is not the id of an account"],
    [{ ACCOUNT_ID: "1", ROLE_NAME: "a/b" }, "ROLE_NAME: is not the name of a role"],
  ])("fails with %j, and shows no external id", async (env, message) => {
    const { exitCode, stdout, stderr } = await runMain(["policy", "--member"], {
      ...ORGANIZATION,
      ...env,
    });
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
    expect(stderr).toContain(message);
    expect(stderr).not.toContain(SECRET);
  });
});
