import { describe, expect, test } from "vitest";

import { partEventOf, regionsByAccount } from "../../../shared/fan-out/part-events.ts";
import { rolesPerSecondOf } from "../../../shared/fan-out/part.ts";
import { readPart } from "../../../shared/fan-out/read-part.ts";
import { accountIdAt, scopedAccounts } from "../../harness/scoped-accounts.ts";

const [FIRST, SECOND] = [accountIdAt(0), accountIdAt(1)];

const accounts = [...scopedAccounts(1, ["cn-a", "cn-b"]), ...scopedAccounts(2, ["cn-b"]).slice(1)];

/** The event of a part, as it arrives. */
function eventOf(): ReturnType<typeof readPart> {
  const run = {
    runId: "5e1f0b1e-0000-8000-8000-000000000001",
    rules: ["flow-log-service-activated"] as const,
    listed: new Set(["cn-b", "cn-a", "not a region"]),
  };
  const place = { index: 1, count: 4, deadlineMs: 12_000 };
  return JSON.parse(JSON.stringify(partEventOf(accounts, run, place)));
}

describe("the event of a part", () => {
  test("has ids, and neither roles nor secrets", () => {
    const text = JSON.stringify(
      partEventOf(
        accounts.map((account) => ({
          ...account,
          name: "the-name",
          role: { accountId: account.id, roleName: "the-role", externalId: "the-secret" },
        })),
        { runId: "id", rules: [], listed: new Set() },
        { index: 0, count: 1, deadlineMs: 1 },
      ),
    );
    for (const hidden of ["the-name", "the-role", "the-secret"]) expect(text).not.toContain(hidden);
  });

  test("is read as it was meant", () => {
    const event = eventOf();
    expect(readPart(event)).toEqual({
      part: {
        runId: "5e1f0b1e-0000-8000-8000-000000000001",
        index: 1,
        count: 4,
        deadlineMs: 12_000,
        listed: ["cn-a", "cn-b"],
        regionsOf: { [SECOND]: ["cn-b"] },
      },
      accounts: [FIRST, SECOND],
      regions: ["cn-a", "cn-b"],
      rules: ["flow-log-service-activated"],
    });
    expect(regionsByAccount(readPart(event))).toEqual(
      new Map([
        [FIRST, ["cn-a", "cn-b"]],
        [SECOND, ["cn-b"]],
      ]),
    );
  });

  test.each<[what: string, change: object]>([
    ["a key that is not known", { alerts: {} }],
    ["no accounts", { accounts: [] }],
    ["accounts by name", { accounts: ["prod"] }],
    ["accounts by pattern", { accounts: ["*"] }],
    ["accounts as text", { accounts: FIRST }],
    ["accounts as numbers", { accounts: [1] }],
    ["an account twice", { accounts: [FIRST, FIRST] }],
    ["regions by pattern", { regions: ["cn-*"] }],
    ["all regions", { regions: ["all"] }],
    ["no regions", { regions: [] }],
    ["no rules", { rules: [] }],
    ["all rules", { rules: ["all"] }],
    ["an unknown rule", { rules: ["flow-log"] }],
    ["a rule twice", { rules: ["flow-log-retention", "flow-log-retention"] }],
  ])("is refused with %s", (_what, change) => {
    expect(() => readPart({ ...eventOf(), ...change })).toThrow("is not the part of a run");
  });

  test.each<[what: string, change: object]>([
    ["an unknown key", { role: "guard" }],
    ["no run", { runId: undefined }],
    ["a run that is not one", { runId: "../../x" }],
    ["an index below 0", { index: -1 }],
    ["an index beyond the last", { index: 4 }],
    ["an index with a fraction", { index: 0.5 }],
    ["an index as text", { index: "1" }],
    ["no parts", { index: 0, count: 0 }],
    ["too many parts", { count: 65 }],
    ["no time", { deadlineMs: 0 }],
    ["endless time", { deadlineMs: Infinity }],
    ["regions of an account that is not in it", { regionsOf: { "999": ["cn-a"] } }],
    ["regions that are not in it", { regionsOf: { [FIRST]: ["cn-c"] } }],
    ["no region of an account", { regionsOf: { [FIRST]: [] } }],
    ["regions of what no account is", JSON.parse('{"regionsOf":{"__proto__":["cn-a"]}}')],
    ["regions as a list", { regionsOf: [[FIRST, ["cn-a"]]] }],
    ["listed regions that are none", { listed: ["*"] }],
  ])("is refused where the part has %s", (_what, change) => {
    const event = eventOf();
    expect(() => readPart({ ...event, part: { ...event.part, ...change } })).toThrow(
      "is not the part of a run",
    );
  });

  test("is not repeated in the error", () => {
    expect(() => readPart({ part: { key: "LTAI5tSecret" } })).toThrow(/^(?!.*LTAI5tSecret)/);
  });
});

describe("the rate of STS", () => {
  test("is divided among the parts that run at once", () => {
    const rates = [1, 2, 3, 16, 17, 64].map((count) => rolesPerSecondOf({ count }));
    expect(rates).toEqual([80, 40, 26, 5, 5, 5]);
  });
});
