import dns from "node:dns";

import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { AlibabaCloud } from "../../../shared/alibaba/alibaba-cloud.ts";
import { createTransport } from "../../../shared/http/transport.ts";
import { startTimeBudget } from "../../../shared/retry/time-budget.ts";

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

const CLOUD = new AlibabaCloud({
  credentials: { accessKeyId: "id", accessKeySecret: "secret" },
  endpoints: { vpc: {}, sts: null, fc: null, oss: null },
  homeRegionId: "cn-hangzhou",
  runId: "run",
  acceptLanguage: "en-US",
  userAgent: "test",
  transport: createTransport(null),
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
