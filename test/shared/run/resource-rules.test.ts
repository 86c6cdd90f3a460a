import { describe, expect, test } from "vitest";

import type { Report } from "../../../shared/audit/report.ts";
import { RULE_IDS } from "../../../shared/rules/rule-ids.ts";
import { loadRules } from "../../../shared/rules/rules.ts";
import { type Emulator, startEmulator } from "../../emulator/emulator.ts";
import type { FlowLogSeed, RegionSeed, VpcSeed, World } from "../../emulator/world.ts";
import { type AuditOverrides, auditEmulator } from "../../harness/audit-emulator.ts";

/** As many VPCs as asked for, each with two vSwitches. */
function vpcs(count: number): VpcSeed[] {
  return Array.from({ length: count }, (_, index) => ({
    vpcId: `vpc-${index}`,
    vSwitchIds: [`vsw-${index}-a`, `vsw-${index}-b`],
  }));
}

/** A flow log on a resource of the type that its id begins with. */
function flowLogOn(resourceId: string, more: Partial<FlowLogSeed> = {}): FlowLogSeed {
  const types = { vpc: "VPC", vsw: "VSwitch", eni: "NetworkInterface" };
  const [, prefix = ""] = /^(\w+)-/.exec(resourceId) ?? [];
  const resourceType = new Map(Object.entries(types)).get(prefix) ?? "";
  return { flowLogId: `fl-${resourceId}`, resourceType, resourceId, ...more };
}

interface Audited {
  readonly report: Report;
  readonly requests: Emulator["requests"];
}

/** Audits one region with every rule, or with those given. */
async function audit(
  region: Partial<RegionSeed>,
  ruleIds: readonly string[] = RULE_IDS,
  overrides: AuditOverrides = {},
  world: Partial<World> = {},
): Promise<Audited> {
  const regions = { "cn-a": { activated: true, ...region } };
  await using emulator = await startEmulator({ ...world, regions });
  const rules = await loadRules(ruleIds);
  const report = await auditEmulator(emulator, { rules, ...overrides });
  return { report, requests: emulator.requests };
}

/** `rule resource status reason` of each finding. */
function outline({ findings }: Report): string[] {
  return findings.map(({ ruleId, resource, status, reason }) =>
    [ruleId, resource?.id ?? "-", status, reason.code].join(" "),
  );
}

function callsOf(requests: Emulator["requests"], action: string): number {
  return requests.filter((request) => request.action === action).length;
}

const KEPT = { "flow-logs/vpc": 365 };

describe("what the service being activated does not prove", () => {
  const covered = vpcs(12);
  const onAllBut = (vpcId: string) =>
    covered.filter((vpc) => vpc.vpcId !== vpcId).map((vpc) => flowLogOn(vpc.vpcId));

  test.each<[string, readonly FlowLogSeed[], string]>([
    [
      "a VPC without a flow log",
      onAllBut("vpc-3"),
      "vpc-flow-log-active vpc-3 NON_COMPLIANT NO_FLOW_LOG",
    ],
    [
      "an inactive flow log",
      [...onAllBut("vpc-3"), flowLogOn("vpc-3", { status: "Inactive" })],
      "vpc-flow-log-active vpc-3 NON_COMPLIANT FLOW_LOG_INACTIVE",
    ],
    [
      "a failed delivery",
      [
        ...onAllBut("vpc-3"),
        flowLogOn("vpc-3", { deliverStatus: "FAILED", deliverError: "UnavaliableTarget" }),
      ],
      "vpc-flow-log-delivered vpc-3 NON_COMPLIANT DELIVERY_FAILED",
    ],
    [
      "a twelfth VPC without one",
      onAllBut("vpc-11"),
      "vpc-flow-log-active vpc-11 NON_COMPLIANT NO_FLOW_LOG",
    ],
  ])("%s has its reason, and no other VPC has one", async (_what, flowLogs, expected) => {
    const region = { vpcs: covered, flowLogs, logStores: KEPT };
    const { report } = await audit(region);
    const open = outline(report).filter((line) => line.includes("NON_COMPLIANT"));
    expect(open).toEqual([expected]);
    expect(report.summary).toMatchObject({ nonCompliant: 1, insufficientData: 0 });
    const { report: byDefault } = await audit(region, ["flow-log-service-activated"]);
    expect(outline(byDefault)).toEqual(["flow-log-service-activated - COMPLIANT ACTIVATED"]);
  });

  test("is all compliant where each VPC is covered, delivered and kept", async () => {
    const flowLogs = covered.map(({ vpcId }) => flowLogOn(vpcId));
    const { report } = await audit({ vpcs: covered, flowLogs, logStores: KEPT });
    expect(report.summary).toMatchObject({ total: 38, compliant: 38 });
    expect(report.findings.at(-1)?.evidence).toMatchObject({ httpStatus: 200, attempts: 1 });
  });
});

