import * as fc from "fast-check";
import { describe, expect, test, vi } from "vitest";

import { CredentialsError, ScopeError } from "../../../shared/audit/run-error.ts";
import { startEmulator } from "../../emulator/emulator.ts";
import type { Fault } from "../../emulator/faults.ts";
import type { RegionSeed, World } from "../../emulator/world.ts";
import { ACTIVATION_RULE } from "../../harness/activation-rule.ts";
import { auditEmulator } from "../../harness/audit-emulator.ts";
import { SAMPLE_RULE } from "../../harness/sample-rule.ts";

/** A label of more than 63 characters is invalid, so no resolver is asked. */
const NO_SUCH_HOST = { host: `${"x".repeat(64)}.invalid`, protocol: "HTTPS" } as const;

function manyRegions(count: number, seed: RegionSeed): Record<string, RegionSeed> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`cn-region-${index}`, seed]),
  );
}

describe("the report", () => {
  test("has what the evaluated rules prove, and no other rule", async () => {
    await using emulator = await startEmulator({ regions: { "cn-a": { activated: true } } });
    expect((await auditEmulator(emulator)).rules).toEqual([ACTIVATION_RULE]);
    const { rules } = await auditEmulator(emulator, { rules: [SAMPLE_RULE] });
    expect(rules).toEqual([
      {
        id: "sample-rule",
        title: "The sample is in order",
        severity: "medium",
        controls: SAMPLE_RULE.controls,
      },
    ]);
  });

  test("has the caller, the scope, the summary and the evidence", async () => {
    await using emulator = await startEmulator({
      regions: { "cn-b": { activated: false }, "cn-a": { activated: true } },
    });
    const report = await auditEmulator(emulator);
    expect(report).toMatchObject({
      schemaVersion: 1,
      caller: {
        accountId: "1234567890123456",
        arn: "acs:ram::1234567890123456:user/auditor",
      },
      scope: { accounts: ["1234567890123456"], regions: ["cn-a", "cn-b"] },
      summary: { total: 2, compliant: 1, nonCompliant: 1, insufficientData: 0 },
      findings: [
        { regionId: "cn-a", status: "COMPLIANT", reason: { code: "ACTIVATED" } },
        { regionId: "cn-b", status: "NON_COMPLIANT", reason: { code: "NOT_ACTIVATED" } },
      ],
    });
    for (const { accountId, evidence } of report.findings) {
      expect(accountId).toBe("1234567890123456");
      expect(evidence.requestId).toMatch(/^[0-9A-F-]{36}$/);
      expect(Date.parse(String(evidence.checkedAt))).not.toBeNaN();
    }
  });

  test("is the same for the same cloud, whatever the order of the answers", async () => {
    const seeds = ["cn-c", "cn-a", "cn-d", "cn-b"].map((regionId): [string, RegionSeed] => [
      regionId,
      { activated: regionId < "cn-c", fault: { kind: "slow", ms: Math.random() * 40 } },
    ]);
    await using emulator = await startEmulator({ regions: Object.fromEntries(seeds) });
    const outline = async () =>
      (await auditEmulator(emulator)).findings.map(({ regionId, status }) => [regionId, status]);
    expect(await outline()).toEqual(await outline());
  });

  test.each([
    ["华东1（杭州）", "华东1（杭州）"],
    ["👍 " + "x".repeat(61), "👍 " + "x".repeat(61)],
    ["x".repeat(65), undefined],
    ["", undefined],
    ["a\nb", undefined],
    ["a\u202eb", undefined],
    // Many JSON readers refuse a lone surrogate, and the whole message with it.
    ["a\ud83d", undefined],
  ])("has the region's own name, unless that is odd: %j", async (localName, shown) => {
    await using emulator = await startEmulator({
      regions: { "cn-a": { activated: true, localName } },
    });
    const { findings } = await auditEmulator(emulator, { selectors: ["all"] });
    expect(findings.map((finding) => finding.localName)).toEqual([shown]);
  });

  /** For every mix of faults, every deadline and every concurrency. */
  test("has every region exactly once", async () => {
    const fault = fc.constantFrom<Fault | undefined>(
      undefined,
      { kind: "denied" },
      { kind: "throttled", times: 1 },
      { kind: "throttled", headers: { "x-acs-retry-after": "30" } },
      { kind: "html-503" },
      { kind: "json-500", times: 2 },
      { kind: "truncated-json" },
      { kind: "empty-object" },
      { kind: "redirect" },
      { kind: "reset" },
      { kind: "hang" },
      { kind: "trickle" },
      { kind: "slow", ms: 15 },
    );
    const region = fc.record({ activated: fc.boolean(), fault });
    await fc.assert(
      fc.asyncProperty(
        fc.array(region, { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 120 }),
        fc.integer({ min: 1, max: 14 }),
        async (seeds, deadlineMs, concurrency) => {
          const regions = Object.fromEntries(
            seeds.map(({ activated, fault }, index) => [
              `cn-r${index}`,
              { activated, ...(fault !== undefined && { fault }) },
            ]),
          );
          await using emulator = await startEmulator({ regions });
          const report = await auditEmulator(emulator, {
            deadlineMs,
            concurrency,
            timeoutMs: 60,
            caller: { accountId: "1", arn: null },
          });
          expect(report.findings.map(({ regionId }) => regionId).toSorted()).toEqual(
            Object.keys(regions).toSorted(),
          );
          expect(report.summary.total).toBe(seeds.length);
          for (const { regionId, status, evidence } of report.findings) {
            const truth = regions[regionId]?.activated === true ? "COMPLIANT" : "NON_COMPLIANT";
            // A verdict needs an answer and is true; everything else is INSUFFICIENT_DATA.
            const verdict = evidence.httpStatus === 200 ? truth : "INSUFFICIENT_DATA";
            expect([verdict, "INSUFFICIENT_DATA"]).toContain(status);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("time", () => {
  test("of one dead region among 30 adds only its own time-out", async () => {
    const regions = {
      ...manyRegions(29, { activated: true }),
      "cn-dead": { activated: true, fault: { kind: "hang" } },
    } as const;
    await using emulator = await startEmulator({ regions });
    const startedMs = performance.now();
    const report = await auditEmulator(emulator, { timeoutMs: 1_000 });
    expect(performance.now() - startedMs).toBeLessThan(2_000);
    expect(report.summary).toMatchObject({ total: 30, compliant: 29, insufficientData: 1 });
  });

  test("ends also for regions in the queue at the deadline", async () => {
    await using emulator = await startEmulator({
      regions: manyRegions(6, { activated: true, fault: { kind: "hang" } }),
    });
    const report = await auditEmulator(emulator, {
      concurrency: 2,
      deadlineMs: 100,
      caller: { accountId: "1", arn: null },
    });
    expect(report.findings.map(({ reason }) => reason.code)).toEqual(
      Array.from({ length: 6 }, () => "DEADLINE_EXCEEDED"),
    );
    const started = report.findings.filter(({ evidence }) => evidence.attempts === 1);
    const neverStarted = report.findings.filter(({ evidence }) => evidence.attempts === 0);
    expect([started.length, neverStarted.length]).toEqual([2, 4]);
    for (const { evidence } of neverStarted) {
      expect(evidence).toEqual({
        requestId: null,
        endpoint: null,
        httpStatus: null,
        attempts: 0,
        checkedAt: null,
        durationMs: null,
      });
    }
  });

  test("is used by no more regions at once than configured", async () => {
    let most = 0;
    let now = 0;
    await using emulator = await startEmulator({ regions: manyRegions(12, { activated: true }) });
    const report = await auditEmulator(emulator, {
      concurrency: 3,
      rules: [
        {
          ...SAMPLE_RULE,
          async evaluate(...question) {
            now += 1;
            most = Math.max(most, now);
            await new Promise(setImmediate);
            now -= 1;
            return SAMPLE_RULE.evaluate(...question);
          },
        },
      ],
    });
    expect(report.summary.compliant).toBe(12);
    expect(most).toBe(3);
  });
});

describe("the scope", () => {
  const regions = {
    "cn-hangzhou": { activated: true },
    "cn-wuhan": { activated: true },
    "ap-southeast-1": { activated: true },
  };

  test.each([
    [["all"], ["ap-southeast-1", "cn-hangzhou", "cn-wuhan"]],
    [["cn-*", "!cn-wuhan"], ["cn-hangzhou"]],
    [
      ["cn-hangzhou", "cn-elsewhere", "ap-*"],
      ["ap-southeast-1", "cn-elsewhere", "cn-hangzhou"],
    ],
  ])("%j is resolved with DescribeRegions", async (selectors, expected) => {
    await using emulator = await startEmulator({ regions });
    const report = await auditEmulator(emulator, { selectors });
    expect(report.scope.regions).toEqual(expected);
    expect(emulator.requests[0]?.action).toBe("DescribeRegions");
  });

  test("of explicit ids is resolved without DescribeRegions", async () => {
    await using emulator = await startEmulator({ regions });
    const report = await auditEmulator(emulator, { selectors: ["cn-wuhan", "cn-nowhere"] });
    expect(emulator.requests.map(({ action }) => action)).not.toContain("DescribeRegions");
    expect(report.findings[0]).toMatchObject({
      regionId: "cn-nowhere",
      status: "INSUFFICIENT_DATA",
      reason: { code: "REGION_NOT_FOUND" },
    });
  });

  test.each([
    [["cn-*", "us-*"], '"us-*" matches none'],
    [["all", "!cn-nowhere"], '"!cn-nowhere" matches none'],
    [["cn-*", "!cn-*"], "leave no region"],
  ])("%j is an error before any region is asked", async (selectors, message) => {
    await using emulator = await startEmulator({ regions });
    await expect(auditEmulator(emulator, { selectors })).rejects.toThrow(
      expect.objectContaining({ name: "ScopeError", message: expect.stringContaining(message) }),
    );
    expect(emulator.requests.map(({ action }) => action)).toEqual(["DescribeRegions"]);
  });

  test.each<[Fault, string]>([
    [{ kind: "denied" }, "ACCESS_DENIED"],
    [{ kind: "throttled" }, "THROTTLED"],
    [{ kind: "html-503" }, "MALFORMED_RESPONSE"],
    [{ kind: "empty-object" }, "MALFORMED_RESPONSE"],
    [{ kind: "body", status: 200, text: '{"Regions":{"Region":[]}}' }, "MALFORMED_RESPONSE"],
    [{ kind: "redirect" }, "MALFORMED_RESPONSE"],
    [{ kind: "hang" }, "TIMEOUT"],
    ...[
      "",
      "../",
      "evil.example/",
      "@127.0.0.1:1/#",
      "cn-a; sh",
      "cn-a\nfake",
      "cn-\u001b[31m",
    ].map((RegionId): [Fault, string] => [
      { kind: "body", status: 200, text: JSON.stringify({ Regions: { Region: [{ RegionId }] } }) },
      "MALFORMED_RESPONSE",
    ]),
  ])("that cannot be resolved gives no report: %j", async (fault, code) => {
    await using emulator = await startEmulator({ regions, faults: { DescribeRegions: fault } });
    const audit = auditEmulator(emulator, {
      selectors: ["all"],
      timeoutMs: 200,
      maxThrottledAttempts: 4,
    });
    await expect(audit).rejects.toThrow(ScopeError);
    await expect(audit).rejects.toThrow(code);
  });

  test.each<Fault>([
    { kind: "throttled", times: 2 },
    { kind: "hang", times: 1 },
    { kind: "trickle", times: 1 },
  ])("is resolved although DescribeRegions fails at first: $kind", async (fault) => {
    await using emulator = await startEmulator({ regions, faults: { DescribeRegions: fault } });
    const report = await auditEmulator(emulator, { selectors: ["all"], attemptTimeoutMs: 100 });
    expect(report.summary).toMatchObject({ total: 3, insufficientData: 0 });
  });
});

describe("a host that does not resolve", () => {
  const regions = { "cn-hangzhou": { activated: true }, "cn-misspelt": { activated: true } };

  test("is that of an unknown region", async () => {
    await using emulator = await startEmulator({ regions });
    const report = await auditEmulator(emulator, {
      vpcEndpoints: { "cn-misspelt": NO_SUCH_HOST },
      caller: { accountId: "1", arn: null },
    });
    expect(report.findings[1]).toMatchObject({
      status: "INSUFFICIENT_DATA",
      reason: { code: "REGION_NOT_FOUND" },
      evidence: { httpStatus: null, attempts: 1, endpoint: NO_SUCH_HOST.host },
    });
  });

  test("is not blamed on an id that DescribeRegions listed", async () => {
    await using emulator = await startEmulator({
      regions: { ...regions, "cn-gone": { activated: true } },
    });
    const evaluated: string[] = [];
    const report = await auditEmulator(emulator, {
      selectors: ["cn-hangzhou", "cn-g*", "cn-nowhere", "cn-misspelt"],
      vpcEndpoints: {
        "cn-gone": NO_SUCH_HOST,
        "cn-misspelt": NO_SUCH_HOST,
        "cn-nowhere": NO_SUCH_HOST,
      },
      onEvaluated: (evaluations) =>
        evaluated.push(...evaluations.map(({ regionId, reason }) => `${regionId} ${reason.code}`)),
    });
    const reasons = report.findings.map(({ regionId, reason }) => [regionId, reason.code]);
    expect(reasons).toEqual([
      ["cn-gone", "UNREACHABLE"],
      ["cn-hangzhou", "ACTIVATED"],
      // Explicit in the selectors, and listed too.
      ["cn-misspelt", "UNREACHABLE"],
      ["cn-nowhere", "REGION_NOT_FOUND"],
    ]);
    expect(evaluated.toSorted()).toEqual(reasons.map((reason) => reason.join(" ")));
    expect(report.findings[0]?.reason.message).toBe(
      `DescribeRegions names this region, but there is no host ${NO_SUCH_HOST.host}. Check the name server of this network; if Alibaba Cloud has closed the region, leave it out with "!cn-gone".`,
    );
  });

  test("is a network failure when no host resolves", async () => {
    await using emulator = await startEmulator({ regions });
    const report = await auditEmulator(emulator, {
      vpcEndpoints: { "*": NO_SUCH_HOST },
      caller: { accountId: "1", arn: null },
    });
    expect(report.findings.map(({ reason }) => reason.code)).toEqual([
      "UNREACHABLE",
      "UNREACHABLE",
    ]);
  });

  test.each<[string, World["faults"], RegionSeed["fault"]]>([
    ["STS denies", { GetCallerIdentity: { kind: "denied" } }, undefined],
    [
      "STS and another region never answer",
      { GetCallerIdentity: { kind: "hang" } },
      { kind: "hang" },
    ],
  ])(
    "is that of an unknown region when %s, since their hosts resolved",
    async (_what, faults, fault) => {
      const well: RegionSeed = { activated: true, ...(fault !== undefined && { fault }) };
      await using emulator = await startEmulator({ regions: { "cn-hangzhou": well }, faults });
      const report = await auditEmulator(emulator, {
        selectors: fault === undefined ? ["cn-misspelt"] : ["cn-hangzhou", "cn-misspelt"],
        vpcEndpoints: { "cn-misspelt": NO_SUCH_HOST },
        deadlineMs: 300,
      });
      expect(report.findings.at(-1)?.reason.code).toBe("REGION_NOT_FOUND");
    },
  );

  test("is a network failure when the regions cannot even be listed", async () => {
    await using emulator = await startEmulator({ regions });
    const vpcEndpoints = { "*": NO_SUCH_HOST };
    await expect(auditEmulator(emulator, { selectors: ["all"], vpcEndpoints })).rejects.toThrow(
      "The regions could not be listed (UNREACHABLE)",
    );
  });

  test("is that of an unknown region when only STS could be reached", async () => {
    await using emulator = await startEmulator({ regions });
    const report = await auditEmulator(emulator, {
      selectors: ["cn-misspelt"],
      vpcEndpoints: { "cn-misspelt": NO_SUCH_HOST },
    });
    expect(report.findings[0]?.reason.code).toBe("REGION_NOT_FOUND");
  });
});

describe("the caller", () => {
  const regions = { "cn-hangzhou": { activated: true } };

  test.each<Fault>([
    { kind: "denied" },
    { kind: "hang" },
    { kind: "html-503" },
    { kind: "empty-object" },
    { kind: "reset" },
  ])("is unknown, and the audit completes, when STS is $kind", async (fault) => {
    await using emulator = await startEmulator({ regions, faults: { GetCallerIdentity: fault } });
    const report = await auditEmulator(emulator, { deadlineMs: 400 });
    expect(report).toMatchObject({
      caller: null,
      scope: { accounts: ["unknown"] },
      findings: [{ accountId: "unknown", status: "COMPLIANT" }],
    });
  });

  test("is waited for no longer than 5 seconds", async () => {
    const faults = { GetCallerIdentity: { kind: "hang" } } as const;
    await using emulator = await startEmulator({ regions, faults });
    const startedMs = performance.now();
    expect((await auditEmulator(emulator)).caller).toBeNull();
    expect(performance.now() - startedMs).toBeLessThan(6_000);
  });

  test.each([
    { AccountId: "1\n2", Arn: "acs:ram::1:root" },
    { AccountId: "", Arn: "acs:ram::1:root" },
    { AccountId: "1", Arn: "\u001b]0;pwn\u0007" },
    { AccountId: 1, Arn: "acs:ram::1:root" },
  ])("is unknown when STS answers %j", async (identity) => {
    const fault = { kind: "body", status: 200, text: JSON.stringify(identity) } as const;
    await using emulator = await startEmulator({ regions, faults: { GetCallerIdentity: fault } });
    expect((await auditEmulator(emulator)).caller).toBeNull();
  });

  test.each<Fault>([
    { kind: "hang", times: 1 },
    { kind: "html-503", times: 2 },
    { kind: "json-500", times: 4 },
    { kind: "throttled", times: 3 },
    { kind: "reset", times: 2 },
    { kind: "denied", times: 2 },
    { kind: "trickle", times: 2 },
  ])("is asked for elsewhere when STS is $kind $times times", async (fault) => {
    await using emulator = await startEmulator({ regions, faults: { GetCallerIdentity: fault } });
    const { caller } = await auditEmulator(emulator);
    expect(caller?.accountId).toBe(emulator.world.accountId);
  });

  test("is not asked for where it is known", async () => {
    await using emulator = await startEmulator({ regions });
    const caller = { accountId: "99", arn: null };
    const report = await auditEmulator(emulator, { caller });
    expect(report.caller).toEqual(caller);
    expect(emulator.requests.map(({ action }) => action)).toEqual(["GetFlowLogServiceStatus"]);
  });
});

describe("refused credentials are one error for the run", () => {
  const refused = { kind: "error", status: 404, code: "InvalidAccessKeyId.NotFound" } as const;
  const regions = manyRegions(30, { activated: true, fault: refused });

  test("when STS refuses them, whatever the regions say", async () => {
    await using emulator = await startEmulator({
      regions: manyRegions(2, { activated: true, fault: { kind: "hang" } }),
      faults: { GetCallerIdentity: refused },
    });
    await expect(auditEmulator(emulator)).rejects.toThrow(CredentialsError);
  });

  test("when every region refuses them", async () => {
    await using emulator = await startEmulator({ regions });
    const audit = auditEmulator(emulator, { caller: { accountId: "1", arn: null } });
    await expect(audit).rejects.toThrow(CredentialsError);
    await expect(audit).rejects.toThrow("InvalidAccessKeyId.NotFound");
  });

  test("when a region refuses them and another never answers, within 5 seconds", async () => {
    await using emulator = await startEmulator({
      regions: { ...regions, "cn-dead": { activated: true, fault: { kind: "hang" } } },
    });
    const startedMs = performance.now();
    const audit = auditEmulator(emulator, {
      caller: { accountId: "1", arn: null },
      timeoutMs: 10_000,
    });
    await expect(audit).rejects.toThrow(CredentialsError);
    expect(performance.now() - startedMs).toBeLessThan(5_000);
  });

  test("but not when another region accepts them, and only denies access", async () => {
    await using emulator = await startEmulator({
      regions: {
        "cn-a": { activated: true, fault: refused },
        "cn-b": { activated: true, fault: { kind: "denied" } },
      },
    });
    const report = await auditEmulator(emulator, { caller: { accountId: "1", arn: null } });
    expect(report.findings.map(({ reason }) => reason.code)).toEqual([
      "CREDENTIALS_INVALID",
      "ACCESS_DENIED",
    ]);
  });

  test("and no hook is called for the regions that were cancelled", async () => {
    await using emulator = await startEmulator({
      regions: manyRegions(3, { activated: true, fault: { kind: "hang" } }),
      faults: { GetCallerIdentity: refused },
    });
    const onEvaluated = vi.fn<() => void>();
    await expect(auditEmulator(emulator, { onEvaluated })).rejects.toThrow(CredentialsError);
    await new Promise(setImmediate);
    expect(onEvaluated).not.toHaveBeenCalled();
  });

  test("when DescribeRegions refuses them", async () => {
    await using emulator = await startEmulator({ regions, faults: { DescribeRegions: refused } });
    await expect(auditEmulator(emulator, { selectors: ["all"] })).rejects.toThrow(CredentialsError);
  });
});
