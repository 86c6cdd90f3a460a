import { describe, expect, test } from "vitest";

import { type Emulator, startEmulator } from "../../emulator/emulator.ts";
import type { RegionSeed, VpcSeed, World } from "../../emulator/world.ts";
import { type AnswerOptions, answerConfigEvent } from "../../harness/answer-config-event.ts";
import { type ConfigEventOverrides, vpcItem } from "../../harness/config-event.ts";

const vpcOf = (vpcId: string): VpcSeed => ({ vpcId });
const flowLogOn = (resourceId: string) => ({
  flowLogId: `fl-${resourceId}`,
  resourceType: "VPC",
  resourceId,
});

function startRegion(region: Partial<RegionSeed>, world: Partial<World> = {}): Promise<Emulator> {
  return startEmulator({
    regions: { "cn-a": { activated: true, ...region }, "cn-b": { activated: true } },
    ...world,
  });
}

/** Answers an event about a VPC, and returns the result as one text, or the error. */
async function resultOf(
  emulator: Emulator,
  vpcId: string,
  event: ConfigEventOverrides = {},
  options: AnswerOptions = {},
): Promise<string> {
  const { error } = await answerConfigEvent(emulator, { item: vpcItem(vpcId), ...event }, options);
  const { calls } = emulator.compliance;
  const results = calls.flatMap(({ evaluations, deleteMode }) =>
    evaluations.map(({ complianceResourceId: id }) => ({ id, deleteMode })),
  );
  expect(results).toEqual(error === null ? [{ id: vpcId, deleteMode: false }] : []);
  if (error !== null) return `${error.name}: ${error.message}`;
  const [{ complianceType, annotation } = { complianceType: "", annotation: "" }] =
    calls[0]?.evaluations ?? [];
  return `${complianceType}: ${annotation}`;
}

