import { describe, expect, test } from "vitest";

import { ceilingOf, exceeds } from "../../../shared/config/account-capacity.ts";
import { warningsOfAccounts } from "../../../shared/config/account-warnings.ts";
import { type Config, resolveConfig } from "../../../shared/config/config.ts";
import { readFileLayer } from "../../../shared/config/layer.ts";
import { RULE_IDS } from "../../../shared/rules/rule-ids.ts";

function configOf(values: object): Config {
  return resolveConfig(readFileLayer({ name: "f.yaml", values }, {}));
}

function entries(count: number): object[] {
  return Array.from({ length: count }, (_, index) => ({ id: String(index + 1), roleName: "r" }));
}

const MEMBERS = { organization: { roleName: "r" } };

describe("at most how many accounts one run audits", () => {
  test.each<[object, { seconds: number; concurrency: number; vcpus?: number }, number, string]>([
    // 80 roles a second.
    [MEMBERS, { seconds: 36, concurrency: 300 }, 2_800, "roles"],
    [MEMBERS, { seconds: 300, concurrency: 300 }, 24_000, "roles"],
    // 32 regions at once, of 100 ms each: 1,000 accounts of 30 regions take 94 seconds.
    [MEMBERS, { seconds: 94, concurrency: 32 }, 1_000, "concurrency"],
    // 30,000 calls take 18 seconds of a vCPU.
    [MEMBERS, { seconds: 18, concurrency: 1_000, vcpus: 1 }, 1_000, "cpu"],
    [MEMBERS, { seconds: 80, concurrency: 300, vcpus: 0.25 }, 1_100, "cpu"],
    // Each rule asks in each region.
    [{ ...MEMBERS, rules: "all" }, { seconds: 860, concurrency: 300, vcpus: 1 }, 9_500, "cpu"],
    // Regions by id are as many as are named.
    [
      { ...MEMBERS, regions: ["cn-a", "cn-b", "cn-a"] },
      { seconds: 1, concurrency: 8 },
      40,
      "concurrency",
    ],
    [{ ...MEMBERS, regions: ["cn-*"] }, { seconds: 30, concurrency: 1 }, 10, "concurrency"],
    // Parts share the rate of STS, and their deadline holds two tries.
    [{ ...MEMBERS, fanOut: { parts: 4 } }, { seconds: 60, concurrency: 300 }, 2_400, "roles"],
    [{ ...MEMBERS, fanOut: { parts: 4 } }, { seconds: 60, concurrency: 8 }, 320, "concurrency"],
    [{ ...MEMBERS, fanOut: { parts: 64 } }, { seconds: 60, concurrency: 8 }, 1_200, "concurrency"],
    [MEMBERS, { seconds: 0.001, concurrency: 1 }, 1, "concurrency"],
  ])("%j with %j: %i, because of %s", (values, resources, accounts, bound) => {
    expect(ceilingOf(configOf(values), resources)).toMatchObject({ accounts, bound });
  });

  test("is exceeded by a longer list, and may be by an organization", () => {
    const list = configOf({ accounts: entries(11) });
    expect(exceeds(list, { accounts: 10 })).toBe(true);
    expect(exceeds(list, { accounts: 11 })).toBe(false);
    expect(exceeds(configOf(MEMBERS), { accounts: 4_999 })).toBe(true);
    expect(exceeds(configOf(MEMBERS), { accounts: 5_000 })).toBe(false);
    expect(exceeds(configOf({}), { accounts: 1 })).toBe(false);
  });
});

describe("config warns of", () => {
  test.each<[what: string, values: object]>([
    ["one account", { deadline: "1s", concurrency: 1_000 }],
    ["an organization by the defaults", MEMBERS],
    ["an organization with all rules", { ...MEMBERS, rules: [...RULE_IDS] }],
    ["some accounts in a short time", { accounts: entries(10), deadline: "10s", concurrency: 30 }],
    ["parts of an organization", { ...MEMBERS, fanOut: { parts: 4, function: "audit" } }],
  ])("nothing: %s", (_what, values) => {
    expect(warningsOfAccounts(configOf(values))).toEqual([]);
  });

  test.each<[what: string, values: object, says: string]>([
    [
      "a deadline in which STS gives too few roles",
      { ...MEMBERS, deadline: "36s" },
      "organization: with deadline 36s, and concurrency 300, one run audits about 2800 accounts at most, because a role is assumed in each, at most 80 a second. Write a longer deadline.",
    ],
    [
      "a small concurrency for an organization",
      { ...MEMBERS, concurrency: 32 },
      "organization: with deadline 5m, and concurrency 32, one run audits about 3200 accounts at most, because an answer takes some 100 ms. Write a longer deadline, or a greater concurrency, such as 300.",
    ],
    [
      "more accounts than there is time for",
      { accounts: entries(1_001), deadline: "94s", concurrency: 32 },
      "accounts (1001): with deadline 94s, and concurrency 32, one run audits about 1000 accounts at most, because an answer takes some 100 ms. Write a longer deadline, or a greater concurrency, such as 300.",
    ],
    [
      "a deadline of parts, which holds two tries",
      { ...MEMBERS, deadline: "1m", fanOut: { parts: 2 } },
      "organization: with deadline 1m, which holds two tries of a part, and concurrency 300, one run audits about 2400 accounts at most, because a role is assumed in each, at most 80 a second. Write a longer deadline.",
    ],
    [
      "more connections than memory was measured with",
      { ...MEMBERS, concurrency: 301 },
      "concurrency: 301 connections at once need more memory than 300, and hardly save time, because roles are assumed at most 80 times a second.",
    ],
    [
      "parts of one account",
      { fanOut: { parts: 2 } },
      "fanOut: has no effect, because only one account is audited. Add accounts or organization, or take it out.",
    ],
    [
      "a role that may change everything",
      { organization: { roleName: "resourcedirectoryAccountAccessRole" } },
      "roleName: ResourceDirectoryAccountAccessRole has AdministratorAccess: it can change everything in a member, and an audit needs to read little. Create a role with the policy that flowlog-guard policy --member prints.",
    ],
    [
      "such a role of one account",
      { accounts: [{ id: "1", roleName: "ResourceDirectoryAccountAccessRole" }] },
      "roleName: ResourceDirectoryAccountAccessRole has AdministratorAccess: it can change everything in a member, and an audit needs to read little. Create a role with the policy that flowlog-guard policy --member prints.",
    ],
  ])("%s", (_what, values, says) => {
    expect(warningsOfAccounts(configOf(values))).toEqual([says]);
  });
});
