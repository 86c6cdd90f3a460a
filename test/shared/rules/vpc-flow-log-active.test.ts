import { describe, expect, test } from "vitest";

import { UnreadableError } from "../../../shared/audit/region-reader.ts";
import { vpcFlowLogActive } from "../../../shared/rules/vpc-flow-log-active.ts";
import { judgeRegion, messagesOf, outlineOf } from "../../harness/judge-region.ts";
import {
  ACCOUNT_ID,
  interfaceOf,
  logOf,
  type RegionContent,
  vpcOf,
} from "../../harness/region-of.ts";

const rule = vpcFlowLogActive;
const VPC = vpcOf("vpc-1", ["vsw-a", "vsw-b"]);
const EMPTY_VPC = vpcOf("vpc-1");
const ENI_A1 = interfaceOf("eni-a1", "vsw-a");
const ENI_A2 = interfaceOf("eni-a2", "vsw-a");
const ENI_B1 = interfaceOf("eni-b1", "vsw-b");
const INTERFACES = [ENI_A1, ENI_A2, ENI_B1];
const inactive = { status: "Inactive" };
const activating = { status: "Activating" };

/** What a VPC has, the code of its verdict, and words of the message. */
const CASES: readonly (readonly [string, RegionContent, string, ...string[]])[] = [
  [
    "a flow log on the VPC",
    { vpcs: [VPC], flowLogs: [logOf("fl-1", "vpc-1")] },
    "FLOW_LOG_ACTIVE",
    "fl-1",
  ],
  [
    "a flow log on each vSwitch",
    { vpcs: [VPC], flowLogs: [logOf("fl-1", "vsw-a"), logOf("fl-2", "vsw-b")] },
    "FLOW_LOG_ACTIVE",
    "fl-1, fl-2",
  ],
  [
    "a flow log on each interface",
    {
      vpcs: [VPC],
      interfaces: INTERFACES,
      flowLogs: INTERFACES.map(({ networkInterfaceId: id }) => logOf(`fl-${id}`, id)),
    },
    "FLOW_LOG_ACTIVE",
  ],
  [
    "one vSwitch covered by itself, the other by its interfaces",
    {
      vpcs: [VPC],
      interfaces: INTERFACES,
      flowLogs: [logOf("fl-1", "vsw-a"), logOf("fl-2", "eni-b1")],
    },
    "FLOW_LOG_ACTIVE",
  ],
  [
    "a vSwitch without interfaces, by its interfaces",
    { vpcs: [VPC], interfaces: [ENI_A1], flowLogs: [logOf("fl-1", "eni-a1")] },
    "PARTLY_COVERED",
    "Not covered: vsw-b.",
  ],
  [
    "one of two interfaces of a vSwitch",
    {
      vpcs: [VPC],
      interfaces: INTERFACES,
      flowLogs: [logOf("fl-1", "eni-a1"), logOf("fl-2", "vsw-b")],
    },
    "PARTLY_COVERED",
    "Not covered: eni-a2.",
  ],
  [
    "one of two vSwitches",
    { vpcs: [VPC], flowLogs: [logOf("fl-1", "vsw-a")] },
    "PARTLY_COVERED",
    "Not covered: vsw-b.",
    "A flow log on the VPC covers all of it. Create one: aliyun vpc CreateFlowLog",
    "--ProjectName logs --LogStoreName flows",
  ],
  [
    "more vSwitches than are named",
    {
      vpcs: [vpcOf("vpc-1", ["vsw-0", "vsw-1", "vsw-2", "vsw-3", "vsw-4", "vsw-5", "vsw-6"])],
      flowLogs: [logOf("fl-1", "vsw-0")],
    },
    "PARTLY_COVERED",
    "Not covered: vsw-1, vsw-2, vsw-3, vsw-4, vsw-5 and 1 more.",
  ],
  [
    "active on a part, inactive on the rest: partly covered comes first",
    { vpcs: [VPC], flowLogs: [logOf("fl-1", "vsw-a"), logOf("fl-2", "vsw-b", inactive)] },
    "PARTLY_COVERED",
    "Start it: aliyun vpc ActiveFlowLog --region cn-hangzhou --FlowLogId fl-2",
  ],
  [
    "an inactive flow log on the VPC",
    { vpcs: [VPC], flowLogs: [logOf("fl-1", "vpc-1", inactive)] },
    "FLOW_LOG_INACTIVE",
    "This one is inactive: fl-1.",
    "Start it: aliyun vpc ActiveFlowLog --region cn-hangzhou --FlowLogId fl-1",
  ],
  [
    "inactive flow logs none of which covers the VPC",
    {
      vpcs: [VPC],
      flowLogs: [logOf("fl-1", "vsw-a", inactive), logOf("fl-2", "vsw-b", inactive)],
    },
    "FLOW_LOG_INACTIVE",
    "These are inactive: fl-1, fl-2.",
    "a new one on the VPC does. Create one, with your project and log store in place of PROJECT and LOGSTORE: aliyun vpc CreateFlowLog",
  ],
  [
    "an inactive flow log that the log service made",
    { vpcs: [VPC], flowLogs: [logOf("fl-1", "vpc-1", { ...inactive, serviceType: "sls" })] },
    "FLOW_LOG_INACTIVE",
    "the console of Simple Log Service",
  ],
  [
    "no flow log",
    { vpcs: [VPC], flowLogs: [] },
    "NO_FLOW_LOG",
    "Create one, with your project and log store in place of PROJECT and LOGSTORE: aliyun vpc CreateFlowLog --region cn-hangzhou --ResourceType VPC --ResourceId vpc-1 --TrafficType All --ProjectName PROJECT --LogStoreName LOGSTORE",
  ],
  ["no vSwitch, and no flow log", { vpcs: [EMPTY_VPC] }, "NO_FLOW_LOG"],
  [
    "no vSwitch, and a flow log on the VPC",
    { vpcs: [EMPTY_VPC], flowLogs: [logOf("fl-1", "vpc-1")] },
    "FLOW_LOG_ACTIVE",
  ],
  [
    "no vSwitch, and a flow log on an interface that was created meanwhile",
    { vpcs: [EMPTY_VPC], interfaces: [ENI_A1], flowLogs: [logOf("fl-1", "eni-a1")] },
    "NO_FLOW_LOG",
  ],
  [
    "activating",
    { vpcs: [VPC], flowLogs: [logOf("fl-1", "vpc-1", activating)] },
    "STATE_UNKNOWN",
    "fl-1 is Activating",
  ],
  [
    "modifying",
    { vpcs: [VPC], flowLogs: [logOf("fl-1", "vpc-1", { status: "Modifying" })] },
    "STATE_UNKNOWN",
    "fl-1 is Modifying",
  ],
  [
    "a status that is not documented",
    { vpcs: [VPC], flowLogs: [logOf("fl-1", "vpc-1", { status: "<b>Odd</b>" })] },
    "STATE_UNKNOWN",
    "fl-1 is in an unknown state",
  ],
  [
    "activating, while other flow logs cover the VPC",
    {
      vpcs: [VPC],
      flowLogs: [
        logOf("fl-1", "vpc-1", activating),
        logOf("fl-2", "vsw-a"),
        logOf("fl-3", "vsw-b"),
      ],
    },
    "FLOW_LOG_ACTIVE",
    "They are: fl-2, fl-3.",
  ],
  [
    "activating where the rest is active",
    { vpcs: [VPC], flowLogs: [logOf("fl-1", "vsw-a"), logOf("fl-2", "vsw-b", activating)] },
    "STATE_UNKNOWN",
    "fl-2 is Activating",
  ],
  [
    "active on a part, activating on another, nothing on the third",
    {
      vpcs: [vpcOf("vpc-1", ["vsw-a", "vsw-b", "vsw-c"])],
      flowLogs: [logOf("fl-1", "vsw-a"), logOf("fl-2", "vsw-b", activating)],
    },
    "PARTLY_COVERED",
    "Not covered: vsw-b, vsw-c.",
  ],
  [
    "activating on a part, inactive on the VPC",
    {
      vpcs: [VPC],
      flowLogs: [logOf("fl-1", "vsw-a", activating), logOf("fl-2", "vpc-1", inactive)],
    },
    "STATE_UNKNOWN",
  ],
  [
    "a flow log on a resource of an unknown type",
    { vpcs: [VPC], flowLogs: [logOf("fl-1", "vpc-1", { resourceType: "Subnet" })] },
    "NO_FLOW_LOG",
  ],
  [
    "a flow log on another VPC, and on another one's interface",
    {
      vpcs: [VPC],
      interfaces: [interfaceOf("eni-z", "vsw-z", "vpc-9")],
      flowLogs: [logOf("fl-1", "vpc-9"), logOf("fl-2", "vsw-z"), logOf("fl-3", "eni-z")],
    },
    "NO_FLOW_LOG",
  ],
  [
    "IPv6, of which only IPv4 is recorded",
    {
      vpcs: [vpcOf("vpc-1", [], { enabledIpv6: true })],
      flowLogs: [logOf("fl-1", "vpc-1")],
    },
    "FLOW_LOG_ACTIVE",
    "The VPC has IPv6, but only IPv4 traffic is recorded.",
  ],
];

