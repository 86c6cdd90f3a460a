import { describe, expect, test } from "vitest";

import type { AccountEntry } from "../../../shared/audit/account-scope.ts";
import { type Config, DEFAULT_CONFIG } from "../../../shared/config/config.ts";
import {
  type AuditingIdentity,
  organizationPolicy,
} from "../../../shared/entry/organization-policy.ts";
import { SAMPLE_RULE } from "../../harness/sample-rule.ts";

const RULE = {
  ...SAMPLE_RULE,
  permissions: [{ action: "vpc:DescribeVpcs", resource: (id: string) => `acs:vpc:*:${id}:vpc/*` }],
};
const ANY: AuditingIdentity = {
  accountId: "*",
  auditFunction: { accountId: "*", regionId: "*", name: "flowlog-guard-audit" },
};
const ROLE = "flowlog-guard-audit";

type Given = Partial<Omit<Config, "organization">> & {
  readonly organization?: Partial<Config["organization"]>;
};

function policyFor({ organization, ...config }: Given, identity: Partial<AuditingIdentity> = {}) {
  return organizationPolicy(
    {
      ...DEFAULT_CONFIG,
      regions: ["cn-a"],
      ...config,
      organization: { ...DEFAULT_CONFIG.organization, ...organization },
    },
    [RULE],
    { ...ANY, ...identity },
  );
}

function accounts(...entries: readonly AccountEntry[]): Pick<Config, "accounts"> {
  return { accounts: { entries, selectors: null } };
}

/** The ARNs of the statements with an action. */
function resourcesOf(action: string, given: Given, identity?: Partial<AuditingIdentity>): unknown {
  const { Statement } = policyFor(given, identity).policy;
  const found = Statement.filter(({ Action }) => Action === action);
  expect(found.length).toBeLessThan(2);
  return found[0]?.["Resource"];
}

function actionsOf(given: Given, identity?: Partial<AuditingIdentity>): unknown[] {
  return policyFor(given, identity).policy.Statement.map(({ Action }) => Action);
}

describe("the roles to assume", () => {
  test.each<[string, Given, unknown]>([
    ["one account", accounts({ id: "11", roleName: ROLE }), `acs:ram::11:role/${ROLE}`],
    [
      "several accounts",
      accounts({ id: "11", roleName: ROLE }, { id: "12", roleName: "other" }),
      [`acs:ram::11:role/${ROLE}`, "acs:ram::12:role/other"],
    ],
    ["an account without a role: that of the credentials", accounts({ id: "11" }), undefined],
    [
      "members, whose ids are not known",
      { organization: { roleName: ROLE } },
      `acs:ram::*:role/${ROLE}`,
    ],
    [
      "members, and an account with the same role",
      { ...accounts({ id: "11" }), organization: { roleName: ROLE } },
      `acs:ram::*:role/${ROLE}`,
    ],
    [
      "members, and an account with another role",
      { ...accounts({ id: "11", roleName: "other" }), organization: { roleName: ROLE } },
      [`acs:ram::*:role/${ROLE}`, "acs:ram::11:role/other"],
    ],
    [
      "accounts that are selected",
      {
        accounts: {
          entries: [
            { id: "11", roleName: ROLE },
            { id: "12", name: "prod-a", roleName: ROLE },
          ],
          selectors: ["prod-*"],
        },
      },
      `acs:ram::12:role/${ROLE}`,
    ],
    [
      "accounts beside members: what the directory calls them may select them",
      {
        accounts: { entries: [{ id: "11", roleName: "other" }], selectors: ["prod-*"] },
        organization: { roleName: ROLE },
      },
      [`acs:ram::*:role/${ROLE}`, "acs:ram::11:role/other"],
    ],
  ])("of %s", (_name, given, expected) => {
    expect(resourcesOf("sts:AssumeRole", given)).toEqual(expected);
  });

  test("are not those of the identity's own account", () => {
    const given = accounts({ id: "11", roleName: ROLE }, { id: "12", roleName: ROLE });
    expect(resourcesOf("sts:AssumeRole", given, { accountId: "12" })).toBe(
      `acs:ram::11:role/${ROLE}`,
    );
  });

  test("are named once for any account where RAM would refuse the policy as too long", () => {
    const many = Array.from({ length: 200 }, (_, index) => ({
      id: String(1_234_567_890_123_000 + index),
      roleName: index % 2 === 0 ? ROLE : "other",
    }));
    const { policy, notes } = policyFor(accounts(...many));
    expect(policy.Statement.find(({ Action }) => Action === "sts:AssumeRole")).toMatchObject({
      Resource: [`acs:ram::*:role/${ROLE}`, "acs:ram::*:role/other"],
    });
    expect(notes.join()).toContain("6144 characters");
    const fitting = policyFor(accounts(...many.slice(0, 60)));
    expect(fitting.notes).toEqual([]);
    expect(JSON.stringify(fitting.policy)).not.toContain("::*:");
  });
});

