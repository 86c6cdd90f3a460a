import { describe, expect, test } from "vitest";

import { CallError } from "../../../shared/audit/call-error.ts";
import type { CallLimit, Cloud } from "../../../shared/audit/cloud.ts";
import type { Exchange, FailureCode } from "../../../shared/audit/finding.ts";
import { DEFAULT_RULE_SETTINGS } from "../../../shared/audit/rule-settings.ts";
import { CredentialsError } from "../../../shared/audit/run-error.ts";
import { startTimeBudget, type TimeBudget } from "../../../shared/retry/time-budget.ts";
import { DEFAULT_RULES } from "../../../shared/rules/rules.ts";
import { auditAccount } from "../../../shared/run/audit-account.ts";

const EXCHANGE: Exchange = { requestId: "R", endpoint: "vpc.example", httpStatus: 200 };

function failure(code: FailureCode, hostResolved: boolean): CallError {
  const exchange = { ...EXCHANGE, requestId: null, httpStatus: null };
  return new CallError(code, `${code} it is.`, { exchange, hostResolved, retryable: "never" });
}

/** A cloud whose account and only region answer at once. */
const CLOUD: Cloud = {
  async isFlowLogServiceActivated() {
    return { value: true, exchange: EXCHANGE };
  },
  async listRegions() {
    return { value: [{ regionId: "cn-a" }], exchange: EXCHANGE };
  },
  async listVpcs() {
    return { value: { items: [], totalCount: 0 }, exchange: EXCHANGE };
  },
  async listFlowLogs() {
    return { value: { items: [], totalCount: 0 }, exchange: EXCHANGE };
  },
  async listNetworkInterfaces() {
    return { value: { items: [], nextToken: null }, exchange: EXCHANGE };
  },
  async getLogStore() {
    return { value: "no-project", exchange: EXCHANGE };
  },
  async identifyCaller() {
    return { value: { accountId: "1", arn: null }, exchange: EXCHANGE };
  },
};

async function audit(cloud: Partial<Cloud>, deadline: TimeBudget, selectors = ["cn-a"]) {
  const policy = { maxAttempts: 1, baseDelayMs: 1, maxDelayMs: 1 };
  return auditAccount(
    { ...CLOUD, ...cloud },
    {
      rules: DEFAULT_RULES,
      settings: DEFAULT_RULE_SETTINGS,
      selectors,
      caller: null,
      concurrency: 4,
    },
    { policy, timeoutMs: 5_000, attemptTimeoutMs: 5_000, deadline, clock: () => new Date(0) },
    {},
  );
}

describe("an account", () => {
  test("that has been audited does not end the run's time for the next one", async () => {
    const deadline = startTimeBudget(10_000, "DEADLINE_EXCEEDED");
    const first = await audit({}, deadline);
    const second = await audit({}, deadline);
    expect(first).toMatchObject({ accountId: "1", assumed: false, regionIds: ["cn-a"] });
    expect(second.findings).toMatchObject([{ accountId: "1", status: "COMPLIANT" }]);
    expect(deadline.endedBy).toBeNull();
    deadline.release();
  });

  test("whose credentials are refused has its calls cancelled, and no other's", async () => {
    const deadline = startTimeBudget(10_000, "DEADLINE_EXCEEDED");
    const cancelled: string[] = [];
    const hang = (regionId: string, limit: CallLimit) =>
      new Promise<never>((_resolve, reject) => {
        limit.onEnd((code) => {
          cancelled.push(`${regionId} ${code}`);
          reject(failure(code, true));
        });
      });
    const refused = audit(
      {
        isFlowLogServiceActivated: hang,
        async identifyCaller() {
          throw failure("CREDENTIALS_INVALID", true);
        },
      },
      deadline,
    );
    await expect(refused).rejects.toThrow(CredentialsError);
    expect(cancelled).toEqual(["cn-a DEADLINE_EXCEEDED"]);
    expect(deadline.endedBy).toBeNull();
    deadline.release();
  });
});

describe("where no host of a region resolves", () => {
  const missing: Partial<Cloud> = {
    async isFlowLogServiceActivated() {
      throw failure("REGION_NOT_FOUND", false);
    },
  };
  const silent: Partial<Cloud> = {
    async identifyCaller() {
      throw failure("UNREACHABLE", false);
    },
  };

  test.each<[string, Partial<Cloud>, readonly string[], FailureCode, string]>([
    ["nor any other", { ...missing, ...silent }, ["cn-a"], "UNREACHABLE", "No host name could be"],
    ["but that of STS", missing, ["cn-a"], "REGION_NOT_FOUND", "REGION_NOT_FOUND it is."],
    [
      "but that of DescribeRegions, which lists it",
      { ...missing, ...silent },
      ["all"],
      "UNREACHABLE",
      "DescribeRegions names this region",
    ],
  ])("%s", async (_what, cloud, selectors, code, message) => {
    const deadline = startTimeBudget(10_000, "DEADLINE_EXCEEDED");
    const { findings } = await audit(cloud, deadline, [...selectors]);
    deadline.release();
    expect(findings).toMatchObject([
      { status: "INSUFFICIENT_DATA", reason: { code, message: expect.stringContaining(message) } },
    ]);
  });
});
