import { describe, expect, test } from "vitest";

import { CallError } from "../../../shared/audit/call-error.ts";
import type { Cloud, Page } from "../../../shared/audit/cloud.ts";
import { PAGE_SIZE } from "../../../shared/audit/cloud.ts";
import type { FailureCode } from "../../../shared/audit/finding.ts";
import type { FlowLog } from "../../../shared/audit/flow-log.ts";
import type { ChangeContext } from "../../../shared/enable/change-context.ts";
import { createFlowLogs } from "../../../shared/enable/create-flow-logs.ts";
import type { Creation } from "../../../shared/enable/plan.ts";
import { logOf } from "../../harness/region-of.ts";

const EXCHANGE = { requestId: null, endpoint: null, httpStatus: 200 };

function creation(vpcId: string): Creation {
  return {
    accountId: "1",
    regionId: "cn-a",
    action: "create-flow-log",
    resource: { type: "ACS::VPC::VPC", id: vpcId },
    projectName: "flow-logs",
    logStoreName: "vpc",
    cost: "by-volume",
    reversible: true,
  };
}

function flowLog(vpcId: string, status: string, projectName = "flow-logs"): FlowLog {
  return logOf(`fl-${vpcId}`, vpcId, { status, projectName, logStoreName: "vpc" });
}

function failure(code: FailureCode, httpStatus: number | null, retryable: "always" | "never") {
  return new CallError(code, `failed with ${code}`, {
    exchange: { ...EXCHANGE, httpStatus },
    retryable,
  });
}

const UNUSED = async (): Promise<never> => {
  throw new Error("not asked");
};

/** A region with flow logs, which `CreateFlowLog` changes. */
class Region {
  readonly flowLogs: FlowLog[];
  /** What each call of CreateFlowLog does; a flow log is created where it says so. */
  readonly answers: (readonly [creates: boolean, error: CallError | null])[];
  listError: CallError | null = null;
  /** From which list on `listError` is thrown, counted from 1. */
  listErrorFrom = 1;
  lists = 0;
  creations = 0;
  /** The list from which created flow logs are active, counted from their creation. */
  readsUntilActive = 1;

  constructor(flowLogs: readonly FlowLog[], answers: Region["answers"] = []) {
    this.flowLogs = [...flowLogs];
    this.answers = answers;
  }

  context(overrides: Partial<ChangeContext> = {}): ChangeContext {
    const cloud: Cloud = {
      isFlowLogServiceActivated: UNUSED,
      listRegions: UNUSED,
      listVpcs: UNUSED,
      listNetworkInterfaces: UNUSED,
      getLogStore: UNUSED,
      identifyCaller: UNUSED,
      listFlowLogs: async (_regionId, pageNumber) => ({
        value: this.#page(pageNumber),
        exchange: EXCHANGE,
      }),
    };
    const waits = { baseDelayMs: 1, maxDelayMs: 2 };
    return {
      cloud,
      activator: {
        openFlowLogService: UNUSED,
        createFlowLog: async (_regionId, { vpcId }) => {
          const [creates, error] = this.answers[this.creations] ?? [true, null];
          this.creations += 1;
          if (creates) this.flowLogs.push(flowLog(vpcId, "Activating"));
          if (error !== null) throw error;
          return { value: `fl-${vpcId}`, exchange: EXCHANGE };
        },
      },
      policy: { maxAttempts: 4, ...waits },
      waitPolicy: { maxAttempts: 1_000, ...waits },
      timeoutMs: 2_000,
      attemptTimeoutMs: 1_000,
      stop: new AbortController().signal,
      ...overrides,
    };
  }

  #page(pageNumber: number): Page<FlowLog> {
    this.lists += 1;
    if (this.listError !== null && this.lists >= this.listErrorFrom) throw this.listError;
    const items = this.flowLogs.slice((pageNumber - 1) * PAGE_SIZE, pageNumber * PAGE_SIZE);
    const page = { items, totalCount: this.flowLogs.length };
    this.readsUntilActive -= 1;
    if (this.readsUntilActive < 0) {
      for (const [index, item] of this.flowLogs.entries()) {
        if (item.status === "Activating") this.flowLogs[index] = { ...item, status: "Active" };
      }
    }
    return page;
  }
}

