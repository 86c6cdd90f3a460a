import { describe, expect, test } from "vitest";

import type { AccountsRequest, MembersRequest } from "../../../../shared/audit/account-scope.ts";
import type { Member } from "../../../../shared/audit/organization.ts";
import { ConfigError, ScopeError } from "../../../../shared/audit/run-error.ts";
import {
  chooseAccounts,
  type ChosenAccounts,
  type KnownAccounts,
} from "../../../../shared/run/accounts/choose-accounts.ts";

const [OWN, PROD, TEST, OTHER] = ["1000", "2000", "3000", "4000"] as const;

function member(accountId: string, changes: Partial<Member> = {}): Member {
  return {
    accountId,
    name: `name-${accountId}`,
    folderIds: ["r-root", "fd-a"],
    status: "CreateSuccess",
    deletionStatus: null,
    ...changes,
  };
}

const MEMBERS: MembersRequest = { roleName: "audit", accounts: ["*"], folders: [] };

function choose(
  request: Partial<AccountsRequest>,
  known: Partial<KnownAccounts> = {},
): ChosenAccounts {
  return chooseAccounts(
    { entries: [], members: null, externalId: null, selectors: null, ...request },
    { members: [], managementAccount: null, callerId: OWN, ...known },
  );
}

function idsOf({ accounts }: ChosenAccounts): readonly string[] {
  return accounts.map(({ id }) => id);
}

/** Accounts by name: `id` where the caller's credentials are used, else `id:role` or `id:role:secret`. */
function rolesOf({ accounts }: ChosenAccounts): readonly string[] {
  return accounts.map(({ id, role }) =>
    [id, role?.roleName, role?.externalId].filter((part) => part !== undefined).join(":"),
  );
}

function errorOf(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}

const ORGANIZATION = { members: [member(OWN), member(PROD), member(TEST)] };

describe("the accounts of a run are", () => {
  test("the members and the management account, sorted, each once", () => {
    const chosen = choose(
      { members: MEMBERS },
      {
        members: [member(TEST), member(PROD), member(PROD)],
        managementAccount: { accountId: OWN, name: "management" },
      },
    );
    expect(rolesOf(chosen)).toEqual([OWN, `${PROD}:audit`, `${TEST}:audit`]);
    expect(chosen.accounts[0]).toMatchObject({ name: "management" });
    const listed = choose(
      { members: MEMBERS },
      { members: [member(OWN)], managementAccount: { accountId: OWN, name: "management" } },
    );
    expect(listed.accounts).toMatchObject([{ id: OWN, name: `name-${OWN}` }]);
  });

  test("those of the file too, which override what the directory says", () => {
    const chosen = choose(
      {
        members: MEMBERS,
        externalId: "org-secret",
        entries: [
          {
            id: PROD,
            name: "prod",
            roleName: "own-role",
            externalId: "own-secret",
            regions: ["cn-a"],
          },
          { id: OTHER },
        ],
      },
      ORGANIZATION,
    );
    expect(rolesOf(chosen)).toEqual([
      OWN,
      `${PROD}:own-role:own-secret`,
      `${TEST}:audit:org-secret`,
      `${OTHER}:audit:org-secret`,
    ]);
    expect(chosen.accounts).toMatchObject([
      { regions: null },
      { name: "prod", regions: ["cn-a"] },
      { name: `name-${TEST}` },
      { name: null },
    ]);
  });

  test("an entry that the organization's selectors leave out", () => {
    const accounts = ["*", `!${PROD}`];
    const chosen = choose(
      { members: { ...MEMBERS, accounts }, entries: [{ id: PROD }] },
      ORGANIZATION,
    );
    expect(idsOf(chosen)).toEqual([OWN, PROD, TEST]);
  });

  test("the caller's own where only selectors are given", () => {
    expect(rolesOf(choose({ selectors: [OWN] }))).toEqual([OWN]);
    expect(rolesOf(choose({ selectors: ["*"] }))).toEqual([OWN]);
  });

  test("the caller's own without a role, whatever is configured", () => {
    expect(rolesOf(choose({ entries: [{ id: OWN, roleName: "audit" }] }))).toEqual([OWN]);
  });

  test("tried with a role where the caller is not known, and never taken for the caller's", () => {
    const entries = [{ id: OWN, roleName: "audit" }, { id: OTHER }];
    expect(rolesOf(choose({ entries }, { callerId: null }))).toEqual([`${OWN}:audit`, OTHER]);
  });

  test("named by text that is safe to show", () => {
    const name = "\u202eprod\n" + "x".repeat(300);
    const chosen = choose({ members: MEMBERS }, { members: [member(PROD, { name })] });
    const shown = chosen.accounts[0]?.name ?? "";
    expect(shown).toMatch(/^prod x+…$/);
    expect(Buffer.byteLength(shown)).toBeLessThanOrEqual(256);
    const nameless = choose({ members: MEMBERS }, { members: [member(PROD, { name: "\u200b" })] });
    expect(nameless.accounts[0]?.name).toBeNull();
  });
});

