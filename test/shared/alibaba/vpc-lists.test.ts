import { $OpenApiUtil } from "@alicloud/openapi-core";
import VpcSdk from "@alicloud/vpc20160428";
import { RuntimeOptions } from "@darabonba/typescript";
import { describe, expect, test } from "vitest";

import { type FlowLog, isOwnedBy, type Vpc } from "../../../shared/audit/flow-log.ts";
import { type Emulator, startEmulator } from "../../emulator/emulator.ts";
import type { RegionSeed } from "../../emulator/world.ts";
import { askCloud } from "../../harness/ask-cloud.ts";

async function startRegion(seed: Omit<RegionSeed, "activated">): Promise<Emulator> {
  return startEmulator({ regions: { "cn-a": { activated: true, ...seed } } });
}

async function listVpcs(emulator: Emulator, pageNumber = 1) {
  return askCloud(emulator, async (cloud, limit) => cloud.listVpcs("cn-a", pageNumber, limit));
}

async function listFlowLogs(emulator: Emulator, pageNumber = 1) {
  return askCloud(emulator, async (cloud, limit) => cloud.listFlowLogs("cn-a", pageNumber, limit));
}

/** What a body with other fields in its only item is read as. */
async function readVpc(fields: object): Promise<Vpc | undefined> {
  const Vpc = [{ VpcId: "vpc-1", VSwitchIds: { VSwitchId: [] }, ...fields }];
  await using emulator = await bodyOf("DescribeVpcs", { Vpcs: { Vpc }, TotalCount: 1 });
  return (await listVpcs(emulator)).value.items[0];
}

const FLOW_LOG = {
  FlowLogId: "fl-1",
  ResourceType: "VPC",
  ResourceId: "vpc-1",
  Status: "Active",
  TrafficType: "All",
};

async function readFlowLog(fields: object): Promise<FlowLog | undefined> {
  const FlowLogs = { FlowLog: [{ ...FLOW_LOG, ...fields }] };
  await using emulator = await bodyOf("DescribeFlowLogs", { FlowLogs, TotalCount: "1" });
  return (await listFlowLogs(emulator)).value.items[0];
}

/** A cloud that answers with a body, or with its text. */
async function bodyOf(action: string, body: object | string): Promise<Emulator> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const fault = { kind: "body", status: 200, text } as const;
  return startRegion({ faults: { [action]: fault } });
}

