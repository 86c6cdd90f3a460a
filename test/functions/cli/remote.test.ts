import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import type { Report } from "../../../shared/audit/report.ts";
import { type Emulator, startEmulator } from "../../emulator/emulator.ts";
import { type FunctionComputeSeed, startFunctionCompute } from "../../emulator/function-compute.ts";
import type { RegionSeed } from "../../emulator/world.ts";
import { ACTIVATION_RULE } from "../../harness/activation-rule.ts";
import { functionContext, functionEnv, invokeAudit } from "../../harness/invoke-function.ts";
import { emulatorEnv, runCli } from "../../harness/run-cli.ts";
import { runMain } from "../../harness/run-main.ts";
import { reportOf, reportWith } from "../../harness/report-with.ts";

const WELL: RegionSeed = { activated: true };
const OPEN: RegionSeed = { activated: false };
const DENIED: RegionSeed = { activated: true, fault: { kind: "denied" } };

/** Function Compute with the real bundle deployed, in the account of an emulated cloud. */
function startDeployed(emulator: Emulator, overrides: Partial<FunctionComputeSeed> = {}) {
  const [key] = emulator.world.keys;
  if (key === undefined) throw new Error("the emulator has a key");
  return startFunctionCompute({
    accountId: emulator.world.accountId,
    key,
    functions: {
      "flowlog-guard-audit": (event) =>
        invokeAudit(event, functionContext(emulator), functionEnv(emulator)),
    },
    ...overrides,
  });
}

async function auditRemotely(
  emulator: Emulator,
  overrides: Partial<FunctionComputeSeed> = {},
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
  run: typeof runMain = runCli,
) {
  await using deployed = await startDeployed(emulator, overrides);
  const result = await run(["audit", "--remote", "--region", "cn-hangzhou", ...args], {
    ...emulatorEnv(emulator),
    FLOWLOG_GUARD_FC_ENDPOINT: deployed.origin,
    ...env,
  });
  return { ...result, invocations: deployed.invocations };
}