describe("a flow log", () => {
  test("is created, and waited for until it is active", async () => {
    const region = new Region([]);
    region.readsUntilActive = 4;
    expect(await createFlowLogs("cn-a", [creation("vpc-1")], region.context())).toEqual([
      { outcome: "done", reason: null, flowLogId: "fl-vpc-1" },
    ]);
    expect(region.flowLogs).toMatchObject([{ status: "Active" }]);
  });

  test("is pending where it is not active in time", async () => {
    const region = new Region([]);
    region.readsUntilActive = Infinity;
    const context = region.context({ timeoutMs: 100 });
    expect(await createFlowLogs("cn-a", [creation("vpc-1")], context)).toMatchObject([
      { outcome: "pending", reason: { code: "TIMEOUT" }, flowLogId: "fl-vpc-1" },
    ]);
  });

  test.each([
    ["Active", "already", 0],
    ["Activating", "already", 0],
    ["Inactive", "done", 1],
  ])("that is there and %s is %s", async (status, outcome, creations) => {
    const region = new Region([{ ...flowLog("vpc-1", status), flowLogId: "fl-old" }]);
    const outcomes = await createFlowLogs("cn-a", [creation("vpc-1")], region.context());
    expect(outcomes).toMatchObject([{ outcome }]);
    expect(region.creations).toBe(creations);
  });

  test("that delivers elsewhere was made after the plan, and is no reason for a second one", async () => {
    const region = new Region([flowLog("vpc-1", "Active", "other-logs")]);
    const outcomes = await createFlowLogs("cn-a", [creation("vpc-1")], region.context());
    expect(outcomes).toEqual([{ outcome: "already", reason: null }]);
    expect(region.creations).toBe(0);
  });

  test("is found on the second page of the list", async () => {
    const others = Array.from({ length: PAGE_SIZE }, (_, index) =>
      flowLog(`vpc-x${index}`, "Active"),
    );
    const region = new Region([...others, flowLog("vpc-1", "Active")]);
    const outcomes = await createFlowLogs("cn-a", [creation("vpc-1")], region.context());
    expect(outcomes).toEqual([{ outcome: "already", reason: null }]);
  });
});

describe("after a failure", () => {
  const timeout = failure("TIMEOUT", null, "always");
  const throttled = failure("THROTTLED", 400, "always");
  const refused = failure("SERVICE_ERROR", 400, "never");
  const malformed = failure("MALFORMED_RESPONSE", 200, "never");

  interface Case {
    readonly what: string;
    readonly answers: Region["answers"];
    readonly outcome: string;
    readonly creations: number;
  }

  test.each<Case>([
    {
      what: "an answer that is lost is no reason for a second one",
      answers: [[true, timeout]],
      outcome: "done",
      creations: 1,
    },
    {
      what: "an answer that is not understood is none either",
      answers: [[true, malformed]],
      outcome: "done",
      creations: 1,
    },
    {
      what: "a request without an answer is not sent again: it may have its effect later",
      answers: [[false, timeout]],
      outcome: "failed",
      creations: 1,
    },
    {
      what: "one that the service answers with an error is sent again",
      answers: [[false, failure("SERVICE_ERROR", 500, "always")]],
      outcome: "done",
      creations: 2,
    },
    {
      what: "a throttled one is sent again",
      answers: [
        [false, throttled],
        [false, throttled],
      ],
      outcome: "done",
      creations: 3,
    },
    {
      what: "a refused one is not sent again",
      answers: [[false, refused]],
      outcome: "failed",
      creations: 1,
    },
  ])("$what", async ({ answers, outcome, creations }) => {
    const region = new Region([], answers);
    const outcomes = await createFlowLogs("cn-a", [creation("vpc-1")], region.context());
    expect(outcomes).toMatchObject([{ outcome }]);
    expect(region.creations).toBe(creations);
    expect(region.flowLogs).toHaveLength(outcome === "done" ? 1 : 0);
  });

  test("an inactive flow log from before is not taken for the one that was to be created", async () => {
    const region = new Region(
      [{ ...flowLog("vpc-1", "Inactive"), flowLogId: "fl-old" }],
      [[false, failure("SERVICE_ERROR", 500, "always")]],
    );
    const outcomes = await createFlowLogs("cn-a", [creation("vpc-1")], region.context());
    expect(outcomes).toMatchObject([{ outcome: "done", flowLogId: "fl-vpc-1" }]);
    expect(region.creations).toBe(2);
  });

  test("there is no other attempt where the list cannot be read", async () => {
    const region = new Region([], [[true, timeout]]);
    region.listError = failure("ACCESS_DENIED", 403, "never");
    region.listErrorFrom = 2;
    const outcomes = await createFlowLogs("cn-a", [creation("vpc-1")], region.context());
    expect(outcomes).toMatchObject([{ outcome: "failed", reason: { code: "ACCESS_DENIED" } }]);
    expect(region.creations).toBe(1);
  });

  test("that leaves it unknown, the reason says so", async () => {
    const region = new Region([], [[false, timeout]]);
    expect(await createFlowLogs("cn-a", [creation("vpc-1")], region.context())).toMatchObject([
      {
        reason: {
          code: "TIMEOUT",
          message:
            "failed with TIMEOUT Whether the flow log is created is not known: run the same command again later.",
        },
      },
    ]);
  });

  test("the other VPCs go on", async () => {
    const region = new Region([], [[false, refused]]);
    const outcomes = await createFlowLogs(
      "cn-a",
      [creation("vpc-1"), creation("vpc-2")],
      region.context(),
    );
    expect(outcomes).toMatchObject([{ outcome: "failed" }, { outcome: "done" }]);
  });
});

test("nothing is created where the list cannot be read", async () => {
  const region = new Region([]);
  region.listError = failure("ACCESS_DENIED", 403, "never");
  const outcomes = await createFlowLogs("cn-a", [creation("vpc-1")], region.context());
  expect(outcomes).toMatchObject([{ outcome: "failed", reason: { code: "ACCESS_DENIED" } }]);
  expect(region.creations).toBe(0);
});