describe("a VPC with", () => {
  test.each(
    CASES.map(([what, content, code, ...words]) => [what, code, { content, words }] as const),
  )("%s: %s", async (_what, code, { content, words }) => {
    const { verdicts } = await judgeRegion(rule, content);
    const status = rule.reasons[code]?.status;
    expect(outlineOf(verdicts)).toEqual([`vpc-1 ${status} ${code}`]);
    for (const word of words) expect(messagesOf(verdicts)).toContain(word);
    expect(verdicts[0]?.resource).toEqual({
      type: "ACS::VPC::VPC",
      id: "vpc-1",
      name: "name of vpc-1",
    });
  });

  test("IPv6 that is recorded, or no IPv6, has no note", async () => {
    for (const [enabledIpv6, ipVersion] of [
      [true, "IPv6"],
      [true, undefined],
      [false, "IPv4"],
    ] as const) {
      const vpcs = [vpcOf("vpc-1", [], { enabledIpv6 })];
      const flowLogs = [logOf("fl-1", "vpc-1", { ipVersion })];
      expect(messagesOf((await judgeRegion(rule, { vpcs, flowLogs })).verdicts)).not.toContain(
        "IPv6",
      );
    }
  });
});

describe("a region", () => {
  test("without VPCs has one verdict, and no flow log is asked for", async () => {
    const { verdicts, asked } = await judgeRegion(rule, { flowLogs: "SERVICE_ERROR" });
    expect(outlineOf(verdicts)).toEqual(["region NOT_APPLICABLE NO_RESOURCES"]);
    expect(verdicts[0]?.evidence.requestId).toBe("DescribeVpcs");
    expect(asked).toEqual(["DescribeVpcs"]);
  });

  test("with several has them by id, and each is judged by its own flow logs", async () => {
    const vpcs = [vpcOf("vpc-b"), vpcOf("vpc-C"), vpcOf("vpc-a")];
    const { verdicts, asked } = await judgeRegion(rule, {
      vpcs,
      flowLogs: [logOf("fl-1", "vpc-b")],
    });
    expect(outlineOf(verdicts)).toEqual([
      "vpc-C NON_COMPLIANT NO_FLOW_LOG",
      "vpc-a NON_COMPLIANT NO_FLOW_LOG",
      "vpc-b COMPLIANT FLOW_LOG_ACTIVE",
    ]);
    expect(new Set(verdicts.map(({ evidence }) => evidence.requestId))).toEqual(
      new Set(["DescribeFlowLogs"]),
    );
    expect(asked).toEqual(["DescribeVpcs", "DescribeFlowLogs"]);
  });

  test.each(["vpcs", "flowLogs"] as const)(
    "whose %s cannot be listed is unreadable",
    async (list) => {
      const content = { vpcs: [VPC], [list]: "ACCESS_DENIED" };
      const judged = judgeRegion(rule, content);
      await expect(judged).rejects.toThrow(UnreadableError);
      await expect(judged).rejects.toMatchObject({ code: "ACCESS_DENIED" });
    },
  );
});

