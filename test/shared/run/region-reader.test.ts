import { describe, expect, test } from "vitest";

import { CallError } from "../../../shared/audit/call-error.ts";
import type { CallLimit, Cloud } from "../../../shared/audit/cloud.ts";
import type { Exchange, FailureCode } from "../../../shared/audit/finding.ts";
import { NO_EVIDENCE } from "../../../shared/audit/finding.ts";
import { UnreadableError } from "../../../shared/audit/region-reader.ts";
import { startTimeBudget } from "../../../shared/retry/time-budget.ts";
import { CloudRegionReader, type ReadOptions } from "../../../shared/run/region-reader.ts";

const EXCHANGE: Exchange = { requestId: "R", endpoint: "vpc.example", httpStatus: 200 };

function failure(code: FailureCode, retryable: "never" | "always" = "never"): CallError {
  const exchange = { requestId: null, endpoint: "vpc.example", httpStatus: null };
  return new CallError(code, `${code} it is.`, { exchange, retryable, hostResolved: true });
}

/** A cloud in which nothing exists, that counts its calls. */
function emptyCloud(overrides: Partial<Cloud> = {}) {
  const calls: string[] = [];
  function answer<T>(call: string, value: T) {
    calls.push(call);
    return { value, exchange: EXCHANGE };
  }
  const cloud: Cloud = {
    isFlowLogServiceActivated: async (regionId) => answer(`activated ${regionId}`, true),
    listRegions: async () => answer("regions", []),
    listVpcs: async (regionId, page) => answer(`vpcs ${regionId} ${page}`, NO_ITEMS),
    listFlowLogs: async (regionId, page) => answer(`flow logs ${regionId} ${page}`, NO_ITEMS),
    listNetworkInterfaces: async (regionId, token) =>
      answer(`interfaces ${regionId} ${token}`, { items: [], nextToken: null }),
    getLogStore: async (regionId, project, name) =>
      answer(`log store ${regionId} ${project}/${name}`, "no-project"),
    identifyCaller: async () => answer("caller", { accountId: "1", arn: null }),
    ...overrides,
  };
  return { cloud, calls };
}

const NO_ITEMS = { items: [], totalCount: 0 };

function readerOf(cloud: Cloud, options: Partial<ReadOptions> = {}) {
  const reader = new CloudRegionReader(cloud, "cn-a", async () => ({ id: "1", assumed: false }), {
    policy: { maxAttempts: 3, maxThrottledAttempts: 6, baseDelayMs: 0, maxDelayMs: 0 },
    timeoutMs: 5_000,
    attemptTimeoutMs: 5_000,
    deadline: startTimeBudget(60_000, "DEADLINE_EXCEEDED"),
    clock: () => new Date(0),
    ...options,
  });
  return { reader, [Symbol.dispose]: () => reader.release() };
}

/** Fails as a call does when its limit is reached. */
async function endOf(limit: CallLimit): Promise<never> {
  return new Promise((_resolve, reject) => {
    limit.onEnd((code) => reject(failure(code, "always")));
  });
}