describe("a flag or an event selects", () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ["ids", [PROD], [PROD]],
    ["names", [`name-${TEST}`], [TEST]],
    ["patterns of names", ["name-*", `!${OWN}`], [PROD, TEST]],
    ["patterns of ids", ["2*"], [PROD]],
    ["and leaves out names", ["*", `!name-${PROD}`], [OWN, TEST]],
  ])("%s", (_what, selectors, expected) => {
    expect(idsOf(choose({ members: MEMBERS, selectors }, ORGANIZATION))).toEqual(expected);
  });

  test.each<[string, readonly string[], string]>([
    ["an id that is not there", ["9999"], '"9999" matches none of the 3 accounts'],
    ["one of several", [PROD, "9999"], '"9999" matches'],
    ["an exclusion", ["*", "!staging-*"], '"!staging-*" matches'],
    ["a name that might be a secret", ["LTAI5tQx7Ga9wdnm2Kfp"], "an entry (not shown) matches"],
    ["an id that is a name there", ["4711"], '"4711" matches'],
  ])("nothing by %s, which is an error", (_what, selectors, text) => {
    const known = {
      members: [...ORGANIZATION.members.slice(0, 2), member(TEST, { name: "4711" })],
    };
    const error = errorOf(() => choose({ members: MEMBERS, selectors }, known));
    expect(error).toBeInstanceOf(ScopeError);
    expect(error).toMatchObject({ code: "NO_MATCH", message: expect.stringContaining(text) });
  });

  test.each<[string, () => unknown, string]>([
    [
      "the accounts that there are",
      () => choose({ members: MEMBERS, selectors: ["name-x*"] }, ORGANIZATION),
      `"name-x*" matches none of the 3 accounts that are configured, which are name-${OWN} (${OWN}), name-`,
    ],
    [
      "the only one that there is",
      () => choose({ entries: [{ id: OWN }], selectors: [PROD] }),
      `"${PROD}" does not match the only account that is configured, ${OWN}.`,
    ],
    [
      "how to configure others, where none is configured",
      () => choose({ selectors: ["prod-*"] }),
      `does not match the account of the credentials, ${OWN}, and no other account is configured. To audit others, set FLOWLOG_GUARD_ORGANIZATION_ROLE`,
    ],
  ])("where nothing matches, the error says %s", (_what, choosing, text) => {
    expect(errorOf(choosing)).toMatchObject({ message: expect.stringContaining(text) });
  });

  test("nothing where all is left out, which is an error", () => {
    const error = errorOf(() => choose({ selectors: [OWN, `!${OWN}`] }));
    expect(error).toMatchObject({
      code: "NO_MATCH",
      message: expect.stringContaining("exclusions"),
    });
  });

  test("nothing where the credentials are of another account, which is an error", () => {
    expect(errorOf(() => choose({ selectors: [PROD] }))).toMatchObject({ code: "NO_MATCH" });
  });

  test("among many thousands in a moment", () => {
    const members = Array.from({ length: 20_000 }, (_, index) => member(String(10_000 + index)));
    const selectors = members.map(({ accountId }) => accountId);
    const startedMs = performance.now();
    expect(choose({ members: MEMBERS, selectors }, { members }).accounts).toHaveLength(20_000);
    expect(performance.now() - startedMs).toBeLessThan(5_000);
  });
});

describe("members that cannot be audited", () => {
  const known = {
    members: [
      member(OWN),
      member(PROD, { status: "CreateFailed" }),
      member(TEST, { deletionStatus: "Deleting", name: null }),
    ],
  };

  test("are named with the reason", () => {
    const { accounts, skipped } = choose({ members: MEMBERS }, known);
    expect(accounts).toHaveLength(1);
    expect(skipped).toEqual([
      {
        id: PROD,
        name: `name-${PROD}`,
        regions: [],
        status: "skipped",
        reason: { code: "NOT_READY", message: expect.stringContaining("CreateFailed") },
      },
      {
        id: TEST,
        regions: [],
        status: "skipped",
        reason: { code: "BEING_DELETED", message: expect.any(String) },
      },
    ]);
  });

  test("are not where they are not selected, and are where the file names them", () => {
    expect(choose({ members: MEMBERS, selectors: [OWN] }, known).skipped).toEqual([]);
    const accounts = ["*", `!${PROD}`];
    const { skipped } = choose(
      { members: { ...MEMBERS, accounts }, entries: [{ id: PROD }] },
      known,
    );
    expect(skipped.map(({ id }) => id)).toEqual([PROD, TEST]);
  });

  test("are no scope by themselves", () => {
    const error = errorOf(() => choose({ members: MEMBERS, selectors: [PROD, TEST] }, known));
    expect(error).toBeInstanceOf(ScopeError);
    expect(error).toMatchObject({
      message: expect.stringContaining("all 2 accounts that are selected"),
    });
  });
});

describe("a role", () => {
  test("is needed in an account of somebody else", () => {
    const error = errorOf(() => choose({ entries: [{ id: PROD }, { id: TEST }, { id: OWN }] }));
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({
      problems: [expect.stringContaining(PROD), expect.stringContaining(TEST)],
    });
  });

  test("is not needed where the account is not selected", () => {
    const entries = [{ id: PROD }, { id: OWN }];
    expect(idsOf(choose({ entries, selectors: [OWN] }))).toEqual([OWN]);
  });

  test.each(["ResourceDirectoryAccountAccessRole", "resourcedirectoryaccountaccessrole"])(
    "with all permissions is taken, with a warning: %s",
    (roleName) => {
      const { accounts, warnings } = choose({ members: { ...MEMBERS, roleName } }, ORGANIZATION);
      expect(accounts[1]?.role?.roleName).toBe(roleName);
      expect(warnings).toEqual([expect.stringMatching(/in 2 accounts.*AdministratorAccess/)]);
    },
  );

  test("of any other name is no warning", () => {
    expect(choose({ members: MEMBERS }, ORGANIZATION).warnings).toEqual([]);
  });
});
