import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { Report } from "../../../shared/audit/report.ts";
import { startEmulator } from "../../emulator/emulator.ts";
import type { RegionSeed } from "../../emulator/world.ts";
import { ACTIVATION_RULE } from "../../harness/activation-rule.ts";
import { emulatorEnv, runCli } from "../../harness/run-cli.ts";
import { runMain } from "../../harness/run-main.ts";
import { CATCHER_SECRETS, startWebhookCatcher } from "../../harness/webhook-catcher.ts";

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

  test("with --exit-zero stays 3 when an alert reached nobody, or usage is wrong", async () => {
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

  test("is the design's JSON with --format json", async () => {
    await using emulator = await startEmulator({ regions: { "cn-a": WELL, "cn-b": OPEN } });
    const args = ["audit", "--regions", "cn-b", "--format", "json"];
    const { stdout, stderr } = await runCli(args, emulatorEnv(emulator));
    expect(stderr).toMatch(/^flowlog-guard: 1 region of account \d+: 1 not compliant \(.* s\)\n$/);
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
        },
      ],
    });
  });

  test("goes to a file with --output, and nothing to stdout", async () => {
    await using emulator = await startEmulator({ regions: { "cn-a": OPEN } });
    const path = join(folder, "report.json");
    const args = ["audit", "--format", "json", "--output", path];
    expect(await runCli(args, emulatorEnv(emulator))).toEqual({
      exitCode: 1,
      stdout: "",
      stderr: expect.stringMatching(
        new RegExp(
          `^flowlog-guard: 1 region of account 1234567890123456: 1 not compliant \\(\\d\\.\\d s\\)\nflowlog-guard: report written to ${path}\n$`,
        ),
      ),
    });
    for (const quiet of ["--quiet", "-q"]) {
      expect((await runCli([...args, quiet], emulatorEnv(emulator))).stderr).toBe("");
    }
    const report = JSON.parse(await readFile(path, "utf8")) as Report;
    expect(report.summary.nonCompliant).toBe(1);
  });

  test.each(["--verbose", "-v"])("comes with a line a region on stderr with %s", async (flag) => {
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
  });
});

test("--regions can be given more than once", async () => {
  await using emulator = await startEmulator({ regions: { "cn-a": WELL, "cn-b": OPEN } });
  const args = ["audit", "--regions", "cn-a", "--regions", "cn-b", "--format", "json"];
  const { stdout } = await runCli(args, emulatorEnv(emulator));
  expect((JSON.parse(stdout) as Report).scope.regions).toEqual(["cn-a", "cn-b"]);
});

