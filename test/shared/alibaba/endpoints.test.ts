import dns from "node:dns";

import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { AlibabaCloud } from "../../../shared/alibaba/alibaba-cloud.ts";
import { AlibabaOrganization } from "../../../shared/alibaba/alibaba-organization.ts";
import type { CallLimit } from "../../../shared/audit/cloud.ts";
import { createTransport } from "../../../shared/http/transport.ts";
import { startTimeBudget } from "../../../shared/retry/time-budget.ts";
import { NO_ENDPOINTS } from "../../harness/endpoints-at.ts";

/** The hosts whose names were looked up. There is no network in the tests: none has an address. */
let lookedUp: string[];

beforeEach(() => {
  lookedUp = [];
  vi.spyOn(dns, "lookup").mockImplementation(((
    hostname: string,
    _options: unknown,
    callback: (error: Error) => void,
  ) => {
    lookedUp.push(hostname);
    process.nextTick(callback, Object.assign(new Error(`no ${hostname}`), { code: "ENOTFOUND" }));
  }) as typeof dns.lookup);
});
afterEach(() => {
  vi.restoreAllMocks();
});

const CREDENTIALS = { accessKeyId: "id", accessKeySecret: "secret" };
const OPTIONS = {
  endpoints: NO_ENDPOINTS,
  homeRegionId: "cn-hangzhou",
  runId: "run",
  acceptLanguage: "en-US",
  userAgent: "test",
  transport: createTransport(null),
} as const;
const CLOUD = new AlibabaCloud({ ...OPTIONS, credentials: CREDENTIALS });
const ORGANIZATION = new AlibabaOrganization({
  ...OPTIONS,
  credentials: async () => CREDENTIALS,
  clock: () => new Date(),
});

test.each([
  ["cn-hangzhou", "vpc.aliyuncs.com"],
  ["cn-wuhan", "vpc.aliyuncs.com"],
  ["cn-shanghai", "vpc.cn-shanghai.aliyuncs.com"],
  ["ap-southeast-1", "vpc.ap-southeast-1.aliyuncs.com"],
])("%s is asked at %s, as the SDK knows it", async (regionId, host) => {
  const limit = startTimeBudget(5_000, "TIMEOUT");
  await expect(CLOUD.isFlowLogServiceActivated(regionId, limit)).rejects.toMatchObject({
    code: "REGION_NOT_FOUND",
    hostResolved: false,
    exchange: { endpoint: host },
  });
  limit.release();
  expect(lookedUp).toEqual([host]);
});

test("the caller is asked for at a region's STS, or at the global one", async () => {
  const limit = startTimeBudget(5_000, "TIMEOUT");
  for (const regionId of ["cn-shanghai", null]) {
    await expect(CLOUD.identifyCaller(regionId, limit)).rejects.toMatchObject({
      hostResolved: false,
    });
  }
  limit.release();
  expect(lookedUp).toEqual(["sts.cn-shanghai.aliyuncs.com", "sts.aliyuncs.com"]);
});

test.each([
  ["cn-hangzhou", "ecs-cn-hangzhou.aliyuncs.com"],
  ["cn-wuhan", "ecs.aliyuncs.com"],
  ["cn-shanghai", "ecs.cn-shanghai.aliyuncs.com"],
])(
  "interfaces in %s are asked for at %s; without that host, it is unreachable",
  async (regionId, host) => {
    const limit = startTimeBudget(5_000, "TIMEOUT");
    const listed = CLOUD.listNetworkInterfaces(regionId, null, limit);
    await expect(listed).rejects.toMatchObject({
      code: "UNREACHABLE",
      message: `${host} cannot be reached (ENOTFOUND). Check the network, a firewall or a proxy on the way.`,
      exchange: { endpoint: host },
    });
    limit.release();
    expect(lookedUp).toEqual([host]);
  },
);

test.each<[string, (limit: CallLimit) => Promise<unknown>, string]>([
  ["VPCs", async (limit) => CLOUD.listVpcs("cn-hangzhou", 1, limit), "vpc.aliyuncs.com"],
  [
    "flow logs",
    async (limit) => CLOUD.listFlowLogs("cn-shanghai", 1, limit),
    "vpc.cn-shanghai.aliyuncs.com",
  ],
])("%s are asked for where the SDK knows the region's VPC endpoint", async (_what, list, host) => {
  const limit = startTimeBudget(5_000, "TIMEOUT");
  await expect(list(limit)).rejects.toMatchObject({ code: "REGION_NOT_FOUND" });
  limit.release();
  expect(lookedUp).toEqual([host]);
});

test("a project's host that does not exist proves neither a region nor a project missing", async () => {
  const host = "flow-logs.cn-shanghai.log.aliyuncs.com";
  const limit = startTimeBudget(5_000, "TIMEOUT");
  await expect(CLOUD.getLogStore("cn-shanghai", "flow-logs", "vpc", limit)).rejects.toMatchObject({
    code: "UNREACHABLE",
    exchange: { endpoint: host },
  });
  limit.release();
  expect(lookedUp).toEqual([host]);
});

const ROLE = { accountId: "1500000000000001", roleName: "flowlog-guard-audit" };

/** None of these hosts is that of the region that is audited. */
test.each<[string, (limit: CallLimit) => Promise<unknown>, string]>([
  [
    "members",
    async (limit) => ORGANIZATION.listMembers(null, limit),
    "resourcedirectory.aliyuncs.com",
  ],
  [
    "the management account",
    async (limit) => ORGANIZATION.getManagementAccount(limit),
    "resourcedirectory.aliyuncs.com",
  ],
  [
    "a role in a region",
    async (limit) => ORGANIZATION.assumeRole(ROLE, "cn-shanghai", limit),
    "sts.cn-shanghai.aliyuncs.com",
  ],
  ["a role", async (limit) => ORGANIZATION.assumeRole(ROLE, null, limit), "sts.aliyuncs.com"],
])("%s is asked for at its host; without it, it is unreachable", async (_what, ask, host) => {
  const limit = startTimeBudget(5_000, "TIMEOUT");
  await expect(ask(limit)).rejects.toMatchObject({
    code: "UNREACHABLE",
    exchange: { endpoint: host },
  });
  limit.release();
  expect(lookedUp).toEqual([host]);
});