describe("network interfaces are listed", () => {
  const OTHER = vpcOf("vpc-2", ["vsw-z"]);

  test.each([
    ["never while no flow log is on one", [logOf("fl-1", "vsw-a")], false],
    [
      "not where the levels above cover every VPC",
      [logOf("fl-1", "vpc-1"), logOf("fl-2", "vpc-2"), logOf("fl-3", "eni-a1")],
      false,
    ],
    ["where one VPC needs them", [logOf("fl-1", "vpc-1"), logOf("fl-3", "eni-z")], true],
    ["also for an inactive flow log", [logOf("fl-3", "eni-z", inactive)], true],
  ])("%s", async (_when, flowLogs, wanted) => {
    const { asked } = await judgeRegion(rule, { vpcs: [VPC, OTHER], flowLogs });
    expect(asked.filter((question) => question === "DescribeNetworkInterfaces")).toHaveLength(
      wanted ? 1 : 0,
    );
  });

  test("and prove the verdict of the VPCs that need them alone", async () => {
    const flowLogs = [logOf("fl-1", "vpc-1"), logOf("fl-2", "eni-z")];
    const interfaces = [interfaceOf("eni-z", "vsw-z", "vpc-2")];
    const { verdicts } = await judgeRegion(rule, { vpcs: [VPC, OTHER], flowLogs, interfaces });
    expect(outlineOf(verdicts)).toEqual([
      "vpc-1 COMPLIANT FLOW_LOG_ACTIVE",
      "vpc-2 COMPLIANT FLOW_LOG_ACTIVE",
    ]);
    expect(verdicts.map(({ evidence }) => evidence.requestId)).toEqual([
      "DescribeFlowLogs",
      "DescribeNetworkInterfaces",
    ]);
  });

  test("where that fails, the VPCs that need them are unreadable, and the others keep their verdict", async () => {
    const flowLogs = [logOf("fl-1", "vpc-1"), logOf("fl-2", "eni-z")];
    const { verdicts } = await judgeRegion(rule, {
      vpcs: [VPC, OTHER, vpcOf("vpc-3", ["vsw-3"]), vpcOf("vpc-4")],
      flowLogs,
      interfaces: "ACCESS_DENIED",
    });
    expect(outlineOf(verdicts)).toEqual([
      "vpc-1 COMPLIANT FLOW_LOG_ACTIVE",
      "vpc-2 INSUFFICIENT_DATA ACCESS_DENIED",
      "vpc-3 INSUFFICIENT_DATA ACCESS_DENIED",
      "vpc-4 NON_COMPLIANT NO_FLOW_LOG",
    ]);
    const [, unread] = verdicts;
    expect(unread?.reason.message).toContain("Cannot ask DescribeNetworkInterfaces.");
    expect(unread?.evidence).toMatchObject({
      requestId: "DescribeNetworkInterfaces",
      httpStatus: 403,
    });
  });
});

