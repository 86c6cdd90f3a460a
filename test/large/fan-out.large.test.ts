import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, inject, test } from "vitest";

import type { CheckResult } from "../../functions/check/check.ts";
import { bundle } from "../../scripts/bundle.ts";
import { packConfig } from "../../scripts/pack-config.ts";
import type { Report, Summary } from "../../shared/audit/report.ts";
import type { FunctionContext } from "../../shared/entry/function-context.ts";
import {
  FUNCTION_FAULTS,
  type FunctionCall,
  type FunctionFault,
  startFunctionCompute,
} from "../emulator/function-compute.ts";
import { invokeInTurn } from "../harness/invoke-function.ts";
import {
  accountIdsOf,
  expectedCode,
  type OrganizationModel,
  regionIdsOf,
} from "./organization-model.ts";
import { startOrganization } from "./start-organization.ts";

const MODEL: OrganizationModel = { accounts: 1_000, regions: 30, hasFaults: true };
const PARTS = 4;
const CALLER_ID = "1234567890123456";
const TIMEOUT_SECONDS = 300;
/** What STS allows an account with everybody in it. */
const ROLE_CALLS_OF_ACCOUNT = 100;

/** The part that always dies, the one that always answers rubbish, and the one that does so once. */
const [DYING, RUBBISH, RECOVERING] = [1, 2, 3];

function faults(): (call: FunctionCall) => FunctionFault | undefined {
  let isFirst = true;
  return ({ event }) => {
    const { part } = JSON.parse(event);
    if (part.index === DYING) return FUNCTION_FAULTS.killed;
    if (part.index === RUBBISH) return FUNCTION_FAULTS.otherJson;
    if (part.index !== RECOVERING || !isFirst) return undefined;
    isFirst = false;
    return FUNCTION_FAULTS.truncated;
  };
}

/** The codes of what the check function does not count as compliant, by account and region. */
function expectedAttention(): Map<string, string> {
  const expected = new Map<string, string>();
  for (const [account, accountId] of accountIdsOf(MODEL).entries()) {
    const part = Math.floor(account / (MODEL.accounts / PARTS));
    const isLost = part === DYING || part === RUBBISH;
    for (const [region, regionId] of regionIdsOf(MODEL).entries()) {
      const code = isLost ? "PART_FAILED" : expectedCode(MODEL, account, region);
      if (code !== "ACTIVATED") expected.set(`${accountId} ${regionId}`, code);
    }
  }
  return expected;
}

/** The counts by status, where what is not among the codes is compliant. */
function countsOf(attention: ReadonlyMap<string, string>): Partial<Summary> {
  const total = MODEL.accounts * MODEL.regions;
  const nonCompliant = [...attention.values()].filter((code) => code === "NOT_ACTIVATED").length;
  const insufficientData = attention.size - nonCompliant;
  return { total, nonCompliant, insufficientData, compliant: total - attention.size };
}

test(
  "1,000 accounts in four parts, of which one dies and one answers rubbish",
  {
    timeout: TIMEOUT_SECONDS * 1_000,
  },
  async () => {
    const dir = await mkdtemp(join(tmpdir(), "flowlog-guard-parts-"));
    await using organization = await startOrganization({ model: MODEL });
    const { key } = organization;
    // Long enough for a busy machine: only the region that hangs takes all of it.
    const env = {
      ...organization.env,
      FLOWLOG_GUARD_TIMEOUT: "20s",
      FLOWLOG_GUARD_ATTEMPT_TIMEOUT: "10s",
    };
    const contextOf = (name: string): FunctionContext => ({
      requestId: "1-69217a01-1523a2f1-9d2b",
      credentials: key,
      function: { name, timeout: TIMEOUT_SECONDS },
      region: "cn-hangzhou",
      accountId: CALLER_ID,
    });
    const audit = async (event: string) => {
      const bundled = join(inject("deployed"), "audit/index.js");
      const calls = [{ event, context: contextOf("flowlog-guard-audit") }];
      const [invocation] = await invokeInTurn<Report>(bundled, calls, env);
      return invocation ?? FUNCTION_FAULTS.killed;
    };
    await using compute = await startFunctionCompute({
      accountId: CALLER_ID,
      key,
      functions: { "flowlog-guard-audit": audit },
      fault: faults(),
    });
    try {
      const check = join(dir, "check/index.js");
      const values = { fanOut: { parts: PARTS } };
      await bundle("functions/check/index.ts", check, packConfig({ name: "parts.yaml", values }));
      const [invocation] = await invokeInTurn<CheckResult>(
        check,
        [{ event: "", context: contextOf("flowlog-guard-check") }],
        { ...env, FLOWLOG_GUARD_FC_ENDPOINT: compute.origin },
      );
      const { result, error } = invocation ?? {};
      expect(error).toBeNull();
      const expected = expectedAttention();
      expect(result?.summary).toMatchObject(countsOf(expected));
      // The function returns the worst of what needs attention.
      expect(result?.findings.length).toBeGreaterThanOrEqual(1_000);
      const deviations = result?.findings
        .map(
          ({ accountId, regionId, reason }) => [`${accountId} ${regionId}`, reason.code] as const,
        )
        .filter(([place, code]) => expected.get(place) !== code)
        .map(([place, code]) => `${place}: ${code} instead of ${expected.get(place)}`);
      expect(deviations).toEqual([]);
      const invoked = compute.calls.map(({ event }) => Number(JSON.parse(event).part.index));
      expect(invoked.toSorted((one, other) => one - other)).toEqual([0, 1, 1, 2, 2, 3, 3]);
      const { roleCalls, mostRoleCallsInASecond } = await organization.traffic();
      // Of the two parts that were audited.
      expect(roleCalls).toBe(MODEL.accounts / 2);
      expect(mostRoleCallsInASecond).toBeLessThan(ROLE_CALLS_OF_ACCOUNT);
    } finally {
      await rm(dir, { recursive: true });
    }
  },
);
