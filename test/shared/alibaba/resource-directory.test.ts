import { describe, expect, test } from "vitest";

import type { Member } from "../../../shared/audit/organization.ts";
import type { DirectorySeed, MemberSeed } from "../../emulator/directory-seed.ts";
import { type Emulator, startEmulator } from "../../emulator/emulator.ts";
import type { Fault } from "../../emulator/faults.ts";
import { memberIdOf, organizationOf } from "../../emulator/organization.ts";
import type { World } from "../../emulator/world.ts";
import { askOrganization } from "../../harness/ask-organization.ts";

const MANAGEMENT = "1900000000000001";

function startWorld(world: Partial<World> = {}): Promise<Emulator> {
  return startEmulator({ regions: {}, ...organizationOf({ memberCount: 2 }), ...world });
}

function startDirectory(members: readonly MemberSeed[], more: Partial<DirectorySeed> = {}) {
  return startWorld({ directory: { managementAccountId: MANAGEMENT, members, ...more } });
}

function startListFault(fault: Fault): Promise<Emulator> {
  return startWorld({ faults: { ListAccounts: fault } });
}

async function listMembers(emulator: Emulator, token: string | null = null) {
  return askOrganization(emulator, async (organization, limit) =>
    organization.listMembers(token, limit),
  );
}

async function getManagementAccount(emulator: Emulator) {
  return askOrganization(emulator, async (organization, limit) =>
    organization.getManagementAccount(limit),
  );
}

describe("members are listed", () => {
  test("by tokens, 100 at once", async () => {
    await using emulator = await startWorld(organizationOf({ memberCount: 1_050 }));
    const found: Member[] = [];
    let token: string | null = null;
    do {
      const { value }: Awaited<ReturnType<typeof listMembers>> = await listMembers(emulator, token);
      found.push(...value.items);
      token = value.nextToken;
    } while (token !== null);
    expect(found.map(({ accountId }) => accountId)).toEqual(
      Array.from({ length: 1_050 }, (_, index) => memberIdOf(index)),
    );
    expect(emulator.requests).toHaveLength(11);
    expect(emulator.requests[0]?.query).toEqual({ MaxResults: "100" });
    expect(emulator.requests[10]?.query).toEqual({
      MaxResults: "100",
      NextToken: expect.any(String),
    });
  });

  test("with the same token again where the service repeats it", async () => {
    await using emulator = await startDirectory([], { repeatsToken: true });
    const { value } = await listMembers(emulator);
    const { value: next } = await listMembers(emulator, value.nextToken);
    expect(next.nextToken).toBe(value.nextToken);
  });

  test("none where there are none", async () => {
    await using emulator = await startDirectory([]);
    const { value, exchange } = await listMembers(emulator);
    expect(value).toEqual({ items: [], nextToken: null, totalCount: 0 });
    expect(exchange).toMatchObject({ httpStatus: 200, requestId: expect.any(String) });
  });
});

describe("a member has", () => {
  const accountId = "1500000000000009";

  async function memberOf(seed: Omit<MemberSeed, "accountId">): Promise<Member | undefined> {
    await using emulator = await startDirectory([{ accountId, ...seed }]);
    return (await listMembers(emulator)).value.items[0];
  }

  test("its folders, its name and its status", async () => {
    expect(
      await memberOf({
        displayName: "Shop 商店",
        accountName: "shop@example.com",
        folderPath: ["fd-a", "fd-b"],
        status: "InviteSuccess",
        deletionStatus: "Checking",
      }),
    ).toEqual({
      accountId,
      name: "Shop 商店",
      folderIds: ["r-WmEmul", "fd-a", "fd-b"],
      status: "InviteSuccess",
      deletionStatus: "Checking",
    });
  });

  test.each<[what: string, seed: Omit<MemberSeed, "accountId">, expected: Partial<Member>]>([
    ["its account's name without another", { accountName: "shop" }, { name: "shop" }],
    ["no name where there is none", {}, { name: null }],
    ["the root alone outside of folders", {}, { folderIds: ["r-WmEmul"] }],
    ["no folders where the directory says none", { folderPath: null }, { folderIds: null }],
    ["an unknown status as it is", { status: "Frozen" }, { status: "Frozen" }],
    ["no status for an empty one", { status: "" }, { status: null, deletionStatus: null }],
  ])("%s", async (_what, seed, expected) => {
    expect(await memberOf(seed)).toMatchObject(expected);
  });

  /** The folders above one are not known without a path. */
  test.each([
    [{ FolderId: "r-root" }, ["r-root"]],
    [{ FolderId: "fd-a" }, null],
    [{ FolderId: "fd-a", ResourceDirectoryPath: "" }, null],
    [{ FolderId: "fd-a", ResourceDirectoryPath: `rd-1/${accountId}` }, null],
    [{ ResourceDirectoryPath: `rd-1/r-2/fd-3/${accountId}` }, ["r-2", "fd-3"]],
    [{ FolderId: null, ResourceDirectoryPath: null, Status: null, DisplayName: null }, null],
  ])("folders by %j: %j", async (fields, folderIds) => {
    const text = JSON.stringify({ Accounts: { Account: [{ AccountId: accountId, ...fields }] } });
    await using emulator = await startListFault({ kind: "body", status: 200, text });
    expect((await listMembers(emulator)).value.items).toMatchObject([{ accountId, folderIds }]);
  });
});