describe("lists", () => {
  test("of 200 VPCs and 600 flow logs cost 4 and 12 calls, for all rules together", async () => {
    const many = vpcs(200);
    const flowLogs = many.flatMap(({ vpcId, vSwitchIds = [] }) =>
      [vpcId, ...vSwitchIds].map((id) => flowLogOn(id)),
    );
    const { report, requests } = await audit({ vpcs: many, flowLogs, logStores: KEPT });
    expect(report.summary).toMatchObject({ total: 602, compliant: 602 });
    expect(callsOf(requests, "DescribeVpcs")).toBe(4);
    expect(callsOf(requests, "DescribeFlowLogs")).toBe(12);
    expect(callsOf(requests, "DescribeNetworkInterfaces")).toBe(0);
    expect(callsOf(requests, "GetLogStore")).toBe(1);
    expect(callsOf(requests, "GetFlowLogServiceStatus")).toBe(1);
  });

  test("are not asked for by the default rule", async () => {
    const { requests } = await audit({ vpcs: vpcs(1) }, ["flow-log-service-activated"]);
    expect([...new Set(requests.map(({ action }) => action))].toSorted()).toEqual([
      "GetCallerIdentity",
      "GetFlowLogServiceStatus",
    ]);
  });

  test("of flow logs are not read in a region without VPCs", async () => {
    const { report, requests } = await audit({});
    expect(outline(report)).toEqual([
      "flow-log-retention - NOT_APPLICABLE NO_RESOURCES",
      "flow-log-service-activated - COMPLIANT ACTIVATED",
      "vpc-flow-log-active - NOT_APPLICABLE NO_RESOURCES",
      "vpc-flow-log-complete - NOT_APPLICABLE NO_RESOURCES",
      "vpc-flow-log-delivered - NOT_APPLICABLE NO_RESOURCES",
    ]);
    expect(callsOf(requests, "DescribeFlowLogs")).toBe(0);
  });

  test.each(["DescribeVpcs", "DescribeFlowLogs"])(
    "that fail as %s are one finding a rule, and the other rules go on",
    async (action) => {
      const many = vpcs(3);
      const flowLogs = many.map(({ vpcId }) => flowLogOn(vpcId));
      const faults = { [action]: { kind: "denied" } as const };
      const { report } = await audit({ vpcs: many, flowLogs, logStores: KEPT, faults });
      expect(outline(report)).toEqual([
        "flow-log-retention - INSUFFICIENT_DATA ACCESS_DENIED",
        "flow-log-service-activated - COMPLIANT ACTIVATED",
        "vpc-flow-log-active - INSUFFICIENT_DATA ACCESS_DENIED",
        "vpc-flow-log-complete - INSUFFICIENT_DATA ACCESS_DENIED",
        "vpc-flow-log-delivered - INSUFFICIENT_DATA ACCESS_DENIED",
      ]);
      const unread = report.findings.filter(({ status }) => status === "INSUFFICIENT_DATA");
      for (const { reason } of unread) expect(reason.message).toContain(`vpc:${action}`);
    },
  );

  test("that fail for a moment are read all the same", async () => {
    const many = vpcs(60);
    const faults = {
      DescribeVpcs: { kind: "throttled", times: 2 },
      DescribeFlowLogs: { kind: "reset", times: 1 },
    } as const;
    const { report, requests } = await audit({ vpcs: many, faults }, ["vpc-flow-log-active"]);
    expect(report.summary).toMatchObject({ total: 60, nonCompliant: 60 });
    expect(callsOf(requests, "DescribeVpcs")).toBe(4);
    expect(report.findings[0]?.evidence.attempts).toBe(2);
  });
});