describe("VPCs", () => {
  test("with what rules need of them", async () => {
    await using emulator = await startRegion({
      vpcs: [
        { vpcId: "vpc-1", name: "prod", vSwitchIds: ["vsw-1", "vsw-2"], enabledIpv6: true },
        { vpcId: "vpc-2", ownerId: "2000000000000002" },
      ],
    });
    const { value, exchange } = await listVpcs(emulator);
    expect(value).toEqual({
      totalCount: 2,
      items: [
        {
          vpcId: "vpc-1",
          name: "prod",
          ownerId: emulator.world.accountId,
          vSwitchIds: ["vsw-1", "vsw-2"],
          enabledIpv6: true,
        },
        {
          vpcId: "vpc-2",
          name: undefined,
          ownerId: "2000000000000002",
          vSwitchIds: [],
          enabledIpv6: false,
        },
      ],
    } satisfies typeof value);
    expect(exchange).toEqual({
      requestId: expect.stringMatching(/^[\dA-F-]{36}$/),
      endpoint: new URL(emulator.endpoint).host,
      httpStatus: 200,
    });
  });

  test.each([
    ["an absent owner", {}, { ownerId: undefined }],
    ["a null owner", { OwnerId: null }, { ownerId: undefined }],
    ["an owner as text", { OwnerId: "1234567890123456" }, { ownerId: "1234567890123456" }],
    ["an absent name", {}, { name: undefined }],
    ["an empty name", { VpcName: "" }, { name: undefined }],
    ["IPv6 as text", { EnabledIpv6: "false" }, { enabledIpv6: false }],
    ["IPv6 as text", { EnabledIpv6: "true" }, { enabledIpv6: true }],
    ["IPv6 that is no truth value", { EnabledIpv6: 1 }, { enabledIpv6: false }],
    ["absent vSwitches", { VSwitchIds: undefined }, { vSwitchIds: undefined }],
    ["null vSwitches", { VSwitchIds: null }, { vSwitchIds: undefined }],
    ["a list of vSwitches without any", { VSwitchIds: {} }, { vSwitchIds: undefined }],
  ])("%s: %j", async (_what, fields, expected) => {
    expect(await readVpc(fields)).toMatchObject(expected);
  });

  test.each([0, "0", -1, 1.5, 1e21, "abc", " 1234567890123456", "0123"])(
    "of the owner %j, who is no account, have no owner",
    async (OwnerId) => {
      expect(await readVpc({ OwnerId })).toMatchObject({ ownerId: undefined });
    },
  );

  test("of an account whose id JSON rounds are known as its own", async () => {
    const text =
      '{"TotalCount":1,"Vpcs":{"Vpc":[{"VpcId":"vpc-1","VSwitchIds":{"VSwitchId":[]},"OwnerId":9876543210123457}]}}';
    await using emulator = await bodyOf("DescribeVpcs", text);
    const [vpc] = (await listVpcs(emulator)).value.items;
    if (vpc === undefined) throw new Error("the answer has one");
    expect(isOwnedBy(vpc, "9876543210123457")).toBe(true);
    expect(isOwnedBy(vpc, "1234567890123456")).toBe(false);
  });

  test("are asked for as the SDK's own method asks", async () => {
    await using emulator = await startRegion({ vpcs: [{ vpcId: "vpc-1" }] });
    await listVpcs(emulator, 3);
    await sdkClient(emulator).describeVpcsWithOptions(
      new VpcSdk.DescribeVpcsRequest({ regionId: "cn-a", pageNumber: 3, pageSize: 50 }),
      new RuntimeOptions({}),
    );
    const [ours, sdks] = requestsOf(emulator);
    expect(ours).toMatchObject({ action: "DescribeVpcs", query: { PageNumber: "3" } });
    expect(ours).toEqual(sdks);
  });
});

