import { describe, expect, test } from "vitest";

import type { RegionReader } from "../../../shared/audit/region-reader.ts";
import { startTimeBudget } from "../../../shared/retry/time-budget.ts";
import { CloudRegionReader } from "../../../shared/run/region-reader.ts";
import { type Emulator, startEmulator } from "../../emulator/emulator.ts";
import { askCloud } from "../../harness/ask-cloud.ts";

const vpcsUpTo = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ vpcId: `vpc-${String(index).padStart(3, "0")}` }));

/** Reads a region as rules do. */
async function readRegion<T>(
  emulator: Emulator,
  read: (region: RegionReader) => Promise<T>,
): Promise<T> {
  return askCloud(emulator, async (cloud) => {
    const deadline = startTimeBudget(20_000, "DEADLINE_EXCEEDED");
    const region = new CloudRegionReader(cloud, "cn-a", async () => null, {
      policy: { maxAttempts: 4, baseDelayMs: 1, maxDelayMs: 1 },
      timeoutMs: 10_000,
      attemptTimeoutMs: 3_000,
      deadline,
      clock: () => new Date(0),
    });
    try {
      return await read(region);
    } finally {
      region.release();
      deadline.release();
    }
  });
}

function callsOf({ requests }: Emulator): Readonly<Record<string, number>> {
  const calls: Record<string, number> = {};
  for (const { action } of requests) calls[action] = (calls[action] ?? 0) + 1;
  return calls;
}

test("200 VPCs and 600 flow logs take 4 and 12 calls, also where they are asked for twice", async () => {
  const flowLogs = Array.from({ length: 600 }, (_, index) => ({
    flowLogId: `fl-${index}`,
    resourceType: "VPC",
    resourceId: `vpc-${index % 200}`,
  }));
  await using emulator = await startEmulator({
    regions: { "cn-a": { activated: true, vpcs: vpcsUpTo(200), flowLogs } },
  });
  await readRegion(emulator, async (region) => {
    expect((await region.vpcs()).value).toHaveLength(200);
    expect((await region.flowLogs()).value).toHaveLength(600);
    await Promise.all([region.vpcs(), region.flowLogs()]);
  });
  expect(callsOf(emulator)).toEqual({ DescribeVpcs: 4, DescribeFlowLogs: 12 });
});

describe("a list that changes while it is read", () => {
  test("is read again, so that the item that moved is not missed", async () => {
    const vpcs = vpcsUpTo(120);
    let asked = 0;
    await using emulator = await startEmulator({
      regions: { "cn-a": { activated: true, vpcs } },
      onRequest() {
        asked += 1;
        // After the first page, which had it.
        if (asked === 2) vpcs.shift();
      },
    });
    const { value } = await readRegion(emulator, async (region) => region.vpcs());
    expect(value.map(({ vpcId }) => vpcId)).toEqual(vpcs.map(({ vpcId }) => vpcId));
    expect(callsOf(emulator)).toEqual({ DescribeVpcs: 2 + 3 });
  });

  test("without an end counts as unread", async () => {
    const vpcs = vpcsUpTo(120);
    await using emulator = await startEmulator({
      regions: { "cn-a": { activated: true, vpcs } },
      onRequest: ({ query }) => {
        if (query["PageNumber"] === "2") vpcs.shift();
      },
    });
    await expect(readRegion(emulator, async (region) => region.vpcs())).rejects.toMatchObject({
      code: "LIST_UNSTABLE",
    });
  });

  test("by tokens is read on, without a gap", async () => {
    const networkInterfaces = Array.from({ length: 1_200 }, (_, index) => ({
      networkInterfaceId: `eni-${String(index).padStart(4, "0")}`,
      vpcId: "vpc-1",
      vSwitchId: "vsw-1",
    }));
    const ids = networkInterfaces.map(({ networkInterfaceId }) => networkInterfaceId);
    await using emulator = await startEmulator({
      regions: { "cn-a": { activated: true, networkInterfaces } },
      onRequest: ({ query }) => {
        // The last one of the first page goes.
        if (query["NextToken"] !== undefined) networkInterfaces.splice(499, 1);
      },
    });
    const { value } = await readRegion(emulator, async (region) => region.networkInterfaces());
    const read = new Set(value.map(({ networkInterfaceId }) => networkInterfaceId));
    expect(ids.filter((id) => !read.has(id))).toEqual([]);
    expect(callsOf(emulator)).toEqual({ DescribeNetworkInterfaces: 3 });
  });
});

test("a fault on a page costs one more attempt of that page", async () => {
  await using emulator = await startEmulator({
    regions: {
      "cn-a": {
        activated: true,
        vpcs: vpcsUpTo(60),
        faults: { DescribeVpcs: { kind: "throttled", times: 1 } },
      },
    },
  });
  const { value, evidence } = await readRegion(emulator, async (region) => region.vpcs());
  expect(value).toHaveLength(60);
  expect(evidence).toMatchObject({ attempts: 3, httpStatus: 200 });
});
