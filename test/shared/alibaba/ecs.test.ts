import { expect, test } from "vitest";

import { readProxy } from "../../../shared/http/proxy-settings.ts";
import { createTransport } from "../../../shared/http/transport.ts";
import { type Emulator, startEmulator } from "../../emulator/emulator.ts";
import type { RegionSeed } from "../../emulator/world.ts";
import { askCloud, type AskOptions } from "../../harness/ask-cloud.ts";
import { startConnectProxy } from "../../harness/connect-proxy.ts";
import { NO_ENDPOINTS } from "../../harness/endpoints-at.ts";

async function startRegion(seed: Omit<RegionSeed, "activated">): Promise<Emulator> {
  return startEmulator({ regions: { "cn-a": { activated: true, ...seed } } });
}

async function listNetworkInterfaces(
  emulator: Emulator,
  token: string | null = null,
  options: AskOptions = {},
) {
  return askCloud(
    emulator,
    async (cloud, limit) => cloud.listNetworkInterfaces("cn-a", token, limit),
    options,
  );
}

const INTERFACES = Array.from({ length: 1_001 }, (_, index) => ({
  networkInterfaceId: `eni-${String(index).padStart(4, "0")}`,
  vpcId: "vpc-1",
  vSwitchId: "vsw-1",
}));

test("lists network interfaces by tokens, 500 at once", async () => {
  await using emulator = await startRegion({ networkInterfaces: INTERFACES });
  const found = [];
  let token: string | null = null;
  do {
    const { value }: Awaited<ReturnType<typeof listNetworkInterfaces>> =
      await listNetworkInterfaces(emulator, token);
    found.push(...value.items);
    token = value.nextToken;
  } while (token !== null);
  expect(found).toEqual(INTERFACES);
  expect(emulator.requests.map(({ query }) => query)).toEqual([
    { RegionId: "cn-a", MaxResults: "500" },
    { RegionId: "cn-a", MaxResults: "500", NextToken: expect.any(String) },
    { RegionId: "cn-a", MaxResults: "500", NextToken: expect.any(String) },
  ]);
});

test("a region without interfaces has one page", async () => {
  await using emulator = await startRegion({});
  expect((await listNetworkInterfaces(emulator)).value).toEqual({ items: [], nextToken: null });
});

const ITEM = { NetworkInterfaceId: "eni-1", VpcId: "vpc-1", VSwitchId: "vsw-1" };
const bodyWith = (...NetworkInterfaceSet: object[]) => ({
  NetworkInterfaceSets: { NetworkInterfaceSet },
});

test.each([[{}], [{ NextToken: null }], [{ NextToken: "" }]])(
  "a page with %j is the last one",
  async (fields) => {
    const text = JSON.stringify({ ...bodyWith(ITEM), ...fields });
    await using emulator = await startRegion({
      faults: { DescribeNetworkInterfaces: { kind: "body", status: 200, text } },
    });
    expect((await listNetworkInterfaces(emulator)).value.nextToken).toBeNull();
  },
);

test.each([
  [{}],
  [{ NetworkInterfaceSets: null }],
  [{ NetworkInterfaceSets: {} }],
  [{ NetworkInterfaceSets: { NetworkInterfaceSet: ITEM } }],
  [{ NetworkInterfaceSets: { NetworkInterfaceSet: null } }],
  [bodyWith({ ...ITEM, NetworkInterfaceId: "" })],
  [bodyWith({ ...ITEM, VpcId: undefined })],
  [bodyWith({ ...ITEM, VSwitchId: "vsw 1" })],
  [bodyWith(...Array.from({ length: 501 }, () => ITEM))],
  [{ ...bodyWith(ITEM), NextToken: 7 }],
])("malformed: %j", async (body) => {
  const text = JSON.stringify(body);
  await using emulator = await startRegion({
    faults: { DescribeNetworkInterfaces: { kind: "body", status: 200, text } },
  });
  await expect(listNetworkInterfaces(emulator)).rejects.toMatchObject({
    code: "MALFORMED_RESPONSE",
    message: expect.stringContaining("The answer is not one of ecs:DescribeNetworkInterfaces: "),
  });
});

test("goes through the proxy", async () => {
  await using proxy = await startConnectProxy({ answer: 403 });
  await using emulator = await startRegion({});
  using transport = createTransport(readProxy({ HTTPS_PROXY: proxy.host }).proxy);
  const options = { transport, endpoints: NO_ENDPOINTS };
  await expect(listNetworkInterfaces(emulator, null, options)).rejects.toMatchObject({
    code: "UNREACHABLE",
  });
  expect(proxy.connects.map(({ target }) => target)).toEqual(["ecs.cn-a.aliyuncs.com:443"]);
});