describe("flow logs", () => {
  test("with what rules need of them", async () => {
    await using emulator = await startRegion({
      flowLogs: [
        {
          flowLogId: "fl-1",
          resourceType: "VSwitch",
          resourceId: "vsw-1",
          status: "Inactive",
          trafficType: "Drop",
          trafficPaths: ["internetGateway", "vbr"],
          businessStatus: "FinancialLocked",
          deliverStatus: "FAILED",
          deliverError: "UnavaliableTarget",
          serviceType: "sls",
        },
        { flowLogId: "fl-2", resourceType: "VPC", resourceId: "vpc-1", deliverStatus: null },
      ],
    });
    const { value } = await listFlowLogs(emulator);
    expect(value).toEqual({
      totalCount: 2,
      items: [
        {
          flowLogId: "fl-1",
          resourceType: "VSwitch",
          resourceId: "vsw-1",
          status: "Inactive",
          trafficType: "Drop",
          trafficPaths: ["internetGateway", "vbr"],
          ipVersion: "IPv4",
          businessStatus: "FinancialLocked",
          deliverStatus: "FAILED",
          deliverError: "UnavaliableTarget",
          serviceType: "sls",
          projectName: "flow-logs",
          logStoreName: "vpc",
        },
        {
          flowLogId: "fl-2",
          resourceType: "VPC",
          resourceId: "vpc-1",
          status: "Active",
          trafficType: "All",
          trafficPaths: ["all"],
          ipVersion: "IPv4",
          businessStatus: "Normal",
          deliverStatus: undefined,
          deliverError: undefined,
          serviceType: undefined,
          projectName: "flow-logs",
          logStoreName: "vpc",
        },
      ],
    } satisfies typeof value);
  });

  test("without what the service leaves out", async () => {
    expect(await readFlowLog({})).toEqual({
      flowLogId: "fl-1",
      resourceType: "VPC",
      resourceId: "vpc-1",
      status: "Active",
      trafficType: "All",
      trafficPaths: [],
      ipVersion: undefined,
      businessStatus: undefined,
      deliverStatus: undefined,
      deliverError: undefined,
      serviceType: undefined,
      projectName: undefined,
      logStoreName: undefined,
    });
  });

  test.each([
    [{ TrafficPath: null }, { trafficPaths: [] }],
    [{ TrafficPath: {} }, { trafficPaths: [] }],
    [{ TrafficPath: { TrafficPathList: null } }, { trafficPaths: [] }],
    [
      { ServiceType: "", FlowLogDeliverStatus: "" },
      { serviceType: undefined, deliverStatus: undefined },
    ],
    [{ ProjectName: "prod/x" }, { projectName: undefined }],
    [{ ProjectName: "a.evil.example" }, { projectName: undefined }],
    [{ ProjectName: "UPPER" }, { projectName: undefined }],
    [{ ProjectName: "ab" }, { projectName: undefined }],
    [{ ProjectName: "a".repeat(64) }, { projectName: undefined }],
    [{ ProjectName: "a".repeat(63) }, { projectName: "a".repeat(63) }],
    [{ LogStoreName: "../vpc" }, { logStoreName: undefined }],
    [{ LogStoreName: "v?x" }, { logStoreName: undefined }],
    [{ LogStoreName: "vpc_all-1" }, { logStoreName: "vpc_all-1" }],
    [{ Status: "Hibernating" }, { status: "Hibernating" }],
    [{ TrafficPath: [] }, { trafficPaths: [] }],
    [{ TrafficPath: { TrafficPathList: ["vbr"], Count: 1 } }, { trafficPaths: ["vbr"] }],
    [{ TrafficType: undefined }, { trafficType: "" }],
  ])("%j is read as %j", async (fields, expected) => {
    expect(await readFlowLog(fields)).toMatchObject(expected);
  });

  test.each([["vbr"], { TrafficPath: ["vbr"] }, { 0: "vbr" }, { TrafficPathList: "vbr" }, "vbr"])(
    "of the paths %j are malformed, and not of all paths",
    async (TrafficPath) => {
      await expect(readFlowLog({ TrafficPath })).rejects.toMatchObject({
        code: "MALFORMED_RESPONSE",
      });
    },
  );

  test("are asked for as the SDK's own method asks", async () => {
    await using emulator = await startRegion({});
    await listFlowLogs(emulator, 2);
    await sdkClient(emulator).describeFlowLogsWithOptions(
      new VpcSdk.DescribeFlowLogsRequest({ regionId: "cn-a", pageNumber: 2, pageSize: 50 }),
      new RuntimeOptions({}),
    );
    const [ours, sdks] = requestsOf(emulator);
    expect(ours).toMatchObject({ action: "DescribeFlowLogs", query: { PageNumber: "2" } });
    expect(ours).toEqual(sdks);
  });
});

function sdkClient({ endpoint, world }: Emulator) {
  const config = { ...world.keys[0], endpoint: new URL(endpoint).host, protocol: "HTTP" };
  return new VpcSdk.default(new $OpenApiUtil.Config(config));
}

function requestsOf({ requests }: Emulator) {
  return requests.map(({ userAgent: _userAgent, ...request }) => request);
}

test("a list has pages of 50, and each the total", async () => {
  const vpcs = Array.from({ length: 120 }, (_, index) => ({ vpcId: `vpc-${index}` }));
  const flowLogs = vpcs.map(({ vpcId }) => ({
    flowLogId: vpcId.replace("vpc", "fl"),
    resourceType: "VPC",
    resourceId: vpcId,
  }));
  await using emulator = await startRegion({ vpcs, flowLogs });
  for (const list of [listVpcs, listFlowLogs]) {
    const sizes = [];
    for (const pageNumber of [1, 2, 3, 4]) {
      const { items, totalCount } = (await list(emulator, pageNumber)).value;
      sizes.push([items.length, totalCount]);
    }
    expect(sizes).toEqual([
      [50, 120],
      [50, 120],
      [20, 120],
      [0, 120],
    ]);
  }
});

const VPC = { VpcId: "vpc-1", VSwitchIds: { VSwitchId: ["vsw-1"] } };
const ONE_VPC = { Vpcs: { Vpc: [VPC] } };
const ONE_FLOW_LOG = { FlowLogs: { FlowLog: [FLOW_LOG] } };

