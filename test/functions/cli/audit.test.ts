import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { Report } from "../../../shared/audit/report.ts";
import { startEmulator } from "../../emulator/emulator.ts";
import type { RegionSeed } from "../../emulator/world.ts";
import { ACTIVATION_RULE } from "../../harness/activation-rule.ts";
import { emulatorEnv, runCli } from "../../harness/run-cli.ts";
import { runMain } from "../../harness/run-main.ts";
import { startWebhookCatcher } from "../../harness/webhook-catcher.ts";

const WELL: RegionSeed = { activated: true };

const OPEN: RegionSeed = { activated: false };

const DENIED: RegionSeed = { activated: true, fault: { kind: "denied" } };

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "flowlog-guard-cli-"));
});

afterAll(() => rm(folder, { recursive: true }));

describe("the exit code", () => {
  test.each<[Record<string, RegionSeed>, number]>([
    [{ "cn-a": WELL, "cn-b": WELL }, 0],
    [{ "cn-a": WELL, "cn-b": OPEN }, 1],
    [{ "cn-a": OPEN, "cn-b": DENIED }, 1],
    [{ "cn-a": WELL, "cn-b": DENIED }, 2],
    [{ "cn-a": DENIED }, 2],
  ])("of %j is %i", async (regions, exitCode) => {
    await using emulator = await startEmulator({ regions });
    const result = await runCli(["audit"], emulatorEnv(emulator));
    expect(result).toMatchObject({ exitCode, stderr: "" });
  });

  test.each<[Record<string, RegionSeed>, number]>([
    [{ "cn-a": WELL }, 0],
    [{ "cn-a": WELL, "cn-b": OPEN }, 0],
    [{ "cn-a": WELL, "cn-b": DENIED }, 0],
    [{ "cn-a": OPEN, "cn-b": DENIED }, 0],
    [{ "cn-a": DENIED, "cn-b": DENIED }, 3],
  ])("with --exit-zero, of %j is %i, and the report is printed", async (regions, exitCode) => {
    await using emulator = await startEmulator({ regions });
    const result = await runCli(["audit", "--exit-zero"], emulatorEnv(emulator));
    expect(result.exitCode).toBe(exitCode);
    expect(result.stdout).toMatch(/\d regions? of account/);
    const problem = /^flowlog-guard: None of the regions in scope could be read \(ACCESS_DENIED\)/;
    expect(result.stderr).toMatch(exitCode === 0 ? /^$/ : problem);
  });

  test("with --exit-zero stays 3 when an alert reached no receiver, or usage is wrong", async () => {
    await using catcher = await startWebhookCatcher([{ status: 404 }]);
    await using emulator = await startEmulator({ regions: { "cn-a": OPEN } });
    const env = { ...emulatorEnv(emulator), FLOWLOG_GUARD_WEBHOOK_URL: catcher.url };
    expect((await runMain(["audit", "--exit-zero", "--alert"], env)).exitCode).toBe(3);
    expect((await runMain(["audit", "--exit-zero", "--regions", "CN-A"], env)).exitCode).toBe(3);
  });

  test("is 3 when the audit could not run", async () => {
    await using emulator = await startEmulator({
      regions: { "cn-a": WELL },
      faults: { DescribeRegions: { kind: "denied" } },
    });
    const { exitCode, stdout, stderr } = await runCli(["audit"], emulatorEnv(emulator));
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
    expect(stderr).toMatch(
      /^flowlog-guard: The regions could not be listed \(ACCESS_DENIED\).*\n$/,
    );
  });
});

