import { expect, test } from "vitest";

import { type Emulator, startEmulator } from "../../../emulator/emulator.ts";
import type { Fault } from "../../../emulator/faults.ts";
import { memberIdOf, organizationOf } from "../../../emulator/organization.ts";
import { auditEmulator } from "../../../harness/audit-emulator.ts";

const ROLE = "flowlog-guard-audit";

async function auditMembers(emulator: Emulator) {
  return auditEmulator(emulator, {
    accounts: {
      entries: [],
      members: { roleName: ROLE, accounts: ["*"], folders: [] },
      externalId: null,
      selectors: null,
    },
  });
}

/** Lists the first of three members alone, and says that there are so many. */
function firstOf(totalCount: number | null, times?: number): Fault {
  const body = {
    TotalCount: totalCount,
    PageNumber: 1,
    PageSize: 1,
    Accounts: { Account: [{ AccountId: memberIdOf(0) }] },
  };
  const fault = { kind: "body", status: 200, text: JSON.stringify(body) } as const;
  return times === undefined ? fault : { ...fault, times };
}

async function startOrganization(ListAccounts: Fault): Promise<Emulator> {
  return startEmulator({
    regions: { "cn-a": { activated: true } },
    ...organizationOf({ memberCount: 3 }),
    faults: { ListAccounts },
  });
}

test("a list with fewer members than the directory says it has is no scope", async () => {
  await using emulator = await startOrganization(firstOf(3));
  await expect(auditMembers(emulator)).rejects.toMatchObject({
    name: "ScopeError",
    message: expect.stringMatching(/LIST_UNSTABLE.* has 3 members, and listed 1 of them/),
  });
  expect(emulator.counts.byAction.get("ListAccounts")).toBe(3);
  expect(emulator.counts.byAction.has("AssumeRole")).toBe(false);
});

test("a list that misses who joined meanwhile is read again", async () => {
  await using emulator = await startOrganization(firstOf(3, 1));
  const { accounts } = await auditMembers(emulator);
  expect(accounts.map(({ id }) => id)).toEqual([...[0, 1, 2].map(memberIdOf), "1900000000000001"]);
});

test.each([[1], [0], [null]])("a list that says %s has them all", async (totalCount) => {
  await using emulator = await startOrganization(firstOf(totalCount));
  expect((await auditMembers(emulator)).accounts).toHaveLength(2);
});
