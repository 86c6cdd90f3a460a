import openApi, { $OpenApiUtil } from "@alicloud/openapi-core";
import { RuntimeOptions } from "@darabonba/typescript";
import { describe, expect, test } from "vitest";

import type { KeyPair } from "./acs3-signature.ts";
import { type Emulator, startEmulator } from "./emulator.ts";
import { everyNth } from "./faults.ts";
import { memberIdOf, organizationOf } from "./organization.ts";
import { TokenBucket } from "./token-bucket.ts";
import { mostWithin } from "./traffic.ts";
import { DEFAULT_WORLD, type World } from "./world.ts";

const REGIONS = { "cn-a": { activated: true }, "cn-b": { activated: false } };
const ROLE_NAME = "flowlog-guard-audit";
const VERSIONS: Readonly<Record<string, string>> = {
  ListAccounts: "2022-04-19",
  GetResourceDirectory: "2022-04-19",
  AssumeRole: "2015-04-01",
  GetCallerIdentity: "2015-04-01",
};

/** The fields of answers that the tests look at. */
interface Answer {
  readonly AccountId: string;
  readonly Accounts: { readonly Account: readonly { readonly AccountId: string }[] };
  readonly Credentials: Readonly<
    Record<"AccessKeyId" | "AccessKeySecret" | "SecurityToken", string>
  >;
  readonly Enabled: boolean;
  readonly NextToken: string;
  readonly ResourceDirectory: unknown;
}

interface Parameters {
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, string>>;
}

/** Calls an action with the SDK's general client, by default with the first key of the world. */
async function call(
  { endpoint, world }: Emulator,
  action: string,
  parameters: Parameters = {},
  key: KeyPair | undefined = world.keys[0],
): Promise<Answer> {
  const host = new URL(endpoint).host;
  const client = new openApi.default(new $OpenApiUtil.Config({ ...key, endpoint: host }));
  const params = new $OpenApiUtil.Params({
    action,
    version: VERSIONS[action] ?? "2016-04-28",
    protocol: "HTTP",
    pathname: "/",
    method: "POST",
    authType: "AK",
    style: "RPC",
    reqBodyType: "formData",
    bodyType: "json",
  });
  const request = new $OpenApiUtil.OpenApiRequest(parameters);
  const { body } = await client.callApi(params, request, new RuntimeOptions({}));
  return body as Answer;
}

/** Assumes the role of a member. */
async function assume(emulator: Emulator, accountId: string, more = {}): Promise<KeyPair> {
  const body = {
    RoleArn: `acs:ram::${accountId}:role/${ROLE_NAME}`,
    RoleSessionName: "flowlog-guard-1a2b3c4d",
    DurationSeconds: "3600",
    ...more,
  };
  const { Credentials: keys } = await call(emulator, "AssumeRole", { body });
  return {
    accessKeyId: keys.AccessKeyId,
    accessKeySecret: keys.AccessKeySecret,
    securityToken: keys.SecurityToken,
  };
}

function start(world: Partial<World> = {}, memberCount = 3) {
  return startEmulator({ regions: REGIONS, ...organizationOf({ memberCount }), ...world });
}

async function statusOf(emulator: Emulator, key?: KeyPair, RegionId = "cn-a") {
  return call(emulator, "GetFlowLogServiceStatus", { query: { RegionId } }, key);
}