describe("a body that is not the operation's is malformed, and never an empty list", () => {
  test.each([
    [{}],
    [{ TotalCount: 0 }],
    [{ TotalCount: 0, Vpcs: null }],
    [{ TotalCount: 0, Vpcs: [] }],
    [{ TotalCount: 0, Vpcs: {} }],
    [{ TotalCount: 0, Vpcs: { Vpc: null } }],
    [{ TotalCount: 1, Vpcs: { Vpc: VPC } }],
    [{ TotalCount: 1, Vpcs: { Vpc: [null] } }],
    [{ TotalCount: 51, Vpcs: { Vpc: Array.from({ length: 51 }, () => VPC) } }],
    [ONE_VPC],
    [{ ...ONE_VPC, TotalCount: null }],
    [{ ...ONE_VPC, TotalCount: -1 }],
    [{ ...ONE_VPC, TotalCount: 1.5 }],
    [{ ...ONE_VPC, TotalCount: "" }],
    [{ ...ONE_VPC, TotalCount: "1e3" }],
    [{ ...ONE_VPC, TotalCount: "-1" }],
  ])("VPCs: %j", async (body) => {
    await using emulator = await bodyOf("DescribeVpcs", body);
    await expect(listVpcs(emulator)).rejects.toMatchObject({
      code: "MALFORMED_RESPONSE",
      message: expect.stringContaining("The answer is not one of vpc:DescribeVpcs: "),
    });
  });

  test.each([
    { VpcId: undefined },
    { VpcId: "" },
    { VpcId: "vpc-1; rm" },
    { VpcId: "vpc-1\n" },
    { VpcId: 1 },
    { VpcName: 1 },
    { OwnerId: {} },
    { VSwitchIds: { VSwitchId: "vsw-1" } },
    { VSwitchIds: { VSwitchId: ["vsw-1", ""] } },
    { VSwitchIds: { VSwitchId: ["$(id)"] } },
  ])("a VPC with %j", async (fields) => {
    await expect(readVpc(fields)).rejects.toMatchObject({ code: "MALFORMED_RESPONSE" });
  });

  test.each([
    [{ TotalCount: "0" }],
    [{ TotalCount: "0", FlowLogs: null }],
    [{ TotalCount: "0", FlowLogs: {} }],
    [{ TotalCount: "1", FlowLogs: { FlowLog: FLOW_LOG } }],
    [{ TotalCount: "51", FlowLogs: { FlowLog: Array.from({ length: 51 }, () => FLOW_LOG) } }],
    [ONE_FLOW_LOG],
    [{ ...ONE_FLOW_LOG, TotalCount: "many" }],
  ])("flow logs: %j", async (body) => {
    await using emulator = await bodyOf("DescribeFlowLogs", body);
    await expect(listFlowLogs(emulator)).rejects.toMatchObject({ code: "MALFORMED_RESPONSE" });
  });

  test.each([
    { FlowLogId: undefined },
    { FlowLogId: "fl 1" },
    { ResourceType: "" },
    { ResourceId: "vpc-1'" },
    { Status: null },
    { Status: 1 },
    { TrafficType: 1 },
    { TrafficPath: "all" },
    { TrafficPath: { TrafficPathList: "all" } },
    { TrafficPath: { TrafficPathList: [""] } },
    { ProjectName: 1 },
    { ServiceType: false },
  ])("a flow log with %j", async (fields) => {
    await expect(readFlowLog(fields)).rejects.toMatchObject({ code: "MALFORMED_RESPONSE" });
  });
});

test.each([
  [{ Success: "false" }, "SERVICE_ERROR"],
  [{ Success: "true", Code: "Throttling.User" }, "THROTTLED"],
])("%j beside a list is a failure", async (fields, code) => {
  const body = { ...ONE_FLOW_LOG, TotalCount: "1", ...fields };
  await using emulator = await bodyOf("DescribeFlowLogs", body);
  await expect(listFlowLogs(emulator)).rejects.toMatchObject({ code });
});