describe("time", () => {
  test("30 regions, one of which never answers: done within its time-out plus a second", async () => {
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

  test("one answer that never comes costs its attempt and no finding", async () => {
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

  test("the deadline ends the run, and the report is complete", async () => {
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

describe("credentials", () => {
  test("that are absent are one clear error", async () => {
    await using emulator = await startEmulator({ regions: { "cn-a": WELL } });
    const { FLOWLOG_GUARD_VPC_ENDPOINT = "" } = emulatorEnv(emulator);
    const { exitCode, stderr } = await runCli(["audit"], { FLOWLOG_GUARD_VPC_ENDPOINT });
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(
      /^flowlog-guard: No credentials were found\. Set ALIBABA_CLOUD_ACCESS_KEY_ID.*\n$/,
    );
    expect(emulator.requests).toEqual([]);
  });

  test("that are wrong are one clear error, and no secret is repeated", async () => {
    const securityToken = "sts-token-4d1f";
    await using emulator = await startEmulator({
      regions: { "cn-a": WELL },
      keys: [{ accessKeyId: "LTAI5tSts", accessKeySecret: "right-secret", securityToken }],
    });
    const env = {
      ...emulatorEnv(emulator),
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: "wrong-secret-77b1",
      ALIBABA_CLOUD_SECURITY_TOKEN: securityToken,
    };
    const args = ["audit", "--regions", "cn-a", "--verbose"];
    const { exitCode, stdout, stderr } = await runCli(args, env);
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
    expect(stderr).toContain("The credentials were refused (HTTP 400, SignatureDoesNotMatch)");
    for (const secret of ["wrong-secret-77b1", securityToken, "LTAI5tSts"]) {
      expect(stderr).not.toContain(secret);
    }
  });

  test("of which half is set are an error that names the other half", async () => {
    const { exitCode, stderr } = await runCli(["audit"], {
      ALIBABA_CLOUD_ACCESS_KEY_ID: "LTAI5tHalf",
    });
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/^flowlog-guard: ALIBABA_CLOUD_ACCESS_KEY_SECRET is not set, or empty/);
  });

  test("that no request can carry are an error before the cloud is asked", async () => {
    await using emulator = await startEmulator({ regions: { "cn-a": WELL } });
    const env = { ...emulatorEnv(emulator), ALIBABA_CLOUD_SECURITY_TOKEN: "token\r\n" };
    const { exitCode, stderr } = await runCli(["audit"], env);
    expect(exitCode).toBe(3);
    expect(stderr).toContain("The security token holds white space");
    expect(emulator.requests).toEqual([]);
  });

  test("that are asked of a service that never answers are an error within 5 seconds", async () => {
    await using silent = await startWebhookCatcher(["hang"]);
    const startedMs = performance.now();
    const { exitCode, stderr } = await runCli(["audit"], {
      ALIBABA_CLOUD_CREDENTIALS_URI: silent.url,
    });
    expect(performance.now() - startedMs).toBeLessThan(5_000);
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(
      /^flowlog-guard: ALIBABA_CLOUD_CREDENTIALS_URI cannot be used: .* did not answer in time/,
    );
    for (const secret of CATCHER_SECRETS) expect(stderr).not.toContain(secret);
  });

  test("that a service or a file gives incompletely are not repeated", async () => {
    const answer = { AccessKeyId: "LTAI5tLeak", AccessKeySecret: "leak-secret-31" };
    await using uri = await startWebhookCatcher([{ status: 200, body: JSON.stringify(answer) }]);
    const home = join(folder, "home");
    await mkdir(join(home, ".aliyun"), { recursive: true });
    await writeFile(join(home, ".aliyun/config.json"), '{ "access_key_secret": "leak-secret-31", ');
    const env = { HOME: home, ALIBABA_CLOUD_CREDENTIALS_URI: uri.url };
    const { exitCode, stdout, stderr } = await runCli(["audit", "--verbose"], env);
    expect(exitCode).toBe(3);
    expect(stdout + stderr).not.toMatch(/leak-secret|LTAI5tLeak/);
  });

  test("that are temporary are used with their token", async () => {
    const key = { accessKeyId: "STS.key", accessKeySecret: "secret", securityToken: "token" };
    await using emulator = await startEmulator({ regions: { "cn-a": WELL }, keys: [key] });
    const env = { ...emulatorEnv(emulator), ALIBABA_CLOUD_SECURITY_TOKEN: "token" };
    expect((await runCli(["audit"], env)).exitCode).toBe(0);
  });
});

describe("what cannot be written", () => {
  const fullDisk = "/dev/full";

  test.runIf(existsSync(fullDisk))("to stdout is exit 3, not a success", async () => {
    await using emulator = await startEmulator({ regions: { "cn-a": WELL } });
    const { exitCode, stderr } = await runCli(["audit"], emulatorEnv(emulator), {
      stdout: fullDisk,
    });
    expect(exitCode).toBe(3);
    expect(stderr).toBe("flowlog-guard: The output could not be written (ENOSPC).\n");
  });

  test.runIf(existsSync(fullDisk))("to a file goes to stdout, and costs no alert", async () => {
    await using catcher = await startWebhookCatcher();
    await using emulator = await startEmulator({ regions: { "cn-a": OPEN } });
    const env = { ...emulatorEnv(emulator), FLOWLOG_GUARD_WEBHOOK_URL: catcher.url };
    // By a link, lest a device of the machine be replaced.
    const path = join(folder, "full");
    await symlink(fullDisk, path);
    const args = ["audit", "--alert", "--output", path];
    const { exitCode, stdout, stderr } = await runCli(args, env);
    expect(exitCode).toBe(3);
    expect(stdout).toContain("NON_COMPLIANT");
    expect(stderr).toContain(
      `${path} could not be written (ENOSPC), so the report went to stdout.`,
    );
    expect(catcher.messages).toHaveLength(1);
  });

  test.runIf(existsSync(fullDisk)).each<[RegionSeed, string[], number]>([
    [WELL, ["--output", "report.json"], 0],
    [DENIED, ["--alert"], 2],
    [WELL, ["--timeout", "soon"], 3],
  ])("to stderr leaves the exit code alone: %j %j", async (seed, flags, expected) => {
    await using catcher = await startWebhookCatcher();
    await using emulator = await startEmulator({ regions: { "cn-a": seed } });
    const env = { ...emulatorEnv(emulator), FLOWLOG_GUARD_WEBHOOK_URL: catcher.url };
    const { exitCode } = await runCli(["audit", ...flags], env, { cwd: folder, stderr: fullDisk });
    expect(exitCode).toBe(expected);
  });

  test("because the reader has seen enough changes nothing", async () => {
    await using emulator = await startEmulator({ regions: { "cn-a": OPEN } });
    const result = await runCli(["audit"], emulatorEnv(emulator), { stdout: "closed" });
    expect(result).toMatchObject({ exitCode: 1, stderr: "" });
  });

  test("and never comes to an end is exit 3", async () => {
    const stall = "process.stdout.write = () => true";
    const env = { NODE_OPTIONS: `--import="data:text/javascript,${encodeURI(stall)}"` };
    expect((await runCli(["config"], env)).exitCode).toBe(3);
  });
});

describe("--alert", () => {
  test("tells the receivers, and says so on stderr", async () => {
    await using catcher = await startWebhookCatcher();
    await using emulator = await startEmulator({ regions: { "cn-a": OPEN } });
    const env = { ...emulatorEnv(emulator), FLOWLOG_GUARD_WEBHOOK_URL: catcher.url };
    const { exitCode, stderr } = await runCli(["audit", "--alert"], env);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /^flowlog-guard: alert delivered to webhook-[0-9a-f]{8} \(127\.0\.0\.1:\d+\)\n$/,
    );
    expect(catcher.messages).toHaveLength(1);
  });

  test("that reaches nobody is exit 3, with the report all the same, and no secret", async () => {
    await using catcher = await startWebhookCatcher([{ status: 404 }]);
    await using emulator = await startEmulator({ regions: { "cn-a": OPEN } });
    const env = { ...emulatorEnv(emulator), FLOWLOG_GUARD_WEBHOOK_URL: catcher.url };
    const { exitCode, stdout, stderr } = await runCli(["audit", "--alert", "--verbose"], env);
    expect(exitCode).toBe(3);
    expect(stdout).toContain("NON_COMPLIANT");
    expect(stderr).toContain("The alert reached nobody.");
    for (const secret of CATCHER_SECRETS) expect(stdout + stderr).not.toContain(secret);
  });

  test("is quiet with --quiet, and sends nothing when all is well", async () => {
    await using catcher = await startWebhookCatcher();
    await using emulator = await startEmulator({ regions: { "cn-a": WELL } });
    const env = { ...emulatorEnv(emulator), FLOWLOG_GUARD_WEBHOOK_URL: catcher.url };
    expect((await runCli(["audit", "--alert", "--quiet"], env)).stderr).toBe("");
    expect((await runCli(["audit", "--alert"], env)).stderr).toBe(
      "flowlog-guard: no alert is due: ALL_WELL\n",
    );
    expect(catcher.messages).toEqual([]);
  });

  test("says what is wrong with the state, also with --quiet", async () => {
    await using catcher = await startWebhookCatcher();
    await using emulator = await startEmulator({ regions: { "cn-a": OPEN } });
    await writeFile(join(folder, "damaged.json"), "{");
    const alert = async (file: string) =>
      runCli(["audit", "--alert", "--quiet"], {
        ...emulatorEnv(emulator),
        FLOWLOG_GUARD_WEBHOOK_URL: catcher.url,
        FLOWLOG_GUARD_STATE: `file:${join(folder, file)}`,
      });
    const { stderr: damaged } = await alert("damaged.json");
    expect(damaged).toMatch(/^flowlog-guard: .*It was set aside as .*\n$/);
    const { stderr: missing } = await alert("nowhere/state.json");
    expect(missing).toMatch(
      /^flowlog-guard: .*nowhere, where the state is kept, does not exist.*\n$/,
    );
  });

  test("names a receiver that failed, also with --quiet, when another was reached", async () => {
    await using catcher = await startWebhookCatcher();
    await using broken = await startWebhookCatcher([{ status: 404 }]);
    await using emulator = await startEmulator({ regions: { "cn-a": OPEN } });
    const config = join(folder, "two.yaml");
    await writeFile(config, 'alerts: { receivers: [{ url: "${A}" }, { url: "${B}" }] }\n');
    const env = { ...emulatorEnv(emulator), A: catcher.url, B: broken.url };
    const args = ["audit", "--alert", "--quiet", "--config", config];
    const { exitCode, stderr } = await runCli(args, env);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /^flowlog-guard: alert not delivered to webhook-\S+ \(\S+\): .* HTTP 404\..*\n$/,
    );
  });

  test("without a receiver is an error before the cloud is asked", async () => {
    await using emulator = await startEmulator({ regions: { "cn-a": WELL } });
    const { exitCode, stderr } = await runCli(["audit", "--alert"], emulatorEnv(emulator));
    expect(exitCode).toBe(3);
    expect(stderr).toContain("--alert: there is no receiver.");
    expect(emulator.requests).toEqual([]);
  });

  test("is needed for an alert: without it none is sent; and nothing is pinged either way", async () => {
    await using catcher = await startWebhookCatcher();
    await using watchdog = await startWebhookCatcher();
    await using emulator = await startEmulator({ regions: { "cn-a": OPEN } });
    const env = {
      ...emulatorEnv(emulator),
      FLOWLOG_GUARD_WEBHOOK_URL: catcher.url,
      FLOWLOG_GUARD_HEARTBEAT_URL: watchdog.url,
    };
    await runCli(["audit"], env);
    expect(catcher.messages).toEqual([]);
    await runCli(["audit", "--alert"], env);
    expect(catcher.messages).toHaveLength(1);
    expect(watchdog.messages).toEqual([]);
  });
});

describe("bad input is one readable message and exit 3, before the cloud is asked", () => {
  test.each<[string[], string]>([
    [["--nonsense"], "flowlog-guard: unknown option (value not shown)"],
    [["--verison"], "flowlog-guard: unknown option '--verison'"],
    [["adit"], "flowlog-guard: unknown command 'adit'"],
    [["audit", "extra"], "flowlog-guard: too many arguments for 'audit'"],
    [["audit", "--fromat", "json"], "flowlog-guard: unknown option '--fromat'"],
    [["audit", "--format", "xml"], "Allowed choices are table, json."],
    [["audit", "--regions"], "flowlog-guard: option '--regions <list>' argument missing"],
    [["audit", "--regions", ""], "flowlog-guard: --regions: is empty"],
    [["audit", "--regions", "!cn-a"], "flowlog-guard: --regions: only leaves regions out"],
    [["audit", "--regions", "CN-A"], 'flowlog-guard: --regions: "CN-A" is not a region'],
    [["audit", "--timeout", "soon"], "flowlog-guard: --timeout: is not a duration"],
    [
      ["audit", "--attempt-timeout", "x"],
      'flowlog-guard: --attempt-timeout: "x" is not a duration',
    ],
    [["audit", "--timeout", "3s", "--attempt-timeout", "4s"], "(--timeout), which is 3s"],
    [["audit", "--remote", "--attempt-timeout", "4s"], "--attempt-timeout: means nothing beside"],
    [["audit", "--deadline", "5"], 'flowlog-guard: --deadline: "5" is not a duration'],
    [["audit", "--concurrency", "0"], "flowlog-guard: --concurrency: must be a whole number"],
    [
      ["audit", "--config", "/nowhere.yaml"],
      "flowlog-guard: /nowhere.yaml: cannot be read (ENOENT)",
    ],
    [["audit", "--output", "/"], "flowlog-guard: --output: / is a folder"],
    [["audit", "--output", "/nowhere/x"], "flowlog-guard: --output: /nowhere/x cannot be written"],
    [["audit", "--output", ""], "flowlog-guard: --output: is empty: name a file"],
    [["audit", "--config", ""], "flowlog-guard: --config: is empty: name a file"],
    [["config", "--regions", "CN-A"], 'flowlog-guard: --regions: "CN-A" is not a region'],
  ])("%j", async (args, message) => {
    await using emulator = await startEmulator({ regions: { "cn-a": WELL } });
    const { exitCode, stdout, stderr } = await runMain(args, emulatorEnv(emulator));
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(emulator.requests).toEqual([]);
  });

  test.each<[string, string]>([
    ["regions: [cn-a\n", "is not YAML that can be read at line"],
    ["regions: [cn-a]\nregions: [cn-b]\n", "is not YAML that can be read at line 2"],
    ["region: [cn-a]\n", "region: is not a known key"],
    ["- cn-a\n", "must be a set of keys and values"],
    ["regions: &a [*a]\n", "is not YAML that can be read"],
    [
      "alerts: { receivers: [{ url: 'https://h/${X-y}' }] }\n",
      'alerts.receivers[0].url: holds a "${"',
    ],
  ])("the file %j", async (content, message) => {
    const path = join(folder, "bad.yaml");
    await writeFile(path, content);
    const { exitCode, stderr } = await runMain(["audit"], { FLOWLOG_GUARD_CONFIG: path });
    expect(exitCode).toBe(3);
    expect(stderr).toContain(`flowlog-guard: ${path}: ${message}`);
  });

  test("a value that may be a secret is not repeated", async () => {
    const secrets = [
      "https://hooks.example.com/s3cret-path?token=s3cret-token",
      "hooks.example.com/s3cret",
      "whsec_s3cretMfKQ9r8GKYqrTwjUPD8ILPZIo2La",
      "s3cretLTAI5tQ1w2e3r4t5y6u7i8",
      "it's'the\nhttps://hooks.example.com/s3cret-path",
    ];
    const calls = secrets.flatMap((secret) => [
      ["audit", `--webhook=${secret}`],
      ["audit", `--${secret}`],
      ["audit", secret],
      [secret],
      ["audit", "--regions", secret],
      ["audit", "--format", secret],
      ["audit", "--timeout", secret],
    ]);
    const [address = ""] = secrets;
    for (const flag of ["--config", "--output"]) {
      calls.push(["audit", "--verbose", flag, address]);
    }
    const results = await Promise.all(calls.map((args) => runCli(args)));
    expect(results.map(({ exitCode }) => exitCode)).toEqual(calls.map(() => 3));
    expect(results.map(({ stderr }) => stderr).join("")).not.toContain("s3cret");
  });

  test.each(["--verbose", "-v", "-qv", "-vq"])("%s adds where it went wrong", async (flag) => {
    const { stderr } = await runMain(["audit", "--regions", "CN-A", flag]);
    expect(stderr).toMatch(/^\s+at /m);
  });

  test.each(["config", "policy", "watch", "alert test", "alert preview", "state show"])(
    "%s has the same flags: -q and -v",
    async (command) => {
      const args = [...command.split(" "), "-q", "-v", "--config", "/nowhere.yaml"];
      const { exitCode, stderr } = await runMain(args);
      expect(exitCode).toBe(3);
      expect(stderr).toMatch(/(cannot be read|--schedule).*\n(.*\n)+\s+at /);
    },
  );
});

describe("the configuration", () => {
  test.each(["config", "policy", "audit --remote --region cn-a"])(
    "may end in .yml, but not in both, for %s",
    async (command) => {
      const cwd = await mkdtemp(join(folder, "yml-"));
      const args = command.split(" ");
      await writeFile(join(cwd, "flowlog-guard.yml"), "regions: [CN-A]\nendpoints: { sts: '' }\n");
      const found = await runCli(args, {}, { cwd });
      expect(found.stderr).toContain('flowlog-guard.yml: endpoints.sts: "" is not');
      const named = join(cwd, "flowlog-guard.yaml");
      await writeFile(named, "regions: [CN-A]\nendpoints: { sts: '' }\n");
      expect(await runCli(args, {}, { cwd })).toEqual({
        exitCode: 3,
        stdout: "",
        stderr:
          "flowlog-guard: flowlog-guard.yaml and flowlog-guard.yml: both are here. Keep one of them, or name the one that counts with FLOWLOG_GUARD_CONFIG or --config.\n",
      });
      const chosen = await runCli(args, { FLOWLOG_GUARD_CONFIG: named }, { cwd });
      expect(chosen.stderr).toContain(`${named}: endpoints.sts: "" is not`);
    },
  );

  test("is found in the current folder, and printed resolved with its secrets masked", async () => {
    await writeFile(
      join(folder, "flowlog-guard.yaml"),
      'regions: [cn-a, "ap-*"]\nalerts: { receivers: [{ url: "${HOOK}" }] }\n',
    );
    const env = { HOOK: "https://hooks.example.com/s3cret", FLOWLOG_GUARD_TIMEOUT: "3s" };
    const unset = { ...env, FLOWLOG_GUARD_CONFIG: "unset" };
    const result = await runCli(
      ["config", "--concurrency", "4", "--attempt-timeout", "500ms"],
      unset,
      { cwd: folder },
    );
    expect(result).toEqual({
      exitCode: 0,
      stderr: "",
      stdout: `\
regions:
  - cn-a
  - ap-*
concurrency: 4
timeout: 3s
attemptTimeout: 500ms
deadline: 5m
exemptions: []
alerts:
  repeatAfter: 1d
  unreadableAfter: 2
  receivers:
    - type: webhook
      name: webhook-ddea86af
      url: https://hooks.example.com/***
state: none
heartbeat: null
endpoints:
  vpc: {}
  sts: null
  fc: null
  oss: null
proxy: null
`,
    });
  });
});

describe("help and version", () => {
  test.each([[["--help"]], [["audit", "--help"]], [["config", "--help"]]])("%j", async (args) => {
    const { exitCode, stdout, stderr } = await runCli(args);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toMatch(/^Usage: flowlog-guard /);
  });

  test("name every flag and exit code", async () => {
    const { stdout } = await runCli(["audit", "--help"]);
    for (const flag of [
      "regions",
      "config",
      "concurrency",
      "timeout",
      "attempt-timeout",
      "deadline",
      "format",
      "output",
      "alert",
      "no-progress",
      "quiet",
      "verbose",
      "help",
    ]) {
      expect(stdout).toContain(`--${flag}`);
    }
    for (const exitCode of [0, 1, 2, 3])
      expect(stdout).toMatch(new RegExp(`^ {2}${exitCode} `, "m"));
  });

  test("no command at all is help on stderr, and exit 3", async () => {
    const { exitCode, stdout, stderr } = await runCli([]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
    expect(stderr).toContain("Usage: flowlog-guard");
  });

  test("--version", async () => {
    expect((await runCli(["--version"])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
