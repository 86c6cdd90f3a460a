import { describe, expect, test } from "vitest";

import type { FailureCode } from "../../../shared/audit/finding.ts";
import { startEmulator } from "../../emulator/emulator.ts";
import type { Fault } from "../../emulator/faults.ts";
import { auditEmulator, type AuditOverrides } from "../../harness/audit-emulator.ts";

/** A third of it is each attempt's: enough on loopback. */
const SHORT_MS = 450;

interface Case {
  readonly fault: Fault;
  readonly code: FailureCode;
  readonly httpStatus: number | null;
  readonly attempts: number;
}

/** The expected reason for each fault of a region's answer. */
const FAULTS: readonly Case[] = [
  { fault: { kind: "denied" }, code: "ACCESS_DENIED", httpStatus: 403, attempts: 1 },
  { fault: { kind: "throttled" }, code: "THROTTLED", httpStatus: 400, attempts: 10 },
  { fault: { kind: "html-503" }, code: "MALFORMED_RESPONSE", httpStatus: 503, attempts: 4 },
  { fault: { kind: "json-500" }, code: "SERVICE_ERROR", httpStatus: 500, attempts: 4 },
  { fault: { kind: "xml-error" }, code: "SERVICE_ERROR", httpStatus: 500, attempts: 4 },
  { fault: { kind: "truncated-json" }, code: "MALFORMED_RESPONSE", httpStatus: 200, attempts: 4 },
  { fault: { kind: "empty-object" }, code: "MALFORMED_RESPONSE", httpStatus: 200, attempts: 1 },
  { fault: { kind: "redirect" }, code: "MALFORMED_RESPONSE", httpStatus: 302, attempts: 1 },
  { fault: { kind: "reset" }, code: "UNREACHABLE", httpStatus: null, attempts: 4 },
  { fault: { kind: "hang" }, code: "TIMEOUT", httpStatus: null, attempts: 3 },
  { fault: { kind: "trickle" }, code: "TIMEOUT", httpStatus: 200, attempts: 3 },
  { fault: { kind: "slow", ms: 5_000 }, code: "TIMEOUT", httpStatus: null, attempts: 3 },
];

/** Bodies that are no answer, although the SDK accepts some of them. */
const BODIES: readonly (readonly [text: string, status: number])[] = [
  ["null", 200],
  ["[]", 200],
  ["", 200],
  ["true", 200],
  ['{"Enabled":"true"}', 200],
  ['{"Enabled":"false"}', 200],
  ['{"Enabled":"yes"}', 200],
  ['{"Enabled":1}', 200],
  ['{"Enabled":null}', 200],
  ['{"enabled":true}', 200],
  ['{"Enabled":true}', 202],
  ['{"Enabled":true}', 302],
  ["null", 500],
  ["<html>", 403],
];

/** A failure beside a verdict, with HTTP 200: the code decides. */
const REFUSALS: readonly (readonly [fields: object, expected: FailureCode, attempts: number])[] = [
  [{ Success: false }, "SERVICE_ERROR", 1],
  [{ success: "false" }, "SERVICE_ERROR", 1],
  [{ Success: true, Code: "SomethingElse" }, "SERVICE_ERROR", 1],
  [{ code: "Throttling.User" }, "THROTTLED", 5],
  [{ Code: "Forbidden.RAM", Success: false }, "ACCESS_DENIED", 1],
  [{ Code: "ServiceUnavailable" }, "SERVICE_ERROR", 4],
  [{ Code: "InvalidRegionId" }, "REGION_NOT_FOUND", 1],
  [{ Code: "InvalidSecurityToken.Expired" }, "CREDENTIALS_INVALID", 1],
];

