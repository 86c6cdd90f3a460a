import { describe, expect, test } from "vitest";

import type { FlowLog } from "../../../shared/audit/flow-log.ts";
import type { TrafficType } from "../../../shared/audit/rule-settings.ts";
import { vpcFlowLogComplete } from "../../../shared/rules/vpc-flow-log-complete.ts";
import { judgeRegion, messagesOf, outlineOf } from "../../harness/judge-region.ts";
import { interfaceOf, logOf, vpcOf } from "../../harness/region-of.ts";

const rule = vpcFlowLogComplete;
const VPC = vpcOf("vpc-1", ["vsw-a", "vsw-b"]);
const INTERFACES = [
  interfaceOf("eni-a1", "vsw-a"),
  interfaceOf("eni-a2", "vsw-a"),
  interfaceOf("eni-b1", "vsw-b"),
];

const all = (id: string, on: string): FlowLog => logOf(id, on);
const drop = (id: string, on: string): FlowLog => logOf(id, on, { trafficType: "Drop" });
const allow = (id: string, on: string): FlowLog => logOf(id, on, { trafficType: "Allow" });
const odd = (id: string, on: string): FlowLog => logOf(id, on, { trafficType: "Odd" });
const nat = (id: string, on: string): FlowLog =>
  logOf(id, on, { trafficPaths: ["natGateway", "vbr"] });

const CASES: readonly (readonly [string, TrafficType, readonly FlowLog[], string, ...string[]])[] =
  [
    ["type All, all paths", "All", [all("fl-1", "vpc-1")], "TRAFFIC_COMPLETE", "fl-1"],
    [
      "no path named: all",
      "All",
      [logOf("fl-1", "vpc-1", { trafficPaths: [] })],
      "TRAFFIC_COMPLETE",
    ],
    [
      "all among the paths",
      "All",
      [logOf("fl-1", "vpc-1", { trafficPaths: ["vbr", "all"] })],
      "TRAFFIC_COMPLETE",
    ],
    [
      "type Drop",
      "All",
      [drop("fl-1", "vpc-1")],
      "TRAFFIC_TYPE_PARTIAL",
      "fl-1 records Drop",
      "create another on the VPC",
      "--TrafficType All --ProjectName logs",
    ],
    ["type All satisfies Allow", "Allow", [all("fl-1", "vpc-1")], "TRAFFIC_COMPLETE"],
    ["type All satisfies Drop", "Drop", [all("fl-1", "vpc-1")], "TRAFFIC_COMPLETE"],
    ["Drop where Drop is asked", "Drop", [drop("fl-1", "vpc-1")], "TRAFFIC_COMPLETE"],
    [
      "Allow where Drop is asked",
      "Drop",
      [allow("fl-1", "vpc-1")],
      "TRAFFIC_TYPE_PARTIAL",
      "Type Drop is required.",
      "--TrafficType Drop",
    ],
    [
      "Allow beside Drop on the same resource",
      "All",
      [allow("fl-1", "vpc-1"), drop("fl-2", "vpc-1")],
      "TRAFFIC_COMPLETE",
    ],
    [
      "Allow beside Drop on different resources",
      "All",
      [allow("fl-1", "vpc-1"), drop("fl-2", "vsw-a")],
      "TRAFFIC_TYPE_PARTIAL",
    ],
    [
      "Allow on all paths beside Drop on one",
      "All",
      [
        allow("fl-1", "vpc-1"),
        logOf("fl-2", "vpc-1", { trafficType: "Drop", trafficPaths: ["vbr"] }),
      ],
      "TRAFFIC_PATH_PARTIAL",
      "fl-2 records only the path vbr",
    ],
    [
      "a path that is not all",
      "All",
      [nat("fl-1", "vpc-1")],
      "TRAFFIC_PATH_PARTIAL",
      "fl-1 records only the path natGateway and vbr",
    ],
    [
      "a path that is no word is not repeated",
      "All",
      [logOf("fl-1", "vpc-1", { trafficPaths: ["<b>"] })],
      "TRAFFIC_PATH_PARTIAL",
      "another path",
    ],
    [
      "type and path are partial",
      "All",
      [logOf("fl-1", "vpc-1", { trafficType: "Drop", trafficPaths: ["vbr"] })],
      "TRAFFIC_TYPE_PARTIAL",
      "fl-1 records Drop, fl-1 records only the path vbr",
    ],
    ["a type that is not documented", "All", [odd("fl-1", "vpc-1")], "STATE_UNKNOWN", "fl-1"],
    [
      "a type that is not documented, of some paths",
      "All",
      [logOf("fl-1", "vpc-1", { trafficType: "Odd", trafficPaths: ["vbr"] })],
      "TRAFFIC_PATH_PARTIAL",
    ],
    [
      "a type that is not documented, while another passes",
      "All",
      [odd("fl-1", "vpc-1"), all("fl-2", "vpc-1")],
      "TRAFFIC_COMPLETE",
    ],
    [
      "one that fails beside one that passes on the same resource",
      "All",
      [drop("fl-1", "vpc-1"), all("fl-2", "vpc-1")],
      "TRAFFIC_COMPLETE",
    ],
    [
      "a VPC that passes, with a vSwitch that does not",
      "All",
      [all("fl-1", "vpc-1"), drop("fl-2", "vsw-a")],
      "TRAFFIC_COMPLETE",
    ],
    [
      "vSwitches that pass, in a VPC that does not",
      "All",
      [drop("fl-1", "vpc-1"), all("fl-2", "vsw-a"), all("fl-3", "vsw-b")],
      "TRAFFIC_COMPLETE",
    ],
    [
      "one vSwitch that passes, in a VPC that does not",
      "All",
      [drop("fl-1", "vpc-1"), all("fl-2", "vsw-a")],
      "TRAFFIC_TYPE_PARTIAL",
    ],
    ["of a partly covered VPC, what is covered", "All", [all("fl-1", "vsw-a")], "TRAFFIC_COMPLETE"],
    [
      "of a partly covered VPC, what does not pass",
      "All",
      [all("fl-1", "vsw-a"), drop("fl-2", "vsw-b")],
      "TRAFFIC_TYPE_PARTIAL",
      "fl-2 records Drop",
    ],
    [
      "an interface of a vSwitch that is not covered",
      "All",
      [drop("fl-1", "eni-a1")],
      "TRAFFIC_TYPE_PARTIAL",
    ],
    [
      "interfaces that pass, on a vSwitch that does not",
      "All",
      [drop("fl-1", "vsw-a"), all("fl-2", "eni-a1"), all("fl-3", "eni-a2")],
      "TRAFFIC_COMPLETE",
    ],
    [
      "one interface that passes, on a vSwitch that does not",
      "All",
      [drop("fl-1", "vsw-a"), all("fl-2", "eni-a1")],
      "TRAFFIC_TYPE_PARTIAL",
    ],
    [
      "made by the log service",
      "All",
      [logOf("fl-1", "vpc-1", { trafficType: "Drop", serviceType: "sls" })],
      "TRAFFIC_TYPE_PARTIAL",
      "the console of Simple Log Service",
    ],
    [
      "an inactive one is not judged",
      "All",
      [all("fl-1", "vpc-1"), logOf("fl-2", "vsw-a", { trafficType: "Drop", status: "Inactive" })],
      "TRAFFIC_COMPLETE",
    ],
    ["none active", "All", [logOf("fl-1", "vpc-1", { status: "Inactive" })], "NO_ACTIVE_FLOW_LOG"],
    ["none at all", "All", [], "NO_ACTIVE_FLOW_LOG"],
  ];

