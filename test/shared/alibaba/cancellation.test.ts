import { beforeAll, describe, expect, test } from "vitest";

import { AlibabaCloud } from "../../../shared/alibaba/alibaba-cloud.ts";
import type { CallLimit } from "../../../shared/audit/cloud.ts";
import { createTransport } from "../../../shared/http/transport.ts";
import { retry } from "../../../shared/retry/retry.ts";
import { startTimeBudget } from "../../../shared/retry/time-budget.ts";
import { type Emulator, startEmulator } from "../../emulator/emulator.ts";
import type { Fault } from "../../emulator/faults.ts";
import { cloudOptions } from "../../harness/cloud-options.ts";

const LONG_MS = 60_000;
const SHORT_MS = 60;

/** Faults that keep a call open. */
const FAULTS: readonly Fault[] = [
  { kind: "hang" },
  { kind: "trickle" },
  { kind: "slow", ms: LONG_MS },
];

/** The limit that is reached. */
interface Limits {
  readonly attemptMs: number;
  readonly regionMs: number;
  readonly deadlineMs: number;
}

const LIMITS: readonly (readonly [string, Limits, string])[] = [
  ["attempt", { attemptMs: SHORT_MS, regionMs: LONG_MS, deadlineMs: LONG_MS }, "TIMEOUT"],
  ["region", { attemptMs: LONG_MS, regionMs: SHORT_MS, deadlineMs: LONG_MS }, "TIMEOUT"],
  ["run", { attemptMs: LONG_MS, regionMs: LONG_MS, deadlineMs: SHORT_MS }, "DEADLINE_EXCEEDED"],
];

type Call = (cloud: AlibabaCloud, limit: CallLimit) => Promise<unknown>;

const CALLS: readonly (readonly [string, Call])[] = [
  [
    "GetFlowLogServiceStatus",
    async (cloud, limit) => cloud.isFlowLogServiceActivated("cn-a", limit),
  ],
  ["DescribeRegions", async (cloud, limit) => cloud.listRegions(limit)],
  ["GetCallerIdentity", async (cloud, limit) => cloud.identifyCaller(null, limit)],
  ["DescribeVpcs", async (cloud, limit) => cloud.listVpcs("cn-a", 1, limit)],
  ["DescribeFlowLogs", async (cloud, limit) => cloud.listFlowLogs("cn-a", 1, limit)],
  [
    "DescribeNetworkInterfaces",
    async (cloud, limit) => cloud.listNetworkInterfaces("cn-a", null, limit),
  ],
  ["GetLogStore", async (cloud, limit) => cloud.getLogStore("cn-a", "flow-logs", "vpc", limit)],
];

// Loaded on first use, which takes longer than the limits below.
beforeAll(async () => {
  await Promise.all([
    import("../../../shared/alibaba/vpc-lists.ts"),
    import("../../../shared/alibaba/ecs.ts"),
    import("../../../shared/alibaba/sls.ts"),
  ]);
});

async function startFaultyCloud(fault: Fault): Promise<Emulator> {
  return startEmulator({
    regions: {
      "cn-a": {
        activated: true,
        fault,
        faults: {
          DescribeVpcs: fault,
          DescribeFlowLogs: fault,
          DescribeNetworkInterfaces: fault,
          GetLogStore: fault,
        },
      },
    },
    faults: { DescribeRegions: fault, GetCallerIdentity: fault },
  });
}

describe.each(FAULTS)("after a time-out no connection of the call is left: %o", (fault) => {
  describe.each(LIMITS)("of the %s", (_whose, { attemptMs, regionMs, deadlineMs }, code) => {
    test.each(CALLS)("for %s", async (action, call) => {
      await using emulator = await startFaultyCloud(fault);
      // Not closed before the connections are counted: that would close them.
      using transport = createTransport(null);
      const cloud = new AlibabaCloud(cloudOptions(emulator, transport));
      const deadline = startTimeBudget(deadlineMs, "DEADLINE_EXCEEDED");
      const budget = startTimeBudget(regionMs, "TIMEOUT", deadline);
      const policy = { maxAttempts: 2, baseDelayMs: 0, maxDelayMs: 0 };
      const result = retry((_attempt, limit) => call(cloud, limit), policy, budget, attemptMs);
      await expect(result).rejects.toMatchObject({ code });
      const attempts = attemptMs === SHORT_MS ? 2 : 1;
      expect(emulator.requests.map((request) => request.action)).toEqual(
        Array.from({ length: attempts }, () => action),
      );
      await emulator.idle();
      budget.release();
      deadline.release();
    });
  });
});
