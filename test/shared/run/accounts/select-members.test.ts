import { describe, expect, test } from "vitest";

import type { MembersRequest } from "../../../../shared/audit/account-scope.ts";
import type { Member } from "../../../../shared/audit/organization.ts";
import { ScopeError } from "../../../../shared/audit/run-error.ts";
import { selectMembers } from "../../../../shared/run/accounts/select-members.ts";

function member(accountId: string, folderIds: readonly string[] | null, name: string): Member {
  return { accountId, folderIds, name, status: null, deletionStatus: null };
}

const MEMBERS = [
  member("1", ["r-root"], "root-one"),
  member("2", ["r-root", "fd-prod"], "prod-web"),
  member("3", ["r-root", "fd-prod", "fd-deep"], "prod-db"),
  member("4", ["r-root", "fd-test"], "test-web"),
];

function select(request: Partial<MembersRequest>, members: readonly Member[] = MEMBERS) {
  return selectMembers(members, { roleName: "audit", accounts: ["*"], folders: [], ...request });
}

describe("members are selected", () => {
  test.each<[string, Partial<MembersRequest>, string]>([
    ["all", {}, "1 2 3 4"],
    ["by name", { accounts: ["*-web"] }, "2 4"],
    ["by id", { accounts: ["3", "1"] }, "1 3"],
    ["but for some", { accounts: ["*", "!prod-*"] }, "1 4"],
    ["by folder, with those below it", { folders: ["fd-prod"] }, "2 3"],
    ["by the root folder", { folders: ["r-root"] }, "1 2 3 4"],
    ["but for a folder", { folders: ["r-root", "!fd-prod"] }, "1 4"],
    ["but for a folder in a folder", { folders: ["fd-prod", "!fd-deep"] }, "2"],
    ["by folder and name", { folders: ["fd-prod"], accounts: ["*-web"] }, "2"],
  ])("%s", (_what, request, expected) => {
    const { members, warnings } = select(request);
    expect(members.map(({ accountId }) => accountId).join(" ")).toBe(expected);
    expect(warnings).toEqual([]);
  });

  test.each<[string, Partial<MembersRequest>, RegExp]>([
    [
      "a stale name",
      { accounts: ["2", "gone-*"] },
      /^organization\.accounts: "gone-\*" .* 4 members/,
    ],
    ["a stale exclusion", { accounts: ["*", "!9"] }, /"!9"/],
    ["a stale folder", { folders: ["fd-prod", "fd-gone"] }, /^organization\.folders: .*"fd-gone"/],
    ["a stale exclusion of a folder", { folders: ["r-root", "!fd-gone"] }, /"!fd-gone"/],
    [
      "a name in another folder",
      { folders: ["fd-prod"], accounts: ["*", "!test-web"] },
      /"!test-web" matches none of the 2 members in these folders/,
    ],
  ])("with a warning of %s", (_what, request, expected) => {
    const { members, warnings } = select(request);
    expect(members.length).toBeGreaterThan(0);
    expect(warnings).toEqual([expect.stringMatching(expected)]);
  });
});

describe("it is an error", () => {
  test.each<[string, Partial<MembersRequest>, RegExp]>([
    ["where no name matches", { accounts: ["gone-*"] }, /"gone-\*"/],
    [
      "where no folder matches",
      { folders: ["fd-gone"] },
      /"fd-gone"\. Correct it, or take it out\.$/,
    ],
    ["where all is left out", { accounts: ["*", "!*"] }, /exclusions/],
    [
      "where all folders are left out",
      { folders: ["fd-prod", "!r-root"] },
      /exclusions|matches none/,
    ],
  ])("%s", (_what, request, expected) => {
    expect(() => select(request)).toThrow(ScopeError);
    expect(() => select(request)).toThrow(expected);
  });

  test("where there are no members", () => {
    expect(() => select({}, [])).toThrow("the resource directory has no members");
  });

  test("where folders are meant, and the directory does not say in which a member is", () => {
    const members = [...MEMBERS, member("5", null, "lost")];
    expect(select({}, members).members).toHaveLength(5);
    expect(() => select({ folders: ["fd-prod"] }, members)).toThrow(/account 5 is/);
  });
});