describe("lists that change while they are read", () => {
  /** Removes the region's first VPC before each of the given requests for VPCs. */
  function losing(
    list: VpcSeed[],
    beforeCalls: readonly number[],
  ): NonNullable<World["onRequest"]> {
    let calls = 0;
    return ({ action }) => {
      if (action !== "DescribeVpcs") return;
      calls += 1;
      if (beforeCalls.includes(calls)) list.shift();
    };
  }

  test("once are read again, and no VPC is missed", async () => {
    const list = vpcs(120);
    const onRequest = losing(list, [2]);
    const { report } = await audit({ vpcs: list }, ["vpc-flow-log-active"], {}, { onRequest });
    const ids = new Set(report.findings.map(({ resource }) => resource?.id));
    expect(ids).toEqual(new Set(list.map(({ vpcId }) => vpcId)));
    expect(report.findings).toHaveLength(119);
    expect(ids).toContain("vpc-50");
  });

  test("each time are unstable, and the region is unreadable for each rule that needs them", async () => {
    const list = vpcs(120);
    const onRequest = losing(list, [2, 4, 6]);
    const { report } = await audit({ vpcs: list }, RULE_IDS, {}, { onRequest });
    expect(outline(report)).toEqual([
      "flow-log-retention - INSUFFICIENT_DATA LIST_UNSTABLE",
      "flow-log-service-activated - COMPLIANT ACTIVATED",
      "vpc-flow-log-active - INSUFFICIENT_DATA LIST_UNSTABLE",
      "vpc-flow-log-complete - INSUFFICIENT_DATA LIST_UNSTABLE",
      "vpc-flow-log-delivered - INSUFFICIENT_DATA LIST_UNSTABLE",
    ]);
  });
});

describe("network interfaces", () => {
  const networkInterfaces = [
    { networkInterfaceId: "eni-1", vpcId: "vpc-0", vSwitchId: "vsw-0-a" },
    { networkInterfaceId: "eni-2", vpcId: "vpc-0", vSwitchId: "vsw-0-b" },
  ];

  test("are listed once for all rules, where a flow log on one may decide", async () => {
    const flowLogs = [flowLogOn("vsw-0-a"), flowLogOn("eni-2"), flowLogOn("vpc-1")];
    const region = { vpcs: vpcs(2), flowLogs, networkInterfaces, logStores: KEPT };
    const { report, requests } = await audit(region);
    expect(report.summary).toMatchObject({ total: 8, compliant: 8 });
    expect(callsOf(requests, "DescribeNetworkInterfaces")).toBe(1);
  });

  test("that are refused leave only those VPCs unreadable that need them", async () => {
    const flowLogs = [flowLogOn("vsw-0-a"), flowLogOn("eni-2"), flowLogOn("vpc-1")];
    const faults = { DescribeNetworkInterfaces: { kind: "denied" } as const };
    const region = { vpcs: vpcs(2), flowLogs, networkInterfaces, faults };
    const { report } = await audit(region, ["vpc-flow-log-active"]);
    expect(outline(report)).toEqual([
      "vpc-flow-log-active vpc-0 INSUFFICIENT_DATA ACCESS_DENIED",
      "vpc-flow-log-active vpc-1 COMPLIANT FLOW_LOG_ACTIVE",
    ]);
    expect(report.findings[0]?.reason.message).toContain("ecs:DescribeNetworkInterfaces");
  });

  test("of more than one page are all read", async () => {
    const more = Array.from({ length: 1_001 }, (_, index) => ({
      networkInterfaceId: `eni-${index}`,
      vpcId: "vpc-0",
      vSwitchId: "vsw-0-a",
    }));
    const flowLogs = [
      flowLogOn("vsw-0-b"),
      ...more.map(({ networkInterfaceId }) => flowLogOn(networkInterfaceId)),
    ];
    const region = { vpcs: vpcs(1), flowLogs, networkInterfaces: more };
    const { report, requests } = await audit(region, ["vpc-flow-log-active"]);
    expect(outline(report)).toEqual(["vpc-flow-log-active vpc-0 COMPLIANT FLOW_LOG_ACTIVE"]);
    expect(callsOf(requests, "DescribeNetworkInterfaces")).toBe(3);
  });
});