describe("the resource directory", () => {
  test("lists members by token, at most 100 on a page", async () => {
    await using emulator = await start({}, 250);
    const ids: string[] = [];
    const sizes: number[] = [];
    let token = "";
    do {
      const query = { MaxResults: "100", ...(token !== "" && { NextToken: token }) };
      const body = await call(emulator, "ListAccounts", { query });
      ids.push(...body.Accounts.Account.map(({ AccountId }) => AccountId));
      sizes.push(body.Accounts.Account.length);
      token = body.NextToken;
    } while (token !== "");
    expect(sizes).toEqual([100, 100, 50]);
    expect(ids).toEqual(Array.from({ length: 250 }, (_, index) => memberIdOf(index)));
  });

  test("says of a member where it is and how it is", async () => {
    const accountId = "1500000000000009";
    const member = { accountId, displayName: "Shop", folderPath: ["fd-a", "fd-b"] };
    const managementAccountId = "1900000000000001";
    await using emulator = await start({ directory: { managementAccountId, members: [member] } });
    const { Accounts } = await call(emulator, "ListAccounts");
    expect(Accounts.Account).toMatchObject([
      {
        AccountId: accountId,
        DisplayName: "Shop",
        FolderId: "fd-b",
        ResourceDirectoryPath: `rd-3Gemul/r-WmEmul/fd-a/fd-b/${accountId}`,
        Status: "CreateSuccess",
        DeletionStatus: "",
      },
    ]);
    const { ResourceDirectory } = await call(emulator, "GetResourceDirectory");
    expect(ResourceDirectory).toMatchObject({ MasterAccountId: managementAccountId });
  });

  test.each([
    ["MaxResults beyond 100", {}, "InvalidParameter.MaxResults"],
    ["an account that may not", { readers: ["1"] }, "NoPermission"],
    ["an account without one", null, "EntityNotExists.ResourceDirectory"],
  ])("refuses %s", async (_what, changes, code) => {
    const directory = changes && { managementAccountId: "1", members: [], ...changes };
    await using emulator = await start({ directory });
    const query = { MaxResults: "101" };
    await expect(call(emulator, "ListAccounts", { query })).rejects.toMatchObject({ code });
  });

  test("can repeat a token for ever", async () => {
    const directory = { managementAccountId: "1", members: [], repeatsToken: true };
    await using emulator = await start({ directory });
    const first = await call(emulator, "ListAccounts");
    const query = { NextToken: first.NextToken };
    const second = await call(emulator, "ListAccounts", { query });
    expect([first.NextToken, second.NextToken]).toEqual(["the-same-token", "the-same-token"]);
  });
});

describe("the role of members", () => {
  test("is assumed in any account, which its keys then ask", async () => {
    await using emulator = await start();
    const key = await assume(emulator, memberIdOf(1));
    const identity = await call(emulator, "GetCallerIdentity", {}, key);
    expect(identity.AccountId).toBe(memberIdOf(1));
    expect(Object.fromEntries(emulator.counts.byAccount)).toEqual({
      [emulator.world.accountId]: 1,
      [memberIdOf(1)]: 1,
    });
    expect(emulator.assumeRoleTimesMs).toHaveLength(1);
  });

  test.each([
    ["an account refuses", { refused: () => "NoPermission" }, "NoPermission", 403],
    ["it is not there", { refused: () => "EntityNotExist.Role" }, "EntityNotExist.Role", 404],
    ["it asks for an external id", { externalId: "external-9" }, "NoPermission", 403],
    ["it trusts another", { trusts: ["acs:ram::1:user/other"] }, "NoPermission", 403],
    ["another name is asked for", { roleName: "other" }, "EntityNotExist.Role", 404],
  ])("is refused where %s", async (_what, role, code, statusCode) => {
    await using emulator = await start({ memberRoles: { roleName: ROLE_NAME, ...role } });
    await expect(assume(emulator, memberIdOf(1))).rejects.toMatchObject({ code, statusCode });
  });

  test("is not assumed by an account's root key", async () => {
    const arn = `acs:ram::${DEFAULT_WORLD.accountId}:root`;
    const keys = DEFAULT_WORLD.keys.map((key) => ({ ...key, arn }));
    await using emulator = await start({ keys });
    await expect(assume(emulator, memberIdOf(1))).rejects.toMatchObject({ code: "NoPermission" });
  });

  test("gives keys that expire", async () => {
    await using emulator = await start({
      memberRoles: { roleName: ROLE_NAME, externalId: "external-9", lifetimeMs: 0 },
    });
    const key = await assume(emulator, memberIdOf(1), { ExternalId: "external-9" });
    await expect(statusOf(emulator, key)).rejects.toMatchObject({
      code: "InvalidSecurityToken.Expired",
      statusCode: 400,
    });
  });

  test("is throttled with everybody in the account", async () => {
    await using emulator = await start({ assumeRolesPerSecond: 2 });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, (_, index) => assume(emulator, memberIdOf(index))),
    );
    const refused = outcomes.filter(({ status }) => status === "rejected");
    expect(refused.length).toBeGreaterThan(5);
    expect(refused[0]).toMatchObject({
      reason: {
        code: "Throttling.User",
        message: expect.stringContaining("Request was denied due to user flow control."),
      },
    });
  });
});

