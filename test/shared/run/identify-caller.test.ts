import { describe, expect, test } from "vitest";

import { CallError } from "../../../shared/audit/call-error.ts";
import type { Cloud } from "../../../shared/audit/cloud.ts";
import type { FailureCode } from "../../../shared/audit/finding.ts";
import { startTimeBudget } from "../../../shared/retry/time-budget.ts";
import { askCallerIdentity } from "../../../shared/run/identify-caller.ts";

const CALLER = { accountId: "1", arn: "acs:ram::1:root" };
const EXCHANGE = { requestId: null, endpoint: null, httpStatus: null };
const POLICY = { maxAttempts: 4, baseDelayMs: 1, maxDelayMs: 1 };

/** An endpoint's reply: an answer, a transient or final failure, or none. */
type Behaviour = "answers" | "silent" | [FailureCode, "never" | "always"];

/** Asks endpoints with these replies, by region; the global one is called `global`. */
async function ask(behaviours: Readonly<Record<string, Behaviour>>, regionIds = ["cn-a", "us-b"]) {
  const asked: string[] = [];
  const identifyCaller: Cloud["identifyCaller"] = async (regionId, limit) => {
    const name = regionId ?? "global";
    asked.push(name);
    const behaviour = behaviours[name] ?? ["UNREACHABLE", "always"];
    if (behaviour === "answers") return { value: CALLER, exchange: EXCHANGE };
    if (behaviour === "silent") {
      await new Promise((_resolve, reject) => {
        limit.onEnd(() => reject(failure("TIMEOUT", "never")));
      });
    }
    throw failure(behaviour[0] as FailureCode, behaviour[1] as "never" | "always");
  };
  const budget = startTimeBudget(2_000, "DEADLINE_EXCEEDED");
  const cloud = { identifyCaller } as Cloud;
  const answered = await askCallerIdentity(cloud, regionIds, POLICY, budget).then(
    ({ accountId }) => accountId,
    (error: unknown) => (error instanceof CallError ? error.code : String(error)),
  );
  budget.release();
  return { answered, asked };
}

function failure(code: FailureCode, retryable: "never" | "always"): CallError {
  return new CallError(code, code, { retryable, exchange: EXCHANGE });
}

describe("STS is asked", () => {
  test.each<[string, Readonly<Record<string, Behaviour>>, string, string[]]>([
    ["once where it answers", { "cn-a": "answers" }, "1", ["cn-a"]],
    ["elsewhere after a failure", { "us-b": "answers" }, "1", ["cn-a", "us-b"]],
    ["at the global endpoint last", { global: "answers" }, "1", ["cn-a", "us-b", "global"]],
    [
      "elsewhere where a region has no endpoint",
      { "cn-a": ["REGION_NOT_FOUND", "never"], "us-b": "answers" },
      "1",
      ["cn-a", "us-b"],
    ],
    [
      "nowhere else once it has refused the keys",
      { "cn-a": ["CREDENTIALS_INVALID", "never"], "us-b": "answers" },
      "CREDENTIALS_INVALID",
      ["cn-a"],
    ],
    [
      "twice after a transient failure",
      {},
      "UNREACHABLE",
      ["cn-a", "us-b", "global", "cn-a", "us-b", "global"],
    ],
    [
      "once after a final failure",
      {
        "cn-a": ["ACCESS_DENIED", "never"],
        "us-b": ["MALFORMED_RESPONSE", "never"],
        global: ["REGION_NOT_FOUND", "never"],
      },
      "REGION_NOT_FOUND",
      ["cn-a", "us-b", "global"],
    ],
    [
      "elsewhere while the first is silent",
      { "cn-a": "silent", "us-b": "answers" },
      "1",
      ["cn-a", "us-b"],
    ],
  ])("%s", async (_what, behaviours, answered, asked) => {
    expect(await ask(behaviours)).toEqual({ answered, asked });
  });

  test.each([
    [["cn-a"], ["cn-a", "cn-hangzhou", "global"]],
    [["cn-hangzhou"], ["cn-hangzhou", "ap-southeast-1", "global"]],
    [
      ["cn-a", "cn-b"],
      ["cn-a", "cn-b", "global"],
    ],
    [
      ["ap-a", "cn-b", "cn-c"],
      ["ap-a", "cn-b", "global"],
    ],
  ])("of the regions %j at %j", async (regionIds, endpoints) => {
    expect((await ask({ global: "answers" }, regionIds)).asked).toEqual(endpoints);
  });
});