describe("a VPC whose vSwitches the service does not name", () => {
  const UNNAMED = vpcOf("vpc-1", [], { vSwitchIds: undefined });
  const OTHER = vpcOf("vpc-2", ["vsw-z"]);

  test.each([
    ["no flow log is anywhere", [], "NON_COMPLIANT NO_FLOW_LOG"],
    ["one is on it", [logOf("fl-1", "vpc-1"), logOf("fl-2", "vsw-a")], "COMPLIANT FLOW_LOG_ACTIVE"],
    ["one is on another VPC's vSwitch", [logOf("fl-1", "vsw-z")], "NON_COMPLIANT NO_FLOW_LOG"],
    ["one may be on its vSwitch", [logOf("fl-1", "vsw-a")], "INSUFFICIENT_DATA MALFORMED_RESPONSE"],
    [
      "one may be on its interface",
      [logOf("fl-1", "vpc-1", inactive), logOf("fl-2", "eni-a")],
      "INSUFFICIENT_DATA MALFORMED_RESPONSE",
    ],
  ])("where %s", async (_where, flowLogs, expected) => {
    const { verdicts } = await judgeRegion(rule, { vpcs: [UNNAMED, OTHER], flowLogs });
    expect(outlineOf(verdicts)[0]).toBe(`vpc-1 ${expected}`);
  });
});