describe("an account", () => {
  test("can have regions and faults of its own", async () => {
    const accounts = {
      [memberIdOf(0)]: { regions: { "cn-a": { activated: false } } },
      [memberIdOf(1)]: { faults: { GetFlowLogServiceStatus: { kind: "denied" } } },
    } as const;
    await using emulator = await start({ accounts });
    const [other, denied, like] = [0, 1, 2].map((index) => assume(emulator, memberIdOf(index)));
    expect((await statusOf(emulator, await other)).Enabled).toBe(false);
    await expect(statusOf(emulator, await denied)).rejects.toMatchObject({ code: "Forbbiden" });
    expect((await statusOf(emulator, await like)).Enabled).toBe(true);
    expect((await statusOf(emulator)).Enabled).toBe(true);
  });

  test("is throttled by its own bucket, and no other by it", async () => {
    const accounts = { [memberIdOf(0)]: { callsPerSecond: 0.001, burst: 2 } };
    await using emulator = await start({ accounts });
    const key = await assume(emulator, memberIdOf(0));
    await statusOf(emulator, key);
    await statusOf(emulator, key);
    await expect(statusOf(emulator, key)).rejects.toMatchObject({ code: "Throttling.User" });
    expect((await statusOf(emulator)).Enabled).toBe(true);
    // Only VPC and ECS are counted.
    expect((await call(emulator, "GetCallerIdentity", {}, key)).AccountId).toBe(memberIdOf(0));
    expect(Object.fromEntries(emulator.counts.throttled)).toEqual({ [memberIdOf(0)]: 1 });
  });
});

test("faults can be decided call by call, without a record of requests", async () => {
  const throttle = everyNth(3, { kind: "throttled" });
  await using emulator = await start({
    recordRequests: false,
    faultOf: ({ action }) => (action === "GetFlowLogServiceStatus" ? throttle() : undefined),
  });
  const outcomes = [];
  for (let index = 0; index < 6; index += 1) {
    outcomes.push(await statusOf(emulator).catch(({ code }) => code));
  }
  expect([outcomes[2], outcomes[5]]).toEqual(["Throttling.User", "Throttling.User"]);
  expect(outcomes.filter((outcome) => typeof outcome !== "string")).toHaveLength(4);
  expect(emulator.requests).toEqual([]);
  expect(emulator.counts.byAction.get("GetFlowLogServiceStatus")).toBe(6);
});

test("a token bucket gives its burst at once, then its rate, and is never fuller than at first", () => {
  const bucket = new TokenBucket(10, 3, 0);
  const takenAt = (nowMs: number) => [1, 2, 3, 4].filter(() => bucket.take(nowMs)).length;
  expect([0, 50, 100, 300, 10_000].map(takenAt)).toEqual([3, 0, 1, 2, 3]);
});

test.each([
  [[], 0],
  [[0, 999, 1_000, 1_998], 3],
  [[0, 1_000, 2_000], 1],
])("of %j, the most within a second is %i", (timesMs, most) => {
  expect(mostWithin(timesMs, 1_000)).toBe(most);
});
