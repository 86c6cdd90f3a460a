import { describe, expect, test } from "vitest";

import type { ConfigRuleAnswer } from "../../../functions/audit/config-rule/answer-config-rule.ts";
import type { FunctionContext } from "../../../shared/entry/function-context.ts";
import { type Emulator, startEmulator } from "../../emulator/emulator.ts";
import type { Fault } from "../../emulator/faults.ts";
import type { RegionSeed } from "../../emulator/world.ts";
import { expectNoToken } from "../../harness/answer-config-event.ts";
import {
  configEvent,
  type ConfigEventOverrides,
  ORDERING_TIMESTAMP,
  RESULT_TOKEN,
  vpcItem,
} from "../../harness/config-event.ts";
import {
  functionContext,
  functionEnv,
  invokeAudit,
  invokeCheck,
} from "../../harness/invoke-function.ts";

const ACCOUNT = "1234567890123456";
const COMPLIANT: RegionSeed = { activated: true };
const NON_COMPLIANT: RegionSeed = { activated: false };
const UNREADABLE: RegionSeed = { activated: true, fault: { kind: "denied" } };

/** Invokes the built audit function in a bare process, as Cloud Config does. */
async function invoke(
  emulator: Emulator,
  event: ConfigEventOverrides = {},
  context: Partial<FunctionContext> = {},
) {
  const invocation = await invokeAudit<ConfigRuleAnswer>(
    configEvent(event),
    functionContext(emulator, context),
    functionEnv(emulator),
  );
  const { result, error, output } = invocation;
  expectNoToken(JSON.stringify({ result, error }) + output);
  return invocation;
}

describe("an event about the account", () => {
  test("is answered with one result, made of all regions", async () => {
    await using emulator = await startEmulator({
      regions: { "cn-a": COMPLIANT, "cn-b": NON_COMPLIANT, "cn-c": COMPLIANT },
    });
    const { result, error, log } = await invoke(emulator);
    expect(error).toBeNull();
    const evaluation = {
      accountId: 1_234_567_890_123_456,
      complianceResourceId: ACCOUNT,
      complianceResourceName: "prod",
      complianceResourceType: "ACS::::Account",
      complianceRegionId: "global",
      complianceType: "NON_COMPLIANT",
      annotation: "flow-log-service-activated. Not compliant: cn-b. Compliant: 2 regions.",
      orderingTimestamp: ORDERING_TIMESTAMP,
    };
    expect(emulator.compliance.calls).toEqual([{ evaluations: [evaluation], deleteMode: true }]);
    const sent = emulator.requests.find(({ action }) => action === "PutEvaluations");
    expect(sent?.query).toEqual({});
    expect(sent?.form).toEqual({
      ResultToken: RESULT_TOKEN,
      DeleteMode: "true",
      Evaluations: JSON.stringify([evaluation]),
    });
    expect(result).toMatchObject({ deleteMode: true, evaluations: [{ accountId: ACCOUNT }] });
    expect(log).toEqual([
      expect.objectContaining({
        level: "info",
        event: "run",
        trigger: "event",
        outcome: "done",
        summary: expect.objectContaining({ total: 3, nonCompliant: 1 }),
        configRule: {
          messageType: "ScheduledNotification",
          ruleId: "flow-log-service-activated",
          accountId: ACCOUNT,
          resourceType: "ACS::::Account",
          resourceId: ACCOUNT,
          regionId: "global",
          sent: 1,
          deleteMode: true,
        },
      }),
    ]);
  });

  test("is never answered with COMPLIANT where a region could not be read, and throws", async () => {
    await using emulator = await startEmulator({
      regions: { "cn-a": COMPLIANT, "cn-b": UNREADABLE },
    });
    const { error, log } = await invoke(emulator);
    expect(emulator.compliance.calls).toEqual([]);
    expect(error).toMatchObject({ name: "EvaluationError" });
    expect(error?.message).toMatch(
      /^Nothing was sent to Cloud Config, because this could not be read: cn-b\. ACCESS_DENIED: /,
    );
    expect(log).toMatchObject([
      { level: "error", outcome: "failed", configRule: { sent: 0, deleteMode: false } },
    ]);
  });
});

