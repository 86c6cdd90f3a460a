import { describe, expect, test } from "vitest";

import { putEvaluations } from "../../../shared/alibaba/cloud-config.ts";
import { CallError } from "../../../shared/audit/call-error.ts";
import type {
  ComplianceEvaluation,
  EvaluationBatch,
} from "../../../shared/audit/compliance-evaluation.ts";
import { createTransport } from "../../../shared/http/transport.ts";
import { startTimeBudget } from "../../../shared/retry/time-budget.ts";
import { cloudConfigEndpoint } from "../../../shared/service/endpoints.ts";
import { type Emulator, startEmulator } from "../../emulator/emulator.ts";
import type { Fault } from "../../emulator/faults.ts";
import { cloudOptions } from "../../harness/cloud-options.ts";

const EVALUATION: ComplianceEvaluation = {
  accountId: "1234567890123456",
  resourceType: "ACS::VPC::VPC",
  resourceId: "vpc-1",
  resourceName: "生产环境 & = + % \"'",
  regionId: "cn-a",
  complianceType: "NON_COMPLIANT",
  annotation: "没有流日志 a+b/c=",
  orderingTimestamp: 1_600_610_821_106,
};
const BATCH: EvaluationBatch = {
  resultToken: "a+b/c=",
  evaluations: [EVALUATION],
  deleteMode: false,
};

/** Makes one attempt: the real SDK, over a socket. */
async function put(emulator: Emulator, batch: EvaluationBatch = BATCH, timeoutMs = 5_000) {
  using transport = createTransport(null);
  const { credentials, endpoints, userAgent } = cloudOptions(emulator, transport);
  const endpoint = cloudConfigEndpoint("cn-hangzhou", endpoints);
  const limit = startTimeBudget(timeoutMs, "TIMEOUT");
  try {
    return await putEvaluations({ credentials, userAgent, endpoint, transport }, batch, limit);
  } finally {
    limit.release();
  }
}

function startFaulty(fault: Fault): Promise<Emulator> {
  return startEmulator({ regions: {}, faults: { PutEvaluations: fault } });
}

async function errorOf(call: Promise<unknown>): Promise<CallError> {
  const error: unknown = await call.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof CallError) return error;
  throw new Error("there was no CallError", { cause: error });
}

test("results arrive as they were meant, whatever their texts, in a signed form", async () => {
  await using emulator = await startEmulator({ regions: {} });
  const { value, exchange } = await put(emulator);
  expect(value).toBe(true);
  expect(exchange).toMatchObject({ httpStatus: 200, requestId: expect.stringMatching(/^[\w-]+$/) });
  expect(emulator.requests).toMatchObject([
    { action: "PutEvaluations", path: "/", query: {}, form: { ResultToken: "a+b/c=" } },
  ]);
  expect(emulator.compliance.calls).toEqual([
    {
      deleteMode: false,
      evaluations: [
        {
          accountId: 1_234_567_890_123_456,
          complianceResourceId: "vpc-1",
          complianceResourceName: EVALUATION.resourceName,
          complianceResourceType: "ACS::VPC::VPC",
          complianceRegionId: "cn-a",
          complianceType: "NON_COMPLIANT",
          annotation: EVALUATION.annotation,
          orderingTimestamp: 1_600_610_821_106,
        },
      ],
    },
  ]);
});

describe("what is no success is an error", () => {
  const REFUSED = '{"RequestId":"R-1","Result":false}';

  test.each<[string, Fault, Partial<CallError>]>([
    [
      "Result: false",
      { kind: "body", status: 200, text: REFUSED },
      { code: "SERVICE_ERROR", retryable: "once" },
    ],
    [
      "Result as text",
      { kind: "body", status: 200, text: '{"Result":"true"}' },
      { code: "MALFORMED_RESPONSE", retryable: "never" },
    ],
    ["no Result", { kind: "empty-object" }, { code: "MALFORMED_RESPONSE", retryable: "never" }],
    [
      "a code in the answer",
      { kind: "body", status: 200, text: '{"Code":"NoPermission","Result":true}' },
      { code: "ACCESS_DENIED" },
    ],
    ["a refusal", { kind: "denied" }, { code: "ACCESS_DENIED", retryable: "never" }],
    ["throttling", { kind: "throttled" }, { code: "THROTTLED", retryable: "always" }],
    [
      "a token that is not known",
      { kind: "error", status: 400, code: "Invalid.ResultToken.Value" },
      { code: "SERVICE_ERROR", retryable: "never" },
    ],
    [
      "a failure of the service",
      { kind: "json-500" },
      { code: "SERVICE_ERROR", retryable: "always" },
    ],
    ["a gateway's page", { kind: "html-503" }, { retryable: "always" }],
    ["half an answer", { kind: "truncated-json" }, { code: "MALFORMED_RESPONSE" }],
    ["a lost connection", { kind: "reset" }, { code: "UNREACHABLE", retryable: "always" }],
    ["a redirect", { kind: "redirect" }, { code: "MALFORMED_RESPONSE" }],
  ])("%s", async (_what, fault, expected) => {
    await using emulator = await startFaulty(fault);
    expect(await errorOf(put(emulator))).toMatchObject(expected);
  });

  test("no answer in time", async () => {
    await using emulator = await startFaulty({ kind: "hang" });
    expect(await errorOf(put(emulator, BATCH, 50))).toMatchObject({
      code: "TIMEOUT",
      retryable: "always",
    });
  });
});

test("a refusal says which permission is missing", async () => {
  await using emulator = await startFaulty({ kind: "denied" });
  const { message } = await errorOf(put(emulator));
  expect(message).toContain("Allow the RAM action config:PutEvaluations");
});

test.each([
  ["cn-hangzhou", "config.cn-shanghai.aliyuncs.com"],
  ["cn-hongkong", "config.cn-shanghai.aliyuncs.com"],
  ["ap-southeast-1", "config.ap-southeast-1.aliyuncs.com"],
  ["eu-central-1", "config.ap-southeast-1.aliyuncs.com"],
])("a function in %s calls %s", (regionId, host) => {
  expect(cloudConfigEndpoint(regionId, { cloudConfig: null })).toEqual({ host, protocol: "HTTPS" });
});

test("a configured endpoint replaces both", () => {
  const endpoint = { host: "config.vpc-proxy.example", protocol: "HTTPS" } as const;
  expect(cloudConfigEndpoint("cn-hangzhou", { cloudConfig: endpoint })).toBe(endpoint);
});
