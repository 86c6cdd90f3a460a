import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import type { Report } from "../../../shared/audit/report.ts";
import { startEmulator } from "../../emulator/emulator.ts";
import type { RegionSeed } from "../../emulator/world.ts";
import { ACTIVATION_RULE } from "../../harness/activation-rule.ts";
import { startDeployed, auditRemotely } from "../../harness/audit-remotely.ts";
import { functionContext, functionEnv, invokeAudit } from "../../harness/invoke-function.ts";
import { reportOf, reportWith } from "../../harness/report-with.ts";
import { emulatorEnv, runCli } from "../../harness/run-cli.ts";
import { runMain } from "../../harness/run-main.ts";

const WELL: RegionSeed = { activated: true };

const OPEN: RegionSeed = { activated: false };

const DENIED: RegionSeed = { activated: true, fault: { kind: "denied" } };

const RULE = ACTIVATION_RULE;

describe("audit --remote", () => {
  test.each<[Record<string, RegionSeed>, number]>([
    [{ "cn-a": WELL }, 0],
    [{ "cn-a": WELL, "cn-b": OPEN }, 1],
    [{ "cn-a": WELL, "cn-b": DENIED }, 2],
    [{ "cn-a": DENIED }, 2],
  ])("of %j prints the function's report, and exits %i", async (regions, exitCode) => {
    await using emulator = await startEmulator({ regions });
    const result = await auditRemotely(emulator, {}, ["--format", "json"]);
    const summary =
      /^flowlog-guard: \d regions? of account 1234567890123456: .*\nflowlog-guard: Not asked: .*\n$/;
    expect(result).toMatchObject({ exitCode, stderr: expect.stringMatching(summary) });
    const quiet = await auditRemotely(emulator, {}, ["--exit-zero", "-q", "--format", "json"]);
    const read = Object.values(regions).some((region) => region.fault === undefined);
    expect(quiet.exitCode).toBe(read ? 0 : 3);
    expect(quiet.stderr).toMatch(read ? /^$/ : /None of the regions in scope could be read/);
    expect(JSON.parse(result.stdout)).toMatchObject({
      trigger: "event",
      summary: { total: Object.keys(regions).length },
    });
  });

  test("prints the table, and passes the regions on", async () => {
    await using emulator = await startEmulator({ regions: { "cn-a": WELL, "cn-b": OPEN } });
    const { exitCode, stdout } = await auditRemotely(emulator, {}, ["--regions", "cn-b"]);
    expect(exitCode).toBe(1);
    expect(stdout).toContain("✖ NON_COMPLIANT   cn-b");
    expect(stdout).not.toContain("cn-a");
    expect(stdout).toMatch(/\nNot asked: .* Ask with --rules all\.\n$/);
  });

  test("shows the findings of chosen statuses only", async () => {
    await using emulator = await startEmulator({ regions: { "cn-a": WELL, "cn-b": OPEN } });
    const { exitCode, stdout } = await auditRemotely(emulator, {}, ["--only", "compliant"]);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(
      /^STATUS.*\n✔ COMPLIANT   cn-a.*\n1 finding not shown \(--only\)\n\n2 reg/,
    );
  });

  test("accepts an answer whose content type is not JSON", async () => {
    await using emulator = await startEmulator({ regions: { "cn-a": WELL } });
    const { exitCode } = await auditRemotely(emulator, { contentType: "application/octet-stream" });
    expect(exitCode).toBe(0);
  });

  test("invokes another function, by qualifier and account, without asking STS", async () => {
    await using emulator = await startEmulator({ regions: { "cn-a": WELL } });
    const functions = {
      other: (event: string) =>
        invokeAudit(event, functionContext(emulator), functionEnv(emulator)),
    };
    const args = ["--function", "other", "--qualifier", "prod", "--account", "1234567890123456"];
    const { exitCode, invocations } = await auditRemotely(emulator, { functions }, args);
    expect(exitCode).toBe(0);
    expect(invocations).toEqual([{ name: "other", qualifier: "prod" }]);
    expect(emulator.requests.map(({ action }) => action)).not.toContain("GetCallerIdentity");
  });

  test("reads region and name in the deployment's variables, and accepts any temporary credentials", async () => {
    const key = { accessKeyId: "TMP.key", accessKeySecret: "s", securityToken: "token" };
    await using emulator = await startEmulator({ regions: { "cn-a": WELL }, keys: [key] });
    const audit = (event: string) =>
      invokeAudit(event, functionContext(emulator), functionEnv(emulator));
    await using deployed = await startDeployed(emulator, { functions: { "prod-audit": audit } });
    const result = await runCli(["audit", "--remote"], {
      ...emulatorEnv(emulator),
      ALIBABA_CLOUD_SECURITY_TOKEN: "token",
      FLOWLOG_GUARD_FC_ENDPOINT: deployed.origin,
      DEPLOY_REGION: "cn-hangzhou",
      DEPLOY_NAME: "prod",
    });
    expect(result).toMatchObject({ exitCode: 0, stderr: "" });
  });
});