/** Every error code that the service is known to answer with. */
const CODES: readonly (readonly [
  status: number,
  code: string,
  expected: FailureCode,
  attempts: number,
])[] = [
  [400, "IllegalTimestamp", "CREDENTIALS_INVALID", 1],
  [400, "MissingSecurityToken", "CREDENTIALS_INVALID", 1],
  [400, "MissingAccessKeyId", "CREDENTIALS_INVALID", 1],
  [403, "Forbbiden", "ACCESS_DENIED", 1],
  [403, "Forbidden", "ACCESS_DENIED", 1],
  [403, "Forbidden.RAM", "ACCESS_DENIED", 1],
  [400, "Forbidden.SubUser", "ACCESS_DENIED", 1],
  [403, "NoPermission", "ACCESS_DENIED", 1],
  [403, "SomethingElse", "ACCESS_DENIED", 1],
  [400, "Throttling", "THROTTLED", 5],
  [400, "Throttling.User", "THROTTLED", 5],
  [400, "Throttling.Api", "THROTTLED", 5],
  [400, "Rejected.Throttling", "THROTTLED", 5],
  [503, "Throttling.Api", "THROTTLED", 5],
  [429, "TooManyRequests", "THROTTLED", 5],
  [404, "InvalidRegionId.NotFound", "REGION_NOT_FOUND", 1],
  [400, "InvalidRegionId", "REGION_NOT_FOUND", 1],
  [503, "ServiceUnavailable", "SERVICE_ERROR", 4],
  [500, "InternalError", "SERVICE_ERROR", 4],
  [400, "SystemBusy", "SERVICE_ERROR", 4],
  [502, "SomethingElse", "SERVICE_ERROR", 4],
  [400, "SomethingElse", "SERVICE_ERROR", 1],
  [404, "InvalidAction.NotFound", "SERVICE_ERROR", 1],
];

/** Less to wait than a run, whose number of attempts the first of the faults has. */
const FEW_THROTTLED = { maxThrottledAttempts: 5 };

/** Audits one region with a fault, beside one whose verdict proves the keys. */
async function auditOne(fault: Fault, limits: AuditOverrides = {}) {
  await using emulator = await startEmulator({
    regions: { "cn-fault": { activated: true, fault }, "cn-well": { activated: true } },
  });
  const report = await auditEmulator(emulator, limits);
  const [finding, well] = report.findings;
  expect(well).toMatchObject({ regionId: "cn-well", status: "COMPLIANT" });
  return { finding, requests: emulator.requests };
}