test.each(
  CASES.map(
    ([what, trafficType, flowLogs, code, ...words]) =>
      [what, trafficType, code, { flowLogs, words }] as const,
  ),
)("%s, where %s is required: %s", async (_what, trafficType, code, { flowLogs, words }) => {
  const settings = { "vpc-flow-log-complete": { trafficType } };
  const content = { vpcs: [VPC], interfaces: INTERFACES, flowLogs };
  const { verdicts } = await judgeRegion(rule, content, settings);
  expect(outlineOf(verdicts)).toEqual([`vpc-1 ${rule.reasons[code]?.status} ${code}`]);
  for (const word of words) expect(messagesOf(verdicts)).toContain(word);
});

describe("a VPC without vSwitches", () => {
  test.each([
    ["All", "COMPLIANT TRAFFIC_COMPLETE"],
    ["Drop", "NON_COMPLIANT TRAFFIC_TYPE_PARTIAL"],
  ])("is covered by a flow log on itself, of type %s", async (trafficType, expected) => {
    const flowLogs = [logOf("fl-1", "vpc-1", { trafficType })];
    const { verdicts } = await judgeRegion(rule, { vpcs: [vpcOf("vpc-1")], flowLogs });
    expect(outlineOf(verdicts)).toEqual([`vpc-1 ${expected}`]);
  });
});

describe("network interfaces are listed", () => {
  test.each([
    [
      "not for an inactive flow log on one",
      [drop("fl-1", "vpc-1"), logOf("fl-2", "eni-a1", { status: "Inactive" })],
      false,
    ],
    ["not where the levels above pass", [all("fl-1", "vpc-1"), drop("fl-2", "eni-a1")], false],
    ["where the levels above do not pass", [drop("fl-1", "vpc-1"), all("fl-2", "eni-a1")], true],
  ])("%s", async (_when, flowLogs, wanted) => {
    const { asked } = await judgeRegion(rule, { vpcs: [VPC], interfaces: INTERFACES, flowLogs });
    expect(asked.includes("DescribeNetworkInterfaces")).toBe(wanted);
  });

  test("where that fails, the VPC is unreadable", async () => {
    const flowLogs = [drop("fl-1", "vpc-1"), all("fl-2", "eni-a1")];
    const { verdicts } = await judgeRegion(rule, { vpcs: [VPC], interfaces: "TIMEOUT", flowLogs });
    expect(outlineOf(verdicts)).toEqual(["vpc-1 INSUFFICIENT_DATA TIMEOUT"]);
  });
});