test("an event about a VPC is answered with the result of that VPC alone", async () => {
  const flowLog = { flowLogId: "fl-1", resourceType: "VPC", resourceId: "vpc-1" };
  await using emulator = await startEmulator({
    regions: {
      "cn-a": {
        activated: true,
        vpcs: [{ vpcId: "vpc-1" }, { vpcId: "vpc-2" }],
        flowLogs: [flowLog],
      },
      "cn-b": NON_COMPLIANT,
    },
  });
  const { error, log } = await invoke(emulator, {
    item: vpcItem("vpc-1"),
    messageType: "ConfigurationItemChangeNotification",
  });
  expect(error).toBeNull();
  expect(emulator.compliance.calls).toEqual([
    {
      evaluations: [
        {
          accountId: 1_234_567_890_123_456,
          complianceResourceId: "vpc-1",
          complianceResourceName: "shop",
          complianceResourceType: "ACS::VPC::VPC",
          complianceRegionId: "cn-a",
          complianceType: "COMPLIANT",
          annotation: "vpc-flow-log-active. Active flow logs cover the VPC. They are: fl-1.",
          orderingTimestamp: ORDERING_TIMESTAMP,
        },
      ],
      deleteMode: false,
    },
  ]);
  // One region was asked, and Cloud Config was told.
  expect(Object.fromEntries(emulator.counts.byAction)).toEqual({
    DescribeVpcs: 1,
    DescribeFlowLogs: 1,
    PutEvaluations: 1,
  });
  expect(log).toMatchObject([
    { outcome: "done", configRule: { resourceId: "vpc-1", regionId: "cn-a", sent: 1 } },
  ]);
});

test.each<[string, Fault]>([
  ["a refusal that repeats the request", { kind: "echo", status: 403, form: "json" }],
  ["a page that repeats the request", { kind: "echo", status: 200, form: "text" }],
  [
    "a refusal that quotes the token",
    {
      kind: "body",
      status: 400,
      text: JSON.stringify({ Code: RESULT_TOKEN, Message: RESULT_TOKEN, RequestId: RESULT_TOKEN }),
    },
  ],
  ["Result: false", { kind: "body", status: 200, text: '{"RequestId":"R-1","Result":false}' }],
])("results that Cloud Config does not take fail the invocation: %s", async (_what, fault) => {
  await using emulator = await startEmulator({
    regions: { "cn-a": COMPLIANT },
    faults: { PutEvaluations: fault },
  });
  const { error, log } = await invoke(emulator);
  expect(error?.name).toBe("EvaluationError");
  expect(error?.message).toMatch(/^Cloud Config has not taken the results\. /);
  expect(log).toMatchObject([
    { level: "error", outcome: "failed", configRule: { sent: 0, deleteMode: false } },
  ]);
});

test("a run that is cut off by the deadline sends nothing that it does not know", async () => {
  await using emulator = await startEmulator({
    regions: { "cn-a": COMPLIANT, "cn-b": { activated: true, fault: { kind: "hang" } } },
  });
  const { error } = await invoke(emulator, {}, { function: { name: "f", timeout: 1 } });
  expect(emulator.compliance.calls).toEqual([]);
  expect(error?.message).toContain("cn-b. DEADLINE_EXCEEDED: ");
});

test("the timer's function refuses the event, and names the audit function", async () => {
  await using emulator = await startEmulator({ regions: { "cn-a": COMPLIANT } });
  const { error, output } = await invokeCheck(
    configEvent(),
    functionContext(emulator),
    functionEnv(emulator),
  );
  expect(error).toEqual({
    name: "ConfigError",
    message:
      "event: comes from Cloud Config, which the audit function answers and this one does not: name that function as SourceIdentifier of the rule.",
  });
  expect(emulator.requests).toEqual([]);
  expectNoToken(output);
});