describe("a region that could not be read is INSUFFICIENT_DATA, with the reason", () => {
  test.each(FAULTS)("$fault.kind → $code", async ({ fault, code, httpStatus, attempts }) => {
    const { finding } = await auditOne(fault, code === "TIMEOUT" ? { timeoutMs: SHORT_MS } : {});
    expect(finding).toMatchObject({
      regionId: "cn-fault",
      status: "INSUFFICIENT_DATA",
      reason: { code },
      evidence: { httpStatus, attempts, endpoint: expect.stringMatching(/^127\.0\.0\.1:\d+$/) },
    });
  });

  test.each(BODIES)("body %j with HTTP %i → MALFORMED_RESPONSE", async (text, status) => {
    const { finding } = await auditOne({ kind: "body", status, text });
    expect(finding).toMatchObject({
      status: "INSUFFICIENT_DATA",
      reason: { code: "MALFORMED_RESPONSE" },
      evidence: { httpStatus: status },
    });
  });

  test.each(REFUSALS)("%j beside a verdict → %s", async (fields, expected, attempts) => {
    for (const Enabled of [true, false]) {
      const text = JSON.stringify({ RequestId: "REQUEST-1", Enabled, ...fields });
      const fault = { kind: "body", status: 200, text } as const;
      const { finding } = await auditOne(fault, FEW_THROTTLED);
      expect(finding).toMatchObject({
        status: "INSUFFICIENT_DATA",
        reason: { code: expected, message: expect.stringContaining("HTTP 200") },
        evidence: { httpStatus: 200, requestId: "REQUEST-1", attempts },
      });
    }
  });

  test.each(["OK", "200", "Success", "0", ""])("the code %j reports no failure", async (Code) => {
    const text = JSON.stringify({ Enabled: true, Success: true, Code });
    const { finding } = await auditOne({ kind: "body", status: 200, text });
    expect(finding).toMatchObject({ status: "COMPLIANT" });
  });

  test.each(CODES)(
    "HTTP %i %s → %s after %i attempts",
    async (status, code, expected, attempts) => {
      const { finding } = await auditOne({ kind: "error", status, code }, FEW_THROTTLED);
      expect(finding).toMatchObject({
        status: "INSUFFICIENT_DATA",
        reason: { code: expected, message: expect.stringContaining(code) },
        evidence: { httpStatus: status, attempts },
      });
    },
  );

  test("InvalidParameter is about the region only where it says so", async () => {
    const error = { kind: "error", status: 400, code: "InvalidParameter" } as const;
    const aboutRegion = await auditOne({ ...error, message: "RegionId is not valid." });
    const aboutOther = await auditOne({ ...error, message: "ClientToken is not valid." });
    expect(aboutRegion.finding?.reason.code).toBe("REGION_NOT_FOUND");
    expect(aboutOther.finding?.reason.code).toBe("SERVICE_ERROR");
  });

  test("an error without a code leaves no text undefined behind", async () => {
    const { finding } = await auditOne({ kind: "error", status: 429 });
    expect(finding?.reason.code).toBe("THROTTLED");
    expect(JSON.stringify(finding)).not.toContain("undefined");
  });

  test.each([
    "InvalidAccessKeyId.NotFound",
    "InvalidAccessKeyId.Inactive",
    "InvalidSecurityToken.Expired",
    "SignatureDoesNotMatch",
    "IncompleteSignature",
    "InvalidTimeStamp.Expired",
  ])("%s at one region, where others accept the keys → CREDENTIALS_INVALID", async (code) => {
    const { finding } = await auditOne({ kind: "error", status: 400, code });
    expect(finding).toMatchObject({
      status: "INSUFFICIENT_DATA",
      reason: { code: "CREDENTIALS_INVALID" },
      evidence: { attempts: 1 },
    });
  });
});

