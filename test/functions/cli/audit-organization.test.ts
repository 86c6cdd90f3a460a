import { describe, expect, test } from "vitest";

import type { Report } from "../../../shared/audit/report.ts";
import { startEmulator } from "../../emulator/emulator.ts";
import { homeFolder } from "../../harness/home-folder.ts";
import { runCli } from "../../harness/run-cli.ts";
import { runMain, runMainOnTerminal } from "../../harness/run-main.ts";
import {
  EXTERNAL_ID,
  MANAGEMENT,
  OLD,
  organizationEnv,
  PROD,
  SAMPLE_ORGANIZATION,
  SECURITY,
  TEST,
} from "../../harness/sample-organization.ts";
import { startWebhookCatcher } from "../../harness/webhook-catcher.ts";

describe("audit of an organization", () => {
  test("prints a report of every account, and exits 1", async () => {
    await using emulator = await startEmulator(SAMPLE_ORGANIZATION);
    const { exitCode, stdout, stderr } = await runCli(
      ["audit", "--format", "json"],
      organizationEnv(emulator),
    );
    expect({ exitCode, stderr: stderr.split("\n")[0]?.replace(/\d\.\d s/, "0.0 s") }).toEqual({
      exitCode: 1,
      stderr: `flowlog-guard: 8 regions of 4 accounts, 1 account skipped, audited by acs:ram::${SECURITY}:user/auditor: 5 compliant, 1 not compliant, 2 could not be read (0.0 s)`,
    });
    const report = JSON.parse(stdout) as Report;
    const regions = ["cn-a", "cn-b"];
    const roleArn = (id: string): string => `acs:ram::${id}:role/flowlog-guard-audit`;
    expect(report.accounts).toEqual([
      { id: SECURITY, name: "security", regions, status: "audited" },
      { id: PROD, name: "prod", roleArn: roleArn(PROD), regions, status: "audited" },
      { id: TEST, name: "test", roleArn: roleArn(TEST), regions, status: "audited" },
      {
        id: OLD,
        name: "old",
        regions: [],
        status: "skipped",
        reason: { code: "BEING_DELETED", message: expect.any(String) },
      },
      {
        id: MANAGEMENT,
        name: "management",
        roleArn: roleArn(MANAGEMENT),
        regions,
        status: "audited",
      },
    ]);
    expect(report.scope).toEqual({ accounts: [SECURITY, PROD, TEST, MANAGEMENT], regions });
    expect(report.findings.map(({ accountId, reason }) => [accountId, reason.code])).toEqual([
      [SECURITY, "ACTIVATED"],
      [SECURITY, "ACTIVATED"],
      [PROD, "ACTIVATED"],
      [PROD, "NOT_ACTIVATED"],
      [TEST, "ROLE_REFUSED"],
      [TEST, "ROLE_REFUSED"],
      [MANAGEMENT, "ACTIVATED"],
      [MANAGEMENT, "ACTIVATED"],
    ]);
    expect(stdout + stderr).not.toContain(EXTERNAL_ID);
  });

  test("shows on a terminal what is wrong in which account, and each advice once", async () => {
    await using emulator = await startEmulator(SAMPLE_ORGANIZATION);
    const { stdout } = await runMainOnTerminal(80, ["audit"], organizationEnv(emulator));
    const [rows, advice, skipped, summary] = stdout
      .replaceAll(/[\dA-F]{8}-[\dA-F-]{27}/g, "ID")
      .split("\n\n");
    expect(rows?.split("\n")).toEqual([
      "ACCOUNT",
      "  STATUS            REGION   REASON",
      `prod (${PROD})  and 1 compliant`,
      "  ✖ NON_COMPLIANT   cn-b     NOT_ACTIVATED",
      `? test (${TEST}): ROLE_REFUSED in all 2 regions`,
      `✔ security (${SECURITY}): 2 regions compliant`,
      `✔ management (${MANAGEMENT}): 2 regions compliant`,
      "7 findings summarized: in a file or a pipe each has a line",
    ]);
    expect(advice?.split("\n")).toEqual([
      "✖ NOT_ACTIVATED in 1 region of 1 account  The flow log service is not activated. Activate it: aliyun vpc OpenFlowLogService --region cn-b",
      expect.stringMatching(
        /^\? ROLE_REFUSED in 2 regions of 1 account {2}The role acs:ram::1500000000000002/,
      ),
      expect.stringMatching(/^Before you activate/),
      expect.stringMatching(/^Run each command with credentials of its account/),
    ]);
    expect(skipped).toMatch(
      new RegExp(String.raw`^\? old \(${OLD}\)  not audited: BEING_DELETED: \S.*$`),
    );
    expect(summary).toMatch(/^8 regions of 4 accounts, 1 account skipped, audited by acs:ram::/);
  });

  test("names the account in each line of --verbose", async () => {
    await using emulator = await startEmulator(SAMPLE_ORGANIZATION);
    const { stderr } = await runMain(["audit", "--verbose"], organizationEnv(emulator));
    const lines = stderr.split("\n").map((line) => line.replace(/, attempts.*/, ""));
    expect(lines).toContain(`flowlog-guard: prod (${PROD}) cn-b NON_COMPLIANT NOT_ACTIVATED`);
    expect(lines).toContain(`flowlog-guard: test (${TEST}) cn-a INSUFFICIENT_DATA ROLE_REFUSED`);
  });

  test("says that the management account may be missing", async () => {
    await using emulator = await startEmulator({
      ...SAMPLE_ORGANIZATION,
      faults: { GetResourceDirectory: { kind: "denied" } },
    });
    const { exitCode, stdout, stderr } = await runMain(["audit"], organizationEnv(emulator));
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^flowlog-guard: Which account manages the resource directory/);
    expect(stdout).toContain("\n6 regions of 3 accounts, 1 account skipped");
    expect(stdout).toContain("\nNot known: the management account");
  });

  test("exits 3 where the members cannot be listed", async () => {
    await using emulator = await startEmulator({
      ...SAMPLE_ORGANIZATION,
      faults: { ListAccounts: { kind: "denied" } },
    });
    const { exitCode, stdout, stderr } = await runMain(["audit"], organizationEnv(emulator));
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
    expect(stderr).toContain("The members of the resource directory could not be listed");
  });
});