describe("the result of a VPC", () => {
  test.each<[string, Partial<RegionSeed>, string]>([
    [
      "covered",
      { vpcs: [vpcOf("vpc-1")], flowLogs: [flowLogOn("vpc-1")] },
      "COMPLIANT: vpc-flow-log-active. Active flow logs cover the VPC.",
    ],
    [
      "not covered, beside one that is",
      { vpcs: [vpcOf("vpc-0"), vpcOf("vpc-1")], flowLogs: [flowLogOn("vpc-0")] },
      "NON_COMPLIANT: vpc-flow-log-active. The VPC has no flow log.",
    ],
    [
      "shared by another account",
      { vpcs: [{ vpcId: "vpc-1", ownerId: "1999999999999999" }] },
      "NOT_APPLICABLE: vpc-flow-log-active. The VPC is shared by the account 1999999999999999",
    ],
    [
      "no longer there",
      { vpcs: [vpcOf("vpc-0")] },
      "NOT_APPLICABLE: vpc-flow-log-active. The VPC is not in the list of VPCs of cn-a.",
    ],
    [
      "no longer there, in a region without any",
      {},
      "NOT_APPLICABLE: vpc-flow-log-active. The VPC is not in the list of VPCs of cn-a.",
    ],
    [
      "in a region whose VPCs cannot be listed",
      { faults: { DescribeVpcs: { kind: "denied" } } },
      "EvaluationError: Nothing was sent to Cloud Config, because this could not be read: vpc-1. ACCESS_DENIED",
    ],
    [
      "in a region whose flow logs cannot be listed",
      { vpcs: [vpcOf("vpc-1")], faults: { DescribeFlowLogs: { kind: "json-500" } } },
      "EvaluationError: Nothing was sent to Cloud Config, because this could not be read: vpc-1. SERVICE_ERROR",
    ],
    [
      "with a flow log that says neither",
      { vpcs: [vpcOf("vpc-1")], flowLogs: [{ ...flowLogOn("vpc-1"), status: "Activating" }] },
      "EvaluationError: Nothing was sent to Cloud Config, because this could not be read: vpc-1. STATE_UNKNOWN",
    ],
  ])("that is %s", async (_what, region, expected) => {
    await using emulator = await startRegion(region);
    expect(await resultOf(emulator, "vpc-1")).toContain(expected);
  });

  test("does not depend on what else in the region cannot be read", async () => {
    const onInterface = {
      flowLogId: "fl-eni",
      resourceType: "NetworkInterface",
      resourceId: "eni-1",
    };
    await using emulator = await startRegion({
      vpcs: [vpcOf("vpc-1"), { vpcId: "vpc-2", vSwitchIds: ["vsw-2"] }],
      flowLogs: [flowLogOn("vpc-1"), onInterface],
      faults: { DescribeNetworkInterfaces: { kind: "denied" } },
    });
    expect(await resultOf(emulator, "vpc-1")).toContain("COMPLIANT: ");
    expect(emulator.counts.byAction.get("DescribeNetworkInterfaces")).toBe(1);
  });

  test.each(["COMMON", "OVERSIZE", "NONE"])(
    "does not depend on the configuration in the event, which may be %s",
    async (configurationType) => {
      await using emulator = await startRegion({ vpcs: [vpcOf("vpc-1")] });
      const item = vpcItem("vpc-1", { configuration: '{"Status":"Deleted"}' });
      const messageType = "ConfigurationItemChangeNotification";
      expect(await resultOf(emulator, "vpc-1", { configurationType, item, messageType })).toContain(
        "NON_COMPLIANT: ",
      );
    },
  );

  test("is found among 200, by the calls that paging needs", async () => {
    await using emulator = await startRegion({
      vpcs: Array.from({ length: 200 }, (_, index) => vpcOf(`vpc-${index}`)),
      flowLogs: [flowLogOn("vpc-199")],
    });
    expect(await resultOf(emulator, "vpc-199")).toContain("COMPLIANT: ");
    expect(emulator.counts.byAction.get("DescribeVpcs")).toBe(4);
  });

  test("that is exempt is NOT_APPLICABLE, with who answers for it and its last day", async () => {
    await using emulator = await startRegion({ vpcs: [vpcOf("vpc-1")] });
    const exemption = {
      rule: "vpc-*",
      region: "cn-a",
      resource: "vpc-1",
      owner: "net-team",
      reason: "NET-42",
      expires: "2099-03-31",
    };
    const options = { file: { exemptions: [exemption] } };
    expect(await resultOf(emulator, "vpc-1", {}, options)).toMatch(
      /^NOT_APPLICABLE: vpc-flow-log-active\. Exempt until 2099-03-31 \(net-team: NET-42\)\. Observed: /,
    );
  });

  test("is by another rule about VPCs where the parameters name one", async () => {
    await using emulator = await startRegion({
      vpcs: [vpcOf("vpc-1")],
      flowLogs: [{ ...flowLogOn("vpc-1"), trafficType: "Drop" }],
    });
    const parameters = { rule: "vpc-flow-log-complete" };
    expect(await resultOf(emulator, "vpc-1", { parameters })).toContain(
      "NON_COMPLIANT: vpc-flow-log-complete. ",
    );
  });

  test("keeps the name that the event has, whatever it is, and what it says within 256", async () => {
    const names = [
      '=cmd|"/C calc"!A0',
      "<script>alert('生产环境')</script>\n\u202e\u001b[31m",
      "__proto__",
      "\ud800 lone",
      "名".repeat(500),
    ];
    const flowLogs = Array.from({ length: 60 }, (_, index) => ({
      ...flowLogOn("vpc-1"),
      flowLogId: `fl-${index}-${"x".repeat(40)}`,
    }));
    await using emulator = await startRegion({ vpcs: [vpcOf("vpc-1")], flowLogs });
    for (const resourceName of names) {
      const { error } = await answerConfigEvent(emulator, {
        item: vpcItem("vpc-1", { resourceName }),
      });
      expect(error).toBeNull();
      const [sent] = emulator.compliance.calls.at(-1)?.evaluations ?? [];
      expect(sent?.complianceResourceName).toBe(resourceName);
      expect(sent?.annotation.length).toBeLessThanOrEqual(256);
      expect(sent?.annotation).toMatch(/^vpc-flow-log-active\. Active flow logs cover the VPC\./);
    }
  });
});