describe("the rules of a remote audit", () => {
  const answering = async (answer: unknown, format: string) => {
    await using emulator = await startEmulator({ regions: { "cn-a": WELL } });
    const fault = { status: 200, body: JSON.stringify(answer) };
    return await auditRemotely(emulator, { fault }, ["--format", format], {}, runMain);
  };
  const { rules: _rules, ...older } = reportOf(reportWith(["COMPLIANT"]), new Date());

  test("are filled in where an older function leaves them out", async () => {
    const { exitCode, stdout } = await answering(older, "json");
    expect(exitCode).toBe(0);
    expect((JSON.parse(stdout) as Report).rules).toEqual([RULE]);
    expect((await answering(older, "table")).stdout).toContain(
      "COMPLIANT means: VPC flow log service is activated, a precondition of CIS Alibaba Cloud Foundation Benchmark 2.0.0 controls 2.5 and 3.3. It does not prove that a flow log exists",
    );
  });

  test("have this version's texts, whatever the function's", async () => {
    const rules = [{ ...RULE, title: "All traffic is recorded", addedLater: true }];
    const { exitCode, stdout } = await answering({ ...older, rules }, "table");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("COMPLIANT means: VPC flow log service is activated, a precondition");
    expect(stdout).not.toContain("All traffic is recorded");
  });
});

describe("flags", () => {
  test.each<[string[], string]>([
    [["--remote"], "--region: is not given, and DEPLOY_REGION is not set"],
    [["--remote", "--region", "Hangzhou"], "--region: is not a region id"],
    [
      ["--remote", "--region", "cn-a", "--account", "acme"],
      "--account: is not the id of an account",
    ],
    [
      ["--remote", "--region", "cn-a", "--function", "a/b"],
      "--function: is not the name of a function",
    ],
    [
      ["--remote", "--region", "cn-a", "--qualifier", "a b"],
      "--qualifier: is not a version or an alias",
    ],
    [["--remote", "--region", "cn-a", "--regions", "CN-A"], '--regions: "CN-A" is not a region'],
    ...["--config=x", "--concurrency=1", "--timeout=1s", "--deadline=1s", "--alert"].map(
      (flag): [string[], string] => [
        ["--remote", "--region", "cn-a", flag],
        `${flag.split("=")[0]}: means nothing beside --remote`,
      ],
    ),
    ...["--function=x", "--region=cn-a", "--qualifier=x", "--account=1"].map(
      (flag): [string[], string] => [[flag], `${flag.split("=")[0]}: is for --remote only`],
    ),
  ])("%j is an error", async (args, message) => {
    const { exitCode, stderr } = await runMain(["audit", ...args]);
    expect(exitCode).toBe(3);
    expect(stderr).toContain(message);
  });
});

test.each<[string, string[], Record<string, string>, string]>([
  [
    "--region counts, whatever DEPLOY_REGION says",
    ["--region", "Hangzhou"],
    { DEPLOY_REGION: "cn-hangzhou" },
    "--region: is not a region id",
  ],
  [
    "FC_REGION is a function's own, and not read here",
    [],
    { FC_REGION: "cn-hangzhou" },
    "--region: is not given, and DEPLOY_REGION is not set",
  ],
  [
    "DEPLOY_NAME must be a function's name",
    [],
    { DEPLOY_REGION: "cn-hangzhou", DEPLOY_NAME: "a/b" },
    "DEPLOY_NAME: is not the name of a function",
  ],
])("%s", async (_name, args, env, says) => {
  const { exitCode, stderr } = await runCli(["audit", "--remote", ...args], env);
  expect(exitCode).toBe(3);
  expect(stderr).toContain(says);
});

test("the endpoint may be in the configuration file, of which nothing else is used", async () => {
  await using emulator = await startEmulator({ regions: { "cn-a": WELL } });
  await using deployed = await startDeployed(emulator);
  const folder = await mkdtemp(join(tmpdir(), "flowlog-guard-remote-"));
  await writeFile(
    join(folder, "flowlog-guard.yaml"),
    `endpoints: { fc: "${deployed.origin}" }\nalerts: { receivers: [{ url: "\${UNSET}" }] }\n`,
  );
  const args = ["audit", "--remote", "--region", "cn-hangzhou"];
  const result = await runCli(args, emulatorEnv(emulator), { cwd: folder });
  await rm(folder, { recursive: true });
  expect(result).toMatchObject({ exitCode: 0, stderr: "" });
});

test("the report equals that of a local audit, except for the caller and the times", async () => {
  await using emulator = await startEmulator({ regions: { "cn-a": WELL, "cn-b": OPEN } });
  const args = ["--format", "json"];
  const remote = await auditRemotely(emulator, {}, args);
  const local = await runCli(["audit", ...args], emulatorEnv(emulator));
  const outline = (text: string) => {
    const { findings, rules, scope, summary } = JSON.parse(text) as Report;
    return {
      scope,
      rules,
      summary,
      findings: findings.map(({ evidence: _evidence, ...rest }) => rest),
    };
  };
  expect(outline(remote.stdout)).toEqual(outline(local.stdout));
});