describe("a region", () => {
  test("is asked each question once, however often rules ask it", async () => {
    const { cloud, calls } = emptyCloud();
    using it = readerOf(cloud);
    const { reader } = it;
    const ask = () =>
      Promise.all([
        reader.isFlowLogServiceActivated(),
        reader.vpcs(),
        reader.flowLogs(),
        reader.networkInterfaces(),
        reader.logStore("p-a", "s"),
        reader.logStore("p-b", "s"),
      ]);
    expect(await Promise.all([ask(), ask()])).toHaveLength(2);
    await ask();
    expect(calls.toSorted()).toEqual([
      "activated cn-a",
      "flow logs cn-a 1",
      "interfaces cn-a null",
      "log store cn-a p-a/s",
      "log store cn-a p-b/s",
      "vpcs cn-a 1",
    ]);
  });

  test("is asked nothing that no rule asks", async () => {
    const { cloud, calls } = emptyCloud();
    using it = readerOf(cloud);
    await it.reader.vpcs();
    expect(calls).toEqual(["vpcs cn-a 1"]);
  });

  test("whose page fails is asked for that page again, and the evidence counts every request", async () => {
    const pages: number[] = [];
    const items = Array.from({ length: 120 }, (_, index) => ({
      vpcId: `vpc-${index}`,
      name: undefined,
      ownerId: undefined,
      vSwitchIds: [],
      enabledIpv6: false,
    }));
    const { cloud } = emptyCloud({
      async listVpcs(_regionId, pageNumber) {
        pages.push(pageNumber);
        if (pages.length === 2) throw failure("THROTTLED", "always");
        const page = items.slice((pageNumber - 1) * 50, pageNumber * 50);
        return { value: { items: page, totalCount: 120 }, exchange: EXCHANGE };
      },
    });
    using it = readerOf(cloud);
    const { value, evidence } = await it.reader.vpcs();
    expect(value).toEqual(items);
    expect(pages).toEqual([1, 2, 2, 3]);
    expect(evidence).toMatchObject({
      ...EXCHANGE,
      attempts: 4,
      checkedAt: "1970-01-01T00:00:00.000Z",
    });
  });

  test.each<[string, "activated" | "listVpcs", "THROTTLED" | "SERVICE_ERROR", number]>([
    ["the status", "activated", "THROTTLED", 6],
    ["a page of a list", "listVpcs", "THROTTLED", 6],
    ["a page of a list", "listVpcs", "SERVICE_ERROR", 3],
  ])("%s (%s) that is %s is asked for %i times", async (_what, question, code, attempts) => {
    const fail = () => Promise.reject(failure(code, "always"));
    const { cloud } = emptyCloud({ isFlowLogServiceActivated: fail, listVpcs: fail });
    using it = readerOf(cloud);
    const asked =
      question === "activated" ? it.reader.isFlowLogServiceActivated() : it.reader.vpcs();
    await expect(asked).rejects.toMatchObject({ code, evidence: { attempts } });
  });

  test("that cannot be read fails each rule with the same error and its evidence", async () => {
    let asked = 0;
    const { cloud } = emptyCloud({
      async isFlowLogServiceActivated() {
        asked += 1;
        throw failure("SERVICE_ERROR", "always");
      },
    });
    using it = readerOf(cloud);
    const ask = () => it.reader.isFlowLogServiceActivated().catch((error: unknown) => error);
    const [first, second] = await Promise.all([ask(), ask()]);
    expect(second).toBe(first);
    expect(first).toBeInstanceOf(UnreadableError);
    expect(first).toMatchObject({
      code: "SERVICE_ERROR",
      message: "SERVICE_ERROR it is.",
      hostResolved: true,
      evidence: { endpoint: "vpc.example", requestId: null, attempts: 3 },
    });
    expect(asked).toBe(3);
  });

  test("has one time budget for all that is asked of it", async () => {
    const { cloud } = emptyCloud({
      isFlowLogServiceActivated: (_regionId, limit) => endOf(limit),
      listVpcs: (_regionId, _pageNumber, limit) => endOf(limit),
    });
    using it = readerOf(cloud, { timeoutMs: 20 });
    await expect(it.reader.isFlowLogServiceActivated()).rejects.toMatchObject({ code: "TIMEOUT" });
    await expect(it.reader.vpcs()).rejects.toMatchObject({ code: "TIMEOUT" });
  });

  test("is not asked once the run's deadline has struck", async () => {
    const { cloud, calls } = emptyCloud();
    const deadline = startTimeBudget(60_000, "DEADLINE_EXCEEDED");
    deadline.cancel();
    using it = readerOf(cloud, { deadline });
    await expect(it.reader.flowLogs()).rejects.toMatchObject({
      code: "DEADLINE_EXCEEDED",
      evidence: NO_EVIDENCE,
    });
    expect(calls).toEqual([]);
  });

  test("lets a fault of the program itself through", async () => {
    const bug = new TypeError("a bug");
    const { cloud } = emptyCloud({ listFlowLogs: () => Promise.reject(bug) });
    using it = readerOf(cloud);
    await expect(it.reader.flowLogs()).rejects.toBe(bug);
  });
});