describe("the other permissions", () => {
  test.each<[string, Given, string, unknown[]]>([
    ["members", { organization: { roleName: ROLE } }, "12", ["vpc:DescribeVpcs"]],
    ["accounts with the own one", accounts({ id: "12" }), "12", ["vpc:DescribeVpcs"]],
    ["accounts, the own one unknown", accounts({ id: "11" }), "*", ["vpc:DescribeVpcs"]],
    ["accounts without the own one", accounts({ id: "11" }), "12", []],
  ])("are the rules' where the own account may be audited: %s", (_name, given, id, expected) => {
    const actions = actionsOf(given, { accountId: id });
    expect(actions.filter((action) => action === "vpc:DescribeVpcs")).toEqual(expected);
  });

  test.each<[string, Given, boolean]>([
    ["an account with regions of its own", accounts({ id: "11", regions: ["cn-b"] }), false],
    ["one with patterns", accounts({ id: "11", regions: ["cn-*"] }), true],
    [
      "patterns that no account uses",
      { ...accounts({ id: "11", regions: ["cn-b"] }), regions: ["all"] },
      false,
    ],
    [
      "patterns that another account uses",
      { ...accounts({ id: "11", regions: ["cn-b"] }, { id: "12" }), regions: ["all"] },
      true,
    ],
    [
      "patterns for members",
      {
        ...accounts({ id: "11", regions: ["cn-b"] }),
        regions: ["all"],
        organization: { roleName: ROLE },
      },
      true,
    ],
  ])("include the list of regions only where it is read: %s", (_name, given, expected) => {
    expect(actionsOf(given).includes("vpc:DescribeRegions")).toBe(expected);
  });

  test.each<[readonly string[], string[]]>([
    [[], ["resourcemanager:ListAccounts", "resourcemanager:GetResourceDirectory"]],
    [["fd-abc"], ["resourcemanager:ListAccounts"]],
  ])("are for the members in the folders %j", (folders, expected) => {
    const actions = actionsOf({ organization: { roleName: ROLE, folders } });
    expect(actions.filter((action) => String(action).startsWith("resourcemanager:"))).toEqual(
      expected,
    );
    expect(actionsOf(accounts({ id: "11" })).join()).not.toContain("resourcemanager:");
  });

  test.each<[Config["fanOut"], unknown]>([
    [{ parts: null, function: null }, undefined],
    [{ parts: 1, function: "parts" }, undefined],
    [{ parts: 2, function: null }, "acs:fc:cn-a:12:functions/flowlog-guard-audit"],
    [{ parts: null, function: "parts" }, "acs:fc:cn-a:12:functions/flowlog-guard-audit"],
  ])("include the audit function for %j", (fanOut, expected) => {
    const auditFunction = { accountId: "12", regionId: "cn-a", name: "flowlog-guard-audit" };
    const given = { organization: { roleName: ROLE }, fanOut };
    expect(resourcesOf("fc:InvokeFunction", given, { auditFunction })).toBe(expected);
    expect(policyFor(given, { auditFunction }).notes).toEqual([]);
  });

  test("include the state, in the identity's own account", () => {
    const state: Config["state"] = { kind: "oss", bucket: "b", prefix: "p/", regionId: null };
    const given = { organization: { roleName: ROLE }, state };
    expect(resourcesOf("oss:PutObject", given, { accountId: "12" })).toBe("acs:oss:*:12:b/p/*");
  });
});