describe("a VPC of another account", () => {
  const SHARED = vpcOf("vpc-1", [], { ownerId: "999" });

  test("is not applicable, with its owner", async () => {
    const { verdicts } = await judgeRegion(rule, { vpcs: [SHARED], flowLogs: [] });
    expect(outlineOf(verdicts)).toEqual(["vpc-1 NOT_APPLICABLE SHARED_BY_OWNER"]);
    expect(messagesOf(verdicts)).toContain("999");
  });

  test("is not known to be one where the account is not: without a flow log its state is unknown", async () => {
    const vpcs = [SHARED, vpcOf("vpc-2", ["vsw-a", "vsw-b"], { ownerId: "999" }), vpcOf("vpc-3")];
    const flowLogs = [logOf("fl-1", "vsw-a")];
    const { verdicts } = await judgeRegion(rule, { vpcs, flowLogs, accountId: null });
    expect(outlineOf(verdicts)).toEqual([
      "vpc-1 INSUFFICIENT_DATA STATE_UNKNOWN",
      "vpc-2 NON_COMPLIANT PARTLY_COVERED",
      "vpc-3 NON_COMPLIANT NO_FLOW_LOG",
    ]);
    expect(messagesOf(verdicts)).toContain("The audited account could not be identified");
  });

  test("is not known to be one where the account is assumed, which proves its own alone", async () => {
    const vpcs = [SHARED, vpcOf("vpc-2", [], { ownerId: ACCOUNT_ID })];
    const { verdicts } = await judgeRegion(rule, { vpcs, accountAssumed: true });
    expect(outlineOf(verdicts)).toEqual([
      "vpc-1 INSUFFICIENT_DATA STATE_UNKNOWN",
      "vpc-2 NON_COMPLIANT NO_FLOW_LOG",
    ]);
  });

  test("is told by the account, which is asked for only where a VPC names an owner", async () => {
    const own = await judgeRegion(rule, { vpcs: [vpcOf("vpc-1", [], { ownerId: ACCOUNT_ID })] });
    expect(outlineOf(own.verdicts)).toEqual(["vpc-1 NON_COMPLIANT NO_FLOW_LOG"]);
    expect(own.asked).toContain("GetCallerIdentity");
    const unnamed = await judgeRegion(rule, { vpcs: [vpcOf("vpc-1")] });
    expect(unnamed.asked).not.toContain("GetCallerIdentity");
  });
});

test("thousands of inactive flow logs on interfaces are judged in a moment", async () => {
  const count = 8_000;
  const interfaces = Array.from({ length: count }, (_item, i) =>
    interfaceOf(`eni-${i}`, i < count / 2 ? "vsw-a" : "vsw-b"),
  );
  const flowLogs = interfaces.map(({ networkInterfaceId: id, vSwitchId }) =>
    logOf(`fl-${id}`, id, { status: vSwitchId === "vsw-a" ? "Active" : "Inactive" }),
  );
  const startedMs = performance.now();
  const { verdicts } = await judgeRegion(rule, {
    vpcs: [vpcOf("vpc-1", ["vsw-a", "vsw-b"])],
    flowLogs,
    interfaces,
  });
  expect(outlineOf(verdicts)).toEqual(["vpc-1 NON_COMPLIANT PARTLY_COVERED"]);
  // Looked at pair by pair, they take several seconds.
  expect(performance.now() - startedMs).toBeLessThan(2_000);
});