describe("a transient failure is tried again", () => {
  test.each<Fault>([
    { kind: "throttled", times: 3 },
    { kind: "throttled", times: 2, headers: { "x-acs-retry-after": "20" } },
    { kind: "html-503", times: 1 },
    { kind: "json-500", times: 3 },
    { kind: "truncated-json", times: 1 },
    { kind: "reset", times: 2 },
  ])("$kind $times times, then an answer", async (fault) => {
    const { finding } = await auditOne(fault);
    expect(finding).toMatchObject({
      status: "COMPLIANT",
      reason: { code: "ACTIVATED" },
      evidence: { attempts: Number(fault.times) + 1, httpStatus: 200 },
    });
  });

  test.each<Fault>([
    { kind: "hang", times: 1 },
    { kind: "hang", times: 2 },
    { kind: "trickle", times: 1 },
    { kind: "slow", ms: 5_000, times: 1 },
  ])("an answer that does not come within the attempt's limit: %o", async (fault) => {
    const { finding, requests } = await auditOne(fault, { attemptTimeoutMs: 100 });
    const attempts = Number(fault.times) + 1;
    expect(finding).toMatchObject({ status: "COMPLIANT", evidence: { attempts } });
    expect(finding?.evidence.durationMs).toBeGreaterThanOrEqual(100 * Number(fault.times));
    const asked = requests.filter(({ action }) => action === "GetFlowLogServiceStatus");
    expect(asked).toHaveLength(attempts + 1);
  });

  test("as often as always where no answer comes within any attempt's limit", async () => {
    const { finding } = await auditOne({ kind: "hang" }, { attemptTimeoutMs: 20 });
    expect(finding).toMatchObject({ reason: { code: "TIMEOUT" }, evidence: { attempts: 4 } });
  });

  test("but not when the region's time is over, whatever the limit of an attempt", async () => {
    const { finding } = await auditOne({ kind: "hang" }, { timeoutMs: 300, attemptTimeoutMs: 250 });
    expect(finding).toMatchObject({ reason: { code: "TIMEOUT" }, evidence: { attempts: 2 } });
    const { finding: whole } = await auditOne(
      { kind: "hang" },
      { timeoutMs: 200, attemptTimeoutMs: 200 },
    );
    expect(whole).toMatchObject({ reason: { code: "TIMEOUT" }, evidence: { attempts: 1 } });
  });

  test("a used nonce once, with a new one", async () => {
    const error = { kind: "error", status: 400, code: "SignatureNonceUsed" } as const;
    expect((await auditOne({ ...error, times: 1 })).finding?.evidence.attempts).toBe(2);
    expect((await auditOne(error)).finding).toMatchObject({
      reason: { code: "CREDENTIALS_INVALID" },
      evidence: { attempts: 2 },
    });
  });

  test.each<Fault>([
    { kind: "throttled", headers: { "x-acs-retry-after": "60000" } },
    { kind: "throttled", headers: { "retry-after": "60" } },
  ])("a wait that does not fit into the time ends the attempts: %o", async (fault) => {
    const { finding } = await auditOne(fault);
    expect(finding).toMatchObject({ reason: { code: "THROTTLED" }, evidence: { attempts: 1 } });
    expect(finding?.evidence.durationMs).toBeLessThan(5_000);
  });

  test("after the wait that the service asked for", async () => {
    const { finding } = await auditOne({
      kind: "throttled",
      times: 1,
      headers: { "x-acs-retry-after": "120" },
    });
    expect(finding?.evidence.durationMs).toBeGreaterThanOrEqual(120);
  });
});

test("the wait that the service asked for is the run's, not the region's", async () => {
  const fault = { kind: "throttled", times: 1, headers: { "x-acs-retry-after": "400" } } as const;
  const { finding } = await auditOne(fault, { timeoutMs: 300 });
  expect(finding).toMatchObject({ status: "COMPLIANT", evidence: { attempts: 2 } });
});

test.each(["-5", "abc", "1e99", "1.5"])("a wait of %j is ignored", async (retryAfter) => {
  const { finding } = await auditOne({
    kind: "throttled",
    times: 1,
    headers: { "retry-after": retryAfter, "x-acs-retry-after": retryAfter },
  });
  expect(finding).toMatchObject({ status: "COMPLIANT", evidence: { attempts: 2 } });
});

test("an endless answer is cut off", async () => {
  const { finding } = await auditOne({ kind: "endless" });
  expect(finding).toMatchObject({
    reason: {
      code: "MALFORMED_RESPONSE",
      message: expect.stringContaining("more than any answer"),
    },
    evidence: { attempts: 1, httpStatus: 200 },
  });
});

describe("every request can be found in ActionTrail", () => {
  test("its ClientToken begins with the run's id, is ASCII, short enough, and never the same", async () => {
    await using emulator = await startEmulator({
      regions: {
        "cn-a": { activated: true },
        "cn-b": { activated: false, fault: { kind: "throttled", times: 2 } },
      },
    });
    const runId = "8d3f6a52-1111-4222-8333-444455556666";
    await auditEmulator(emulator, { runId });
    await auditEmulator(emulator, { runId });
    const tokens = emulator.requests
      .filter(({ action }) => action === "GetFlowLogServiceStatus")
      .map(({ clientToken }) => clientToken);
    expect(tokens).toHaveLength(6);
    expect(new Set(tokens).size).toBe(6);
    for (const token of tokens)
      expect(token).toMatch(/^8d3f6a52-1111-4222-8333-444455556666-[\w-]{1,27}$/);
    expect(emulator.requests[0]?.userAgent).toContain("flowlog-guard/");
  });
});