describe("log stores", () => {
  const two = vpcs(2);
  const toStore = (logStoreName: string, more: Partial<FlowLogSeed> = {}) => [
    flowLogOn("vpc-0", { logStoreName, ...more }),
    flowLogOn("vpc-1", { flowLogId: "fl-b", logStoreName: "kept" }),
  ];
  const logStores = { "flow-logs/kept": 365, "flow-logs/short": 30, "flow-logs/forever": 3_650 };

  test.each<[string, FlowLogSeed[], string]>([
    ["short", toStore("short"), "flow-logs/short NON_COMPLIANT RETENTION_TOO_SHORT"],
    ["kept for ever", toStore("forever"), "flow-logs/forever COMPLIANT RETENTION_SUFFICIENT"],
    [
      "missing",
      toStore("gone", { deliverStatus: "FAILED", deliverError: "ProjectNotExist" }),
      "flow-logs/gone NON_COMPLIANT LOG_STORE_MISSING",
    ],
    [
      "not found, though logs arrive",
      toStore("gone"),
      "flow-logs/gone INSUFFICIENT_DATA STATE_UNKNOWN",
    ],
    [
      "not found, and the log service made the flow log",
      toStore("gone", { deliverStatus: null, serviceType: "sls" }),
      "flow-logs/gone INSUFFICIENT_DATA STATE_UNKNOWN",
    ],
  ])("one that is %s", async (_what, flowLogs, expected) => {
    const { report } = await audit({ vpcs: two, flowLogs, logStores }, ["flow-log-retention"]);
    expect(outline(report)).toContain(`flow-log-retention ${expected}`);
    expect(outline(report)).toContain(
      "flow-log-retention flow-logs/kept COMPLIANT RETENTION_SUFFICIENT",
    );
  });

  test("are unreadable by themselves where they are refused", async () => {
    const faults = { GetLogStore: { kind: "error", status: 401, code: "Unauthorized" } } as const;
    const flowLogs = toStore("short");
    const { report } = await audit({ vpcs: two, flowLogs, logStores, faults });
    const retention = report.findings.filter(({ ruleId }) => ruleId === "flow-log-retention");
    expect(retention).toHaveLength(2);
    for (const { status, reason, resource } of retention) {
      expect(status).toBe("INSUFFICIENT_DATA");
      expect(reason.code).toBe("ACCESS_DENIED");
      expect(reason.message).toContain("log:GetLogStore");
      expect(resource?.type).toBe("ACS::SLS::LogStore");
    }
  });

  test("without an active flow log are one finding about the region", async () => {
    const flowLogs = [flowLogOn("vpc-0", { status: "Inactive" })];
    const { report } = await audit({ vpcs: two, flowLogs }, ["flow-log-retention"]);
    expect(outline(report)).toEqual(["flow-log-retention - NOT_APPLICABLE NO_ACTIVE_FLOW_LOG"]);
  });
});

describe("a VPC that another account shares", () => {
  const region = { vpcs: vpcs(1).map((vpc) => ({ ...vpc, ownerId: "1999999999999999" })) };

  test("is not applicable, with its owner", async () => {
    const { report } = await audit(region, ["vpc-flow-log-active"]);
    expect(outline(report)).toEqual(["vpc-flow-log-active vpc-0 NOT_APPLICABLE SHARED_BY_OWNER"]);
    expect(report.findings[0]?.reason.message).toContain("1999999999999999");
  });

  test("is unreadable where the account cannot be learnt, and never a false alarm", async () => {
    const world = { faults: { GetCallerIdentity: { kind: "json-500" } as const } };
    const { report } = await audit(region, ["vpc-flow-log-active"], {}, world);
    expect(report.scope.accounts).toEqual(["unknown"]);
    expect(outline(report)).toEqual(["vpc-flow-log-active vpc-0 INSUFFICIENT_DATA STATE_UNKNOWN"]);
  });
});