describe("the report", () => {
  test("is a table on stdout, without colours in a pipe", async () => {
    await using emulator = await startEmulator({ regions: { "cn-b": OPEN, "cn-a": WELL } });
    const { stdout } = await runCli(["audit"], emulatorEnv(emulator));
    expect(stdout.replaceAll(/[0-9A-F-]{36}/g, "ID").replace(/\d\.\d s/, "0.0 s")).toBe(`\
STATUS            REGION   REASON          REQUEST ID
✔ COMPLIANT       cn-a     ACTIVATED       ID
✖ NON_COMPLIANT   cn-b     NOT_ACTIVATED   ID

✖ cn-b  The flow log service is not activated. Activate it: aliyun vpc OpenFlowLogService --region cn-b
Before you activate the service: read and accept its terms. Activation cannot be undone. Run one command at a time within an account.

2 regions of account 1234567890123456: 1 compliant, 1 not compliant (0.0 s)
COMPLIANT means: VPC flow log service is activated, a precondition of CIS Alibaba Cloud Foundation Benchmark 2.0.0 controls 2.5 and 3.3. It does not prove that a flow log exists or that traffic is recorded.
Not asked: whether traffic is recorded, complete, delivered and kept. Ask with --rules all.
`);
  });

  test("is coloured where the user asks for it, and never against NO_COLOR", async () => {
    await using emulator = await startEmulator({ regions: { "cn-a": WELL } });
    const env = { ...emulatorEnv(emulator), FORCE_COLOR: "1" };
    expect((await runCli(["audit"], env)).stdout).toContain("\u001b[32m");
    expect((await runCli(["audit"], { ...env, NO_COLOR: "1" })).stdout).not.toContain("\u001b");
    const path = join(folder, "report.txt");
    await runCli(["audit", "--output", path], env);
    expect(await readFile(path, "utf8")).not.toContain("\u001b");
  });

  test("is JSON with --format json", async () => {
    await using emulator = await startEmulator({ regions: { "cn-a": WELL, "cn-b": OPEN } });
    const args = ["audit", "--regions", "cn-b", "--format", "json"];
    const { stdout, stderr } = await runCli(args, emulatorEnv(emulator));
    expect(stderr).toMatch(
      /^flowlog-guard: 1 region of account \d+: 1 not compliant \(.* s\)\nflowlog-guard: Not asked: .* --rules all\.\n$/,
    );
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    const uuid = expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(JSON.parse(stdout)).toEqual({
      schemaVersion: 1,
      tool: { name: "flowlog-guard", version: expect.stringMatching(/^\d+\.\d+\.\d+$/) },
      runId: uuid,
      trigger: "cli",
      startedAt: time,
      finishedAt: time,
      caller: { accountId: "1234567890123456", arn: "acs:ram::1234567890123456:user/auditor" },
      scope: { accounts: ["1234567890123456"], regions: ["cn-b"] },
      rules: [ACTIVATION_RULE],
      accounts: [{ id: "1234567890123456", regions: ["cn-b"], status: "audited" }],
      summary: {
        total: 1,
        compliant: 0,
        nonCompliant: 1,
        insufficientData: 0,
        notApplicable: 0,
        ignored: 0,
      },
      findings: [
        {
          ruleId: "flow-log-service-activated",
          accountId: "1234567890123456",
          regionId: "cn-b",
          status: "NON_COMPLIANT",
          reason: { code: "NOT_ACTIVATED", message: expect.stringContaining("OpenFlowLogService") },
          evidence: {
            requestId: expect.stringMatching(/^[0-9A-F-]{36}$/),
            endpoint: new URL(emulator.endpoint).host,
            httpStatus: 200,
            attempts: 1,
            checkedAt: time,
            durationMs: expect.any(Number),
          },
          remedy: {
            command: "aliyun vpc OpenFlowLogService --region cn-b",
            terraform: expect.stringContaining('"alicloud_vpc_flow_log_service" "cn-b"'),
          },
        },
      ],
    });
  });

  test("goes to a file with --output, and nothing to stdout", async () => {
    await using emulator = await startEmulator({ regions: { "cn-a": OPEN } });
    const path = join(folder, "report.json");
    const args = ["audit", "--output", path];
    expect(await runCli(args, emulatorEnv(emulator))).toEqual({
      exitCode: 1,
      stdout: "",
      stderr: expect.stringMatching(
        new RegExp(
          `^flowlog-guard: 1 region of account 1234567890123456: 1 not compliant \\(\\d\\.\\d s\\)\nflowlog-guard: Not asked: .*\nflowlog-guard: report written to ${path}\n$`,
        ),
      ),
    });
    for (const quiet of ["--quiet", "-q"]) {
      expect((await runCli([...args, quiet], emulatorEnv(emulator))).stderr).toBe("");
    }
    const report = JSON.parse(await readFile(path, "utf8")) as Report;
    expect(report.summary.nonCompliant).toBe(1);
  });

  test.each(["--verbose", "-v"])(
    "is accompanied by a line for each region on stderr with %s",
    async (flag) => {
      await using emulator = await startEmulator({ regions: { "cn-a": WELL, "cn-b": DENIED } });
      const { stderr } = await runCli(["audit", flag], emulatorEnv(emulator));
      expect((await runCli(["audit", "-qv"], emulatorEnv(emulator))).stderr).toBe("");
      expect(stderr.split("\n").toSorted()).toEqual([
        "",
        expect.stringMatching(/^flowlog-guard: cn-a COMPLIANT ACTIVATED, attempts: 1, \d+ ms$/),
        expect.stringMatching(
          /^flowlog-guard: cn-b INSUFFICIENT_DATA ACCESS_DENIED, attempts: 1, \d+ ms$/,
        ),
      ]);
    },
  );
});

