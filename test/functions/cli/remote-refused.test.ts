import { describe, expect, test } from "vitest";

import type { Report } from "../../../shared/audit/report.ts";
import { startEmulator } from "../../emulator/emulator.ts";
import type { FunctionComputeSeed } from "../../emulator/function-compute.ts";
import type { RegionSeed } from "../../emulator/world.ts";
import { ACTIVATION_RULE } from "../../harness/activation-rule.ts";
import { startDeployed, auditRemotely } from "../../harness/audit-remotely.ts";
import { reportOf, reportWith } from "../../harness/report-with.ts";
import { emulatorEnv, runCli } from "../../harness/run-cli.ts";
import { runMain } from "../../harness/run-main.ts";

const WELL: RegionSeed = { activated: true };

/** Invalid claims of a report about its rules, each made from a valid one. */
const RULE = ACTIVATION_RULE;

const [CONTROL] = RULE.controls;

const FALSE_RULES: readonly (readonly [what: string, rules: unknown])[] = [
  ["are an empty list", []],
  ["are no list", {}],
  ["are null", null],
  ["have duplicates", [RULE, RULE]],
  ["are others than the findings'", [{ ...RULE, id: "another" }]],
  ["are more than the findings'", [RULE, { ...RULE, id: "another" }]],
  ["have no title", [{ ...RULE, title: "" }]],
  ["write to the terminal", [{ ...RULE, title: "\u001b[2J" }]],
  ["have no severity", [{ ...RULE, severity: undefined }]],
  ["have an unknown severity", [{ ...RULE, severity: "warning" }]],
  ["have no controls", [{ ...RULE, controls: undefined }]],
  ["have a control without a version", [{ ...RULE, controls: [{ ...CONTROL, version: "" }] }]],
  ["have an unknown relation", [{ ...RULE, controls: [{ ...CONTROL, relation: "is" }] }]],
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
      "a report about another account",
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
      "a report whose counts are wrong",
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
      "a report of an unknown rule without its card",
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
      "it is not of the account 1234567890123456",
    ],
    [
      "a verdict without evidence",
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

  test("the function's own error is shown, without its stack", async () => {
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

  test("a function that cannot be reached", async () => {
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

  test("an account that cannot be identified", async () => {
    const faults = { GetCallerIdentity: { kind: "denied" } } as const;
    await using emulator = await startEmulator({ regions, faults });
    const { exitCode, stderr } = await auditRemotely(emulator);
    expect(exitCode).toBe(3);
    expect(stderr).toContain("Name it with --account.");
  });
});