const ITEM = { AccountId: "1500000000000009", DisplayName: "Shop" };
const bodyWith = (...Account: object[]) => ({ Accounts: { Account } });

test("a page with more than was asked for is read whole", async () => {
  const items = Array.from({ length: 250 }, (_, index) => ({ AccountId: memberIdOf(index) }));
  const text = JSON.stringify(bodyWith(...items));
  await using emulator = await startListFault({ kind: "body", status: 200, text });
  expect((await listMembers(emulator)).value.items).toHaveLength(250);
});

test.each([
  [{}],
  [{ Accounts: null }],
  [{ Accounts: {} }],
  [{ Accounts: { Account: ITEM } }],
  [{ Accounts: { Account: null } }],
  [bodyWith({ ...ITEM, AccountId: 1_500_000_000_000_009 })],
  [bodyWith({ ...ITEM, AccountId: "" })],
  [bodyWith({ ...ITEM, AccountId: "1500000000000009 " })],
  [bodyWith({ ...ITEM, AccountId: undefined })],
  [bodyWith(ITEM, { ...ITEM, DisplayName: 7 })],
  [bodyWith({ ...ITEM, ResourceDirectoryPath: ["rd-1"] })],
  [{ ...bodyWith(ITEM), NextToken: 7 }],
  [{ ...bodyWith(ITEM), TotalCount: "many" }],
])("malformed: %j", async (body) => {
  await using emulator = await startListFault({
    kind: "body",
    status: 200,
    text: JSON.stringify(body),
  });
  await expect(listMembers(emulator)).rejects.toMatchObject({
    code: "MALFORMED_RESPONSE",
    retryable: "never",
    message: expect.stringContaining("The answer is not one of resourcemanager:ListAccounts: "),
  });
});

describe("the management account", () => {
  test("is read with its name", async () => {
    await using emulator = await startDirectory([], { managementAccountName: "Head office" });
    const { value } = await getManagementAccount(emulator);
    expect(value).toEqual({ accountId: MANAGEMENT, name: "Head office" });
    expect(emulator.requests).toMatchObject([{ action: "GetResourceDirectory", query: {} }]);
  });

  test("has no name where it is empty", async () => {
    await using emulator = await startDirectory([], { managementAccountName: "" });
    expect((await getManagementAccount(emulator)).value.name).toBeNull();
  });

  test.each([
    [{}],
    [{ ResourceDirectory: null }],
    [{ ResourceDirectory: { MasterAccountName: "x" } }],
    [{ ResourceDirectory: { MasterAccountId: 1_900_000_000_000_001 } }],
  ])("malformed: %j", async (body) => {
    await using emulator = await startWorld({
      faults: {
        GetResourceDirectory: { kind: "body", status: 200, text: JSON.stringify(body) },
      },
    });
    await expect(getManagementAccount(emulator)).rejects.toMatchObject({
      code: "MALFORMED_RESPONSE",
    });
  });
});

describe("the directory cannot be read", () => {
  test.each([
    [
      "by an account that may not",
      { readers: [] },
      "ACCESS_DENIED",
      "NoPermission",
      "ListAccounts",
    ],
    [
      "where there is none",
      null,
      "SERVICE_ERROR",
      "EntityNotExists.ResourceDirectory",
      "in no resource directory",
    ],
  ])("%s", async (_what, changes, code, serviceCode, text) => {
    const directory = changes && { managementAccountId: MANAGEMENT, members: [], ...changes };
    await using emulator = await startWorld({ directory });
    await expect(listMembers(emulator)).rejects.toMatchObject({
      code,
      serviceCode,
      retryable: "never",
      message: expect.stringContaining(text),
    });
  });

  test("for its management account either, with the RAM action that is missing", async () => {
    const fault: Fault = { kind: "error", status: 403, code: "NoPermission", message: "no" };
    await using emulator = await startWorld({ faults: { GetResourceDirectory: fault } });
    await expect(getManagementAccount(emulator)).rejects.toMatchObject({
      code: "ACCESS_DENIED",
      message: expect.stringContaining("resourcemanager:GetResourceDirectory"),
    });
  });
});
