import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import type { AccountScope } from "../../../../shared/audit/account-scope.ts";
import { CallError } from "../../../../shared/audit/call-error.ts";
import type { CallLimit, Cloud } from "../../../../shared/audit/cloud.ts";
import type { Finding } from "../../../../shared/audit/finding.ts";
import type { Organization } from "../../../../shared/audit/organization.ts";
import { DEFAULT_RULE_SETTINGS } from "../../../../shared/audit/rule-settings.ts";
import { startTimeBudget } from "../../../../shared/retry/time-budget.ts";
import type { Rule } from "../../../../shared/rules/rule.ts";
import { DEFAULT_RULES } from "../../../../shared/rules/rules.ts";
import { auditAccounts } from "../../../../shared/run/accounts/audit-accounts.ts";

const EXCHANGE = { requestId: "R", endpoint: "host.example", httpStatus: 200 };

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});

afterEach(() => {
  const left = vi.getTimerCount();
  vi.useRealTimers();
  if (left > 0) throw new Error("a timer is left");
});

async function pass(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Fails as a call does when its limit is reached. */
async function endOf(limit: CallLimit): Promise<never> {
  return new Promise((_resolve, reject) => {
    limit.onEnd((code) => {
      const exchange = { requestId: null, endpoint: "host.example", httpStatus: null };
      reject(new CallError(code, `${code} it is.`, { exchange, retryable: "always" }));
    });
  });
}

/** A cloud each of whose calls takes 100 ms. */
function cloudOf(onCall: (regionId: string) => void): Cloud {
  const cloud: Partial<Cloud> = {
    async isFlowLogServiceActivated(regionId) {
      onCall(regionId);
      await pass(100);
      return { value: true, exchange: EXCHANGE };
    },
  };
  return cloud as Cloud;
}

interface Setting {
  readonly accounts: number;
  readonly regions: number;
  readonly concurrency: number;
  /** Ids of accounts whose role is never answered. */
  readonly hanging?: readonly string[];
  /** The failure of every role. */
  readonly failure?: CallError;
  readonly deadlineMs?: number;
  readonly stsCallsPerSecond?: number;
  readonly rules?: readonly Rule[];
}

/** Audits accounts 0, 1, 2 and so on in virtual time. */
async function audit({ hanging = [], deadlineMs = 600_000, ...setting }: Setting) {
  const roleTimesMs: number[] = [];
  const doneMs = new Map<string, number>();
  let [underWay, mostUnderWay] = [0, 0];
  const scope: AccountScope = {
    accounts: Array.from({ length: setting.accounts }, (_, index) => ({
      id: String(index),
      name: null,
      role: { accountId: String(index), roleName: "audit" },
      regionIds: Array.from({ length: setting.regions }, (_r, region) => `cn-r${region}`),
    })),
    skipped: [],
    localNames: new Map(),
    listed: new Set(["cn-r0"]),
    managementAccountUnknown: false,
    warnings: [],
  };
  const cloud = cloudOf(() => {
    underWay += 1;
    mostUnderWay = Math.max(mostUnderWay, underWay);
  });
  const organization: Partial<Organization> = {
    async assumeRole({ accountId }, _regionId, limit) {
      roleTimesMs.push(performance.now());
      if (hanging.includes(accountId)) return endOf(limit);
      if (setting.failure !== undefined) throw setting.failure;
      await pass(50);
      return { value: { cloud, expiresAtMs: Date.now() + 3_600_000 }, exchange: EXCHANGE };
    },
  };
  const beganMs = performance.now();
  const deadline = startTimeBudget(deadlineMs, "DEADLINE_EXCEEDED");
  const ended: number[] = [];
  const audited = auditAccounts(
    scope,
    { cloud, organization: organization as Organization },
    {
      rules: setting.rules ?? DEFAULT_RULES,
      settings: DEFAULT_RULE_SETTINGS,
      concurrency: setting.concurrency,
      stsCallsPerSecond: setting.stsCallsPerSecond ?? 80,
      homeRegionId: "cn-hangzhou",
      onEvaluated(_evaluations, { id }) {
        underWay -= 1;
        doneMs.set(id, performance.now() - beganMs);
      },
    },
    {
      policy: { maxAttempts: 4, baseDelayMs: 0, maxDelayMs: 0 },
      timeoutMs: 10_000,
      attemptTimeoutMs: 3_333,
      deadline,
      clock: () => new Date(0),
    },
  ).finally(() => {
    ended.push(performance.now() - beganMs);
    deadline.release();
  });
  const outcome = audited.catch((error: unknown) => error);
  // Step by step, since waits between attempts are real ones.
  while (ended.length === 0) await vi.advanceTimersByTimeAsync(50);
  const findings = await outcome;
  // What this cloud has begun, it ends.
  await vi.advanceTimersByTimeAsync(200);
  const [endedMs = 0] = ended;
  const codes = Array.isArray(findings)
    ? (findings as readonly Finding[]).map(({ reason }) => reason.code)
    : [];
  return { outcome: findings, codes, endedMs, doneMs, roleTimesMs, mostUnderWay };
}

describe("many accounts", () => {
  test("are read with all regions that may be read at once, and no more", async () => {
    const run = await audit({ accounts: 60, regions: 10, concurrency: 40 });
    expect(run.codes).toHaveLength(600);
    expect(run.mostUnderWay).toBe(40);
    // Fifteen rounds of 100 ms, after the first roles.
    expect(run.endedMs).toBeLessThan(2_200);
  });

  test("are not delayed by one whose role is never answered", async () => {
    const run = await audit({ accounts: 50, regions: 4, concurrency: 8, hanging: ["0", "7"] });
    const others = [...run.doneMs].filter(([id]) => id !== "0" && id !== "7");
    expect(others).toHaveLength(48);
    expect(Math.max(...others.map(([, ms]) => ms))).toBeLessThan(4_000);
    expect(run.codes.filter((code) => code === "TIMEOUT")).toHaveLength(8);
    expect(run.codes.filter((code) => code === "ACTIVATED")).toHaveLength(192);
    expect(run.endedMs).toBeGreaterThan(9_000);
  });

  test.each([80, 20])("keep to %i calls of STS in a second", async (stsCallsPerSecond) => {
    const accounts = 3 * stsCallsPerSecond;
    const run = await audit({ accounts, regions: 1, concurrency: 100, stsCallsPerSecond });
    expect(run.codes).toHaveLength(accounts);
    expect(run.roleTimesMs).toHaveLength(accounts);
    for (const ms of run.roleTimesMs) {
      const inSecond = run.roleTimesMs.filter((other) => other >= ms && other < ms + 1_000);
      expect(inSecond.length).toBeLessThanOrEqual(stsCallsPerSecond);
    }
    expect(run.endedMs).toBeLessThan(4_000);
  });

  test("are complete when the deadline strikes, and STS is not asked any more", async () => {
    const run = await audit({ accounts: 500, regions: 3, concurrency: 10, deadlineMs: 1_000 });
    expect(run.codes).toHaveLength(1_500);
    expect(new Set(run.codes)).toEqual(new Set(["ACTIVATED", "DEADLINE_EXCEEDED"]));
    expect(run.endedMs).toBeLessThanOrEqual(1_150);
    expect(run.roleTimesMs.length).toBeLessThanOrEqual(80);
  });

  test("wait for their place at STS outside the time of a role", async () => {
    const run = await audit({ accounts: 40, regions: 1, concurrency: 40, stsCallsPerSecond: 1 });
    expect(run.codes).toEqual(Array(40).fill("ACTIVATED"));
  });

  test("have the failure of STS as it is, also where no host of STS is known", async () => {
    const exchange = { requestId: null, endpoint: "sts.example", httpStatus: null };
    const failure = new CallError("UNREACHABLE", "No host of STS is known.", {
      exchange,
      retryable: "never",
      hostResolved: false,
    });
    const run = await audit({ accounts: 2, regions: 1, concurrency: 4, failure });
    expect(run.outcome).toMatchObject(
      ["0", "1"].map((accountId) => ({
        accountId,
        reason: { code: "UNREACHABLE", message: "No host of STS is known." },
        evidence: { endpoint: "sts.example", attempts: 1 },
      })),
    );
  });

  test("fail together where a rule breaks its contract", async () => {
    const [rule] = DEFAULT_RULES;
    if (rule === undefined) throw new Error("there is a rule");
    const run = await audit({
      accounts: 5,
      regions: 3,
      concurrency: 4,
      rules: [{ ...rule, evaluate: async () => [] }],
    });
    expect(run.outcome).toMatchObject({ message: expect.stringContaining("internal error") });
  });
});