describe("--accounts", () => {
  test.each<[string, readonly string[]]>([
    ["prod,sec*", [SECURITY, PROD]],
    [`*,!${TEST},!old`, [SECURITY, PROD, MANAGEMENT]],
    [TEST, [TEST]],
  ])("%s selects among the members", async (selectors, expected) => {
    await using emulator = await startEmulator(SAMPLE_ORGANIZATION);
    const { stdout } = await runMain(
      ["audit", "--format", "json", "--accounts", selectors],
      organizationEnv(emulator),
    );
    expect((JSON.parse(stdout) as Report).accounts.map(({ id }) => id)).toEqual(expected);
  });

  test.each<[string, string]>([
    ["prd-*", '"prd-*" matches none of the 5 accounts'],
    ["old", "Nothing can be audited"],
    ["!prod", "only leaves accounts out"],
    ["!", "is not an account"],
  ])("%s is an error, and no account is asked", async (selectors, problem) => {
    await using emulator = await startEmulator(SAMPLE_ORGANIZATION);
    const { exitCode, stdout, stderr } = await runMain(
      ["audit", "--accounts", selectors],
      organizationEnv(emulator),
    );
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
    expect(stderr).toContain(problem);
    expect(emulator.requests.map(({ action }) => action)).not.toContain("AssumeRole");
  });
});

describe("watch --once of an organization", () => {
  test("alerts about each account, and says of no account that it has left a narrower run", async () => {
    await using emulator = await startEmulator({
      ...SAMPLE_ORGANIZATION,
      memberRoles: { roleName: "flowlog-guard-audit", externalId: EXTERNAL_ID },
    });
    await using catcher = await startWebhookCatcher();
    await using home = await homeFolder();
    const env = {
      ...organizationEnv(emulator),
      FLOWLOG_GUARD_WEBHOOK_URL: catcher.url,
      FLOWLOG_GUARD_STATE: `file:${home.path}/state.json`,
    };
    const watch = async (args: readonly string[]) => {
      const before = catcher.messages.length;
      const { exitCode, stdout } = await runMain(["watch", "--once", ...args], env);
      expect({ exitCode, isLeaked: stdout.includes(EXTERNAL_ID) }).toEqual({
        exitCode: 0,
        isLeaked: false,
      });
      return catcher.messages.slice(before).map(({ body }) => body);
    };
    expect(await watch([])).toEqual([expect.stringContaining(PROD)]);
    expect(await watch(["--accounts", "security"])).toEqual([]);
    expect(await watch([])).toEqual([]);
    const { stdout } = await runMain(["state", "show"], env);
    expect(stdout).toContain(PROD);
  });
});