describe("a VPC in a region that the configuration leaves out", () => {
  const options = { file: { regions: ["all", "!cn-a"] } };
  const LEFT_OUT = "NOT_APPLICABLE: vpc-flow-log-active. The configuration leaves cn-a out.";

  test("is NOT_APPLICABLE, and not asked for", async () => {
    await using emulator = await startRegion({ vpcs: [vpcOf("vpc-1")] });
    expect(await resultOf(emulator, "vpc-1", {}, options)).toBe(LEFT_OUT);
    expect([...emulator.counts.byAction.keys()]).toEqual(["PutEvaluations"]);
  });

  test("is evaluated where the parameters of the rule name the region", async () => {
    await using emulator = await startRegion({ vpcs: [vpcOf("vpc-1")] });
    const parameters = { regions: "cn-*" };
    expect(await resultOf(emulator, "vpc-1", { parameters }, options)).toContain("NON_COMPLIANT");
  });

  test("is NOT_APPLICABLE where the account has regions of its own", async () => {
    await using emulator = await startRegion({ vpcs: [vpcOf("vpc-1")] });
    const accounts = [{ id: "1234567890123456", regions: ["cn-b"] }];
    expect(await resultOf(emulator, "vpc-1", {}, { file: { accounts } })).toBe(LEFT_OUT);
  });

  test("is an error where nobody knows whose the function is", async () => {
    await using emulator = await startRegion({ vpcs: [vpcOf("vpc-1")] });
    const result = await resultOf(
      emulator,
      "vpc-1",
      {},
      { ...options, context: { accountId: "" } },
    );
    expect(result).toMatch(/^EvaluationError: The function's account is not known/);
  });
});

test("a VPC in a region of an account's own regions is asked there alone", async () => {
  await using emulator = await startRegion({ vpcs: [vpcOf("vpc-1")] });
  const accounts = [{ id: "1234567890123456", regions: ["cn-*"] }];
  expect(await resultOf(emulator, "vpc-1", {}, { file: { accounts } })).toContain("NON_COMPLIANT");
  expect(emulator.counts.byAction.get("DescribeVpcs")).toBe(1);
});

test.each<[string, ConfigEventOverrides, string]>([
  [
    "a rule that is not about VPCs",
    { parameters: { rule: "flow-log-service-activated" } },
    "event.ruleParameters.rule: flow-log-service-activated is not about VPCs",
  ],
  [
    "a rule about log stores",
    { parameters: { rule: "flow-log-retention" } },
    "event.ruleParameters.rule: flow-log-retention is not about VPCs",
  ],
  [
    "results of regions",
    { parameters: { evaluateRegions: "true" } },
    "event.ruleParameters.evaluateRegions: is for rules about accounts",
  ],
  [
    "another type of resource",
    { item: vpcItem("i-1", { resourceType: "ACS::ECS::Instance" }) },
    "resourceType: is neither ACS::::Account nor ACS::VPC::VPC",
  ],
  ["no region", { item: vpcItem("vpc-1", { regionId: "" }) }, "does not name a VPC by regionId"],
  [
    "a region that is none",
    { item: vpcItem("vpc-1", { regionId: "CN A" }) },
    "does not name a VPC",
  ],
  ["an id that is none", { item: vpcItem("vpc-1; rm -rf") }, "does not name a VPC"],
])("%s is refused before anything is asked", async (_what, event, message) => {
  await using emulator = await startRegion({ vpcs: [vpcOf("vpc-1")] });
  expect(await resultOf(emulator, "vpc-1", event)).toContain(message);
  expect(emulator.requests).toEqual([]);
});