describe("audit --remote", () => {
  test.each<[Record<string, RegionSeed>, number]>([
    [{ "cn-a": WELL }, 0],
    [{ "cn-a": WELL, "cn-b": OPEN }, 1],
    [{ "cn-a": WELL, "cn-b": DENIED }, 2],
    [{ "cn-a": DENIED }, 2],
  ])("of %j prints the function's report, and exits %i", async (regions, exitCode) => {
    await using emulator = await startEmulator({ regions });
    const result = await auditRemotely(emulator, {}, ["--format", "json"]);
    const summary = /^flowlog-guard: \d regions? of account 1234567890123456: .*\n$/;
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
  });

  test("works where Function Compute does not call the answer JSON", async () => {
    await using emulator = await startEmulator({ regions: { "cn-a": WELL } });
    const { exitCode } = await auditRemotely(emulator, { contentType: "application/octet-stream" });
    expect(exitCode).toBe(0);
  });

  test("finds another function, by qualifier and account, without asking who it is", async () => {
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

  test("takes the region and the name from the deployment's variables, and temporary credentials of any name", async () => {
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

/** What a report may not say of its rules, each made from what is known of one. */
const RULE = ACTIVATION_RULE;
const [CONTROL] = RULE.controls;
const FALSE_RULES: readonly (readonly [what: string, rules: unknown])[] = [
  ["are none", []],
  ["are no list", {}],
  ["are null", null],
  ["stand there twice", [RULE, RULE]],
  ["are others than the findings'", [{ ...RULE, id: "another" }]],
  ["are more than the findings'", [RULE, { ...RULE, id: "another" }]],
  ["have no title", [{ ...RULE, title: "" }]],
  ["write to the terminal", [{ ...RULE, title: "\u001b[2J" }]],
  ["have no severity", [{ ...RULE, severity: undefined }]],
  ["have a severity that there is not", [{ ...RULE, severity: "warning" }]],
  ["have no controls", [{ ...RULE, controls: undefined }]],
  ["have a control without a version", [{ ...RULE, controls: [{ ...CONTROL, version: "" }] }]],
  ["have a relation that there is not", [{ ...RULE, controls: [{ ...CONTROL, relation: "is" }] }]],
  ["name a control twice", [{ ...RULE, controls: [CONTROL, CONTROL] }]],
  [
    "claim more than is known to be proved",
    [{ ...RULE, controls: [{ ...CONTROL, relation: "implements" }] }],
  ],
];

describe("a remote audit that gives no report is exit 3 and one clear message", () => {
  const regions = { "cn-a": WELL };
  const report = reportOf(reportWith(["COMPLIANT", "NON_COMPLIANT"]), new Date());

  test.each<[string, Partial<FunctionComputeSeed>, string]>([
    [
      "no such function",
      { functions: {} },
      "There is no function flowlog-guard-audit in cn-hangzhou",
    ],
    [
      "denied",
      { fault: { status: 403, body: '{"ErrorCode":"AccessDenied","ErrorMessage":"x"}' } },
      "Allow fc:InvokeFunction on acs:fc:cn-hangzhou:1234567890123456:functions/flowlog-guard-audit. (HTTP 403, AccessDenied)",
    ],
    [
      "busy",
      { fault: { status: 429, body: '{"ErrorCode":"ResourceThrottled","ErrorMessage":"x"}' } },
      "Function Compute is busy. Try again later. (HTTP 429, ResourceThrottled)",
    ],
    [
      "failed inside",
      { fault: { status: 200, body: "{}", headers: { "x-fc-error-type": "FunctionTimedOut" } } },
      "The function flowlog-guard-audit failed.",
    ],
    [
      "failed with a body that is not JSON",
      {
        fault: {
          status: 200,
          body: "Killed",
          headers: { "x-fc-error-type": "UnhandledInvocationError" },
        },
      },
      "The function flowlog-guard-audit failed.",
    ],
    ["not JSON", { fault: { status: 200, body: "<html>" } }, "gave no report"],
    [
      "a gateway's page",
      { fault: { status: 502, contentType: "text/html", body: "<html>" } },
      "refused to invoke flowlog-guard-audit",
    ],
    ["a JSON null as an error", { fault: { status: 500, body: "null" } }, "refused to invoke"],
    [
      "not a report",
      { fault: { status: 200, body: '{"schemaVersion":1}' } },
      "is no report of what it was asked, or none that this version reads",
    ],
    [
      "another version's report",
      { fault: { status: 200, body: JSON.stringify({ ...report, schemaVersion: 2 }) } },
      "is no report",
    ],
    [
      "a report without one of its regions",
      {
        fault: {
          status: 200,
          body: JSON.stringify({ ...report, findings: report.findings.slice(0, 1) }),
        },
      },
      "is no report",
    ],
    [
      "a report about nothing",
      { fault: { status: 200, body: JSON.stringify(reportOf(reportWith([]), new Date())) } },
      "is no report",
    ],
    [
      "a report about an account that is not there",
      {
        fault: {
          status: 200,
          body: JSON.stringify({ ...report, scope: { ...report.scope, accounts: ["1", "2"] } }),
        },
      },
      "is no report",
    ],
    [
      "a report with a finding twice",
      {
        fault: {
          status: 200,
          body: JSON.stringify({
            ...report,
            findings: [report.findings[0], report.findings[0]],
            summary: { ...report.summary, compliant: 2, nonCompliant: 0 },
          }),
        },
      },
      "is no report",
    ],
    [
      "a report whose reason contradicts its status",
      {
        fault: {
          status: 200,
          body: JSON.stringify({
            ...report,
            findings: report.findings.map((finding) => ({
              ...finding,
              reason: { code: "TIMEOUT", message: "" },
            })),
          }),
        },
      },
      "is no report",
    ],
    [
      "a report whose sum is wrong",
      {
        fault: {
          status: 200,
          body: JSON.stringify({ ...report, summary: { ...report.summary, nonCompliant: 0 } }),
        },
      },
      "is no report",
    ],
    [
      "a report that writes to the terminal",
      { fault: { status: 200, body: JSON.stringify({ ...report, runId: "\u001b[2J" }) } },
      "is no report",
    ],
    ...FALSE_RULES.map(([what, rules]): [string, Partial<FunctionComputeSeed>, string] => [
      `a report whose rules ${what}`,
      { fault: { status: 200, body: JSON.stringify({ ...report, rules }) } },
      "is no report",
    ]),
    [
      "a report of an unknown rule that says nothing of it",
      {
        fault: {
          status: 200,
          body: JSON.stringify({
            ...report,
            rules: undefined,
            findings: report.findings.map((finding) => ({ ...finding, ruleId: "another" })),
          }),
        },
      },
      "is no report",
    ],
    [
      "wrong secret",
      { key: { accessKeyId: "LTAI5tEmulatorKey", accessKeySecret: "x" } },
      "The credentials were refused (HTTP 403, SignatureNotMatch).",
    ],
  ])("%s", async (_what, overrides, message) => {
    await using emulator = await startEmulator({ regions });
    const { exitCode, stdout, stderr } = await auditRemotely(
      emulator,
      overrides,
      ["--verbose"],
      {},
      runMain,
    );
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
    expect(stderr).toMatch(/^flowlog-guard: /);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/emulator-secret|FC LTAI/);
  });

  test("a report about other regions than were asked for", async () => {
    await using emulator = await startEmulator({ regions });
    const fault = { status: 200, body: JSON.stringify(report) };
    const { exitCode, stderr } = await auditRemotely(emulator, { fault }, [
      "--regions",
      "cn-a,cn-b",
    ]);
    expect(exitCode).toBe(3);
    expect(stderr).toContain("is no report of what it was asked");
  });

  test.each<[string, () => Report, string]>([
    [
      "an old report",
      () => reportOf(report, new Date(Date.now() - 6 * 60_000)),
      "more than five minutes before the function was invoked",
    ],
    [
      "another account's report",
      () => {
        const text = JSON.stringify(report).replaceAll("1234567890123456", "2000000000000002");
        return JSON.parse(text) as Report;
      },
      "it is not of the account 1234567890123456 alone",
    ],
    [
      "a verdict that nothing proves",
      () => ({
        ...report,
        findings: report.findings.map((finding) => ({
          ...finding,
          evidence: { ...finding.evidence, requestId: null },
        })),
      }),
      "a finding is a verdict without the answer that proves it",
    ],
  ])("%s", async (_what, forge, message) => {
    await using emulator = await startEmulator({ regions });
    const fault = { status: 200, body: JSON.stringify(forge()) };
    const { exitCode, stdout, stderr } = await auditRemotely(emulator, { fault }, [], {}, runMain);
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
    expect(stderr).toContain(message);
  });

  test("the function's own error is told, without its stack", async () => {
    await using emulator = await startEmulator({ regions });
    const { exitCode, stderr } = await auditRemotely(emulator, {}, ["--regions", "us-*"]);
    expect(exitCode).toBe(3);
    expect(stderr).toContain(
      'The function flowlog-guard-audit failed. ScopeError: "us-*" matches none',
    );
    expect(stderr).not.toContain("secret-path-3c");
  });

  test("temporary credentials without their token", async () => {
    const key = { accessKeyId: "STS.half", accessKeySecret: "s" };
    await using emulator = await startEmulator({ regions, keys: [key] });
    const { exitCode, stderr } = await auditRemotely(emulator, {}, ["--account", "1"]);
    expect(exitCode).toBe(3);
    expect(stderr).toContain("their security token is missing: set ALIBABA_CLOUD_SECURITY_TOKEN");
  });

  test("nobody there", async () => {
    await using emulator = await startEmulator({ regions });
    const gone = await startDeployed(emulator);
    await gone.stop();
    const { exitCode, stderr } = await runCli(["audit", "--remote", "--region", "cn-hangzhou"], {
      ...emulatorEnv(emulator),
      FLOWLOG_GUARD_FC_ENDPOINT: gone.origin,
    });
    expect(exitCode).toBe(3);
    expect(stderr).toContain("Function Compute cannot be reached in cn-hangzhou. (ECONNREFUSED)");
  });

  test("the account that cannot be learnt", async () => {
    const faults = { GetCallerIdentity: { kind: "denied" } } as const;
    await using emulator = await startEmulator({ regions, faults });
    const { exitCode, stderr } = await auditRemotely(emulator);
    expect(exitCode).toBe(3);
    expect(stderr).toContain("Name it with --account.");
  });
});

describe("what a remote audit says of its rules", () => {
  const answering = async (answer: unknown, format: string) => {
    await using emulator = await startEmulator({ regions: { "cn-a": WELL } });
    const fault = { status: 200, body: JSON.stringify(answer) };
    return await auditRemotely(emulator, { fault }, ["--format", format], {}, runMain);
  };
  const { rules: _rules, ...older } = reportOf(reportWith(["COMPLIANT"]), new Date());

  test("is filled in where an older function says nothing of them", async () => {
    const { exitCode, stdout } = await answering(older, "json");
    expect(exitCode).toBe(0);
    expect((JSON.parse(stdout) as Report).rules).toEqual([RULE]);
    expect((await answering(older, "table")).stdout).toContain(
      "COMPLIANT means: VPC flow log service is activated, a precondition of CIS Alibaba Cloud Foundation Benchmark 2.0.0 controls 2.5 and 3.3. It does not prove that a flow log exists",
    );
  });

  test("is this version's own words, whatever the function calls them", async () => {
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

test("the endpoint can stand in the configuration file, of which nothing else counts", async () => {
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

test("the report is the same as an audit from here gives, but for who asked when", async () => {
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
