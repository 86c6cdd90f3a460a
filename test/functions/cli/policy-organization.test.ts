import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { startEmulator } from "../../emulator/emulator.ts";
import { organizationOf } from "../../emulator/organization.ts";
import { DEFAULT_WORLD, type RegionSeed } from "../../emulator/world.ts";
import { emulatorEnv, runCli } from "../../harness/run-cli.ts";
import { runMain } from "../../harness/run-main.ts";

const GET_STATUS = {
  Effect: "Allow",
  Action: "vpc:GetFlowLogServiceStatus",
  Resource: "acs:vpc:*:*:flowlog/*",
};
const LIST_REGIONS = { Effect: "Allow", Action: "vpc:DescribeRegions", Resource: "*" };
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

describe("an audit of an organization", () => {
  /** A region in which all rules have something to ask. */
  const REGION: RegionSeed = {
    activated: true,
    vpcs: [{ vpcId: "vpc-1", vSwitchIds: ["vsw-1"] }],
    networkInterfaces: [{ networkInterfaceId: "eni-1", vpcId: "vpc-1", vSwitchId: "vsw-1" }],
    flowLogs: [{ flowLogId: "fl-1", resourceType: "NetworkInterface", resourceId: "eni-1" }],
    logStores: { "flow-logs/vpc": 180 },
  };

  /** The actions that a policy allows, without the name of their service. */
  function actionsOf(policy: { readonly Statement: readonly { readonly Action: string }[] }) {
    return new Set(policy.Statement.map(({ Action }) => Action.split(":")[1]));
  }

  test("uses exactly what the two policies allow", async () => {
    await using emulator = await startEmulator({
      regions: { "cn-a": REGION },
      ...organizationOf({
        memberCount: 2,
        managementAccountId: DEFAULT_WORLD.accountId,
        roleName: ROLE,
        externalId: SECRET,
      }),
    });
    const env = { ...emulatorEnv(emulator), ...ORGANIZATION, ACCOUNT_ID: SECURITY };
    await runMain(["audit", "--rules", "all"], {
      ...env,
      FLOWLOG_GUARD_RESOURCE_DIRECTORY_ENDPOINT: emulator.endpoint,
    });
    const used = (isOwn: boolean) =>
      new Set(
        emulator.requests
          .filter(({ accessKeyId }) => isOwn !== accessKeyId?.startsWith("STS."))
          .map(({ action }) => action)
          .filter((action) => action !== "GetCallerIdentity"),
      );
    const own = JSON.parse((await runMain(["policy", "--rules", "all"], env)).stdout);
    const { policy } = JSON.parse(
      (await runMain(["policy", "--member", "--rules", "all"], env)).stdout,
    );
    expect(used(true)).toEqual(actionsOf(own));
    expect(used(false)).toEqual(actionsOf(policy));
  });
});