test("--regions can be given more than once", async () => {
  await using emulator = await startEmulator({ regions: { "cn-a": WELL, "cn-b": OPEN } });
  const args = ["audit", "--regions", "cn-a", "--regions", "cn-b", "--format", "json"];
  const { stdout } = await runCli(args, emulatorEnv(emulator));
  expect((JSON.parse(stdout) as Report).scope.regions).toEqual(["cn-a", "cn-b"]);
});

describe("time", () => {
  test("30 regions, one of which never answers, end within its time-out plus a second", async () => {
    const regions: Record<string, RegionSeed> = Object.fromEntries(
      Array.from({ length: 29 }, (_, index) => [`cn-r${index}`, WELL]),
    );
    regions["cn-dead"] = { activated: true, fault: { kind: "hang" } };
    await using emulator = await startEmulator({ regions });
    const args = ["audit", "--timeout", "1s", "--format", "json"];
    const { exitCode, stdout } = await runCli(args, emulatorEnv(emulator));
    const { summary, startedAt, finishedAt, findings } = JSON.parse(stdout) as Report;
    expect(exitCode).toBe(2);
    expect(summary).toMatchObject({ total: 30, compliant: 29, insufficientData: 1 });
    expect(findings.find(({ regionId }) => regionId === "cn-dead")?.reason.code).toBe("TIMEOUT");
    expect(Date.parse(finishedAt) - Date.parse(startedAt)).toBeLessThan(2_000);
  });

  test("of one missing answer is that of an attempt, and no finding is lost", async () => {
    await using emulator = await startEmulator({
      regions: { "cn-a": { activated: true, fault: { kind: "hang", times: 1 } } },
      faults: { DescribeRegions: { kind: "hang", times: 1 } },
    });
    const args = ["audit", "--attempt-timeout", "200ms", "--format", "json"];
    const { exitCode, stdout } = await runCli(args, emulatorEnv(emulator));
    const { findings } = JSON.parse(stdout) as Report;
    expect(exitCode).toBe(0);
    expect(findings).toMatchObject([{ regionId: "cn-a", evidence: { attempts: 2 } }]);
  });

  test("ends at the deadline, with a complete report", async () => {
    await using emulator = await startEmulator({
      regions: {
        "cn-a": { activated: true, fault: { kind: "hang" } },
        "cn-b": { activated: true, fault: { kind: "trickle" } },
        "cn-c": WELL,
      },
    });
    const args = [
      "audit",
      "--deadline",
      "600ms",
      "--format",
      "json",
      "--regions",
      "cn-a,cn-b,cn-c",
    ];
    const { exitCode, stdout } = await runCli(args, emulatorEnv(emulator));
    const { findings } = JSON.parse(stdout) as Report;
    expect(exitCode).toBe(2);
    expect(findings.map(({ regionId, reason }) => [regionId, reason.code])).toEqual([
      ["cn-a", "DEADLINE_EXCEEDED"],
      ["cn-b", "DEADLINE_EXCEEDED"],
      ["cn-c", "ACTIVATED"],
    ]);
  });
});
