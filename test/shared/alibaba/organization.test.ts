import { inspect } from "node:util";

import { describe, expect, test } from "vitest";

import type { MemberRole } from "../../../shared/audit/account-scope.ts";
import { CallError } from "../../../shared/audit/call-error.ts";
import type { CallLimit } from "../../../shared/audit/cloud.ts";
import type { FailureCode } from "../../../shared/audit/finding.ts";
import type { Organization } from "../../../shared/audit/organization.ts";
import { CredentialsError } from "../../../shared/audit/run-error.ts";
import { type Emulator, startEmulator } from "../../emulator/emulator.ts";
import type { Fault } from "../../emulator/faults.ts";
import { memberIdOf, organizationOf } from "../../emulator/organization.ts";
import { DEFAULT_WORLD, type MemberRoleSeed, type World } from "../../emulator/world.ts";
import { askOrganization, type AskOrganizationOptions } from "../../harness/ask-organization.ts";
import { DIRECT } from "../../harness/direct.ts";

const EXTERNAL_ID = "external-5d1f";
const ROLE: MemberRole = {
  accountId: memberIdOf(0),
  roleName: "flowlog-guard-audit",
  externalId: EXTERNAL_ID,
};
const ROLE_ARN = `acs:ram::${memberIdOf(0)}:role/flowlog-guard-audit`;

/** As those of a function are, with a token. */
const KEY = {
  accessKeyId: "STS.SourceKey77aa",
  accessKeySecret: "source-secret-88bb",
  securityToken: "source-token-99cc",
};
/** What STS issues. */
const ISSUED = {
  AccessKeyId: "STS.k",
  AccessKeySecret: "issued-secret-31",
  SecurityToken: "issued-token-32",
  Expiration: new Date(Date.now() + 3_600_000).toISOString(),
};
const SECRETS = [...Object.values(KEY), EXTERNAL_ID];

function startWorld(role: Partial<MemberRoleSeed> = {}, world: Partial<World> = {}) {
  return startEmulator({
    regions: { "cn-a": { activated: true } },
    keys: [KEY],
    ...organizationOf({ memberCount: 2, externalId: EXTERNAL_ID, ...role }),
    ...world,
  });
}

async function assumeRole(
  emulator: Emulator,
  options: AskOrganizationOptions = {},
  role: MemberRole = ROLE,
) {
  return askOrganization(
    emulator,
    async (organization, limit) => organization.assumeRole(role, "cn-a", limit),
    options,
  );
}

/** All that a report, a log or a crash could show of an error. */
function shown(error: unknown): string {
  const causes: unknown[] = [];
  for (let link = error; link instanceof Error; link = link.cause) causes.push(link.message, link);
  return [inspect(causes, { depth: null, showHidden: true }), JSON.stringify(causes)].join("\n");
}

/** The error of a call, after a search for secrets. */
async function failureOf(call: Promise<unknown>): Promise<CallError> {
  const error: unknown = await call.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof CallError)) throw new Error(`no CallError: ${inspect(error)}`);
  for (const secret of SECRETS) expect(shown(error)).not.toContain(secret);
  return error;
}

describe("a role is assumed", () => {
  test("with the external id, for an hour, by a session that names the run", async () => {
    await using emulator = await startWorld();
    const { value, exchange } = await assumeRole(emulator);
    expect(value.expiresAtMs - Date.now()).toBeGreaterThan(3_500_000);
    expect(exchange).toMatchObject({ httpStatus: 200, requestId: expect.any(String) });
    expect(emulator.requests).toMatchObject([
      {
        action: "AssumeRole",
        accessKeyId: KEY.accessKeyId,
        query: {},
        form: {
          RoleArn: ROLE_ARN,
          RoleSessionName: "flowlog-guard-0f8d2c1e",
          DurationSeconds: "3600",
          ExternalId: EXTERNAL_ID,
        },
      },
    ]);
  });

  test("without one where it asks for none", async () => {
    await using emulator = await startWorld({}, organizationOf({ memberCount: 1 }));
    const { externalId: _none, ...role } = ROLE;
    await assumeRole(emulator, {}, role);
    expect(emulator.requests[0]?.form).not.toHaveProperty("ExternalId");
  });

  test("and its session asks its account, and keeps its keys to itself", async () => {
    await using emulator = await startWorld();
    const { activated, caller, session } = await askOrganization(emulator, async (port, limit) => {
      const { value: session } = await port.assumeRole(ROLE, null, limit);
      const { value: caller } = await session.cloud.identifyCaller("cn-a", limit);
      const { value: activated } = await session.cloud.isFlowLogServiceActivated("cn-a", limit);
      return { activated, caller, session };
    });
    expect(activated).toBe(true);
    expect(caller.accountId).toBe(ROLE.accountId);
    expect(caller.arn).toMatch(/:assumed-role\/flowlog-guard-audit\/flowlog-guard-0f8d2c1e$/);
    expect(emulator.counts.byAccount.get(ROLE.accountId)).toBe(2);
    expect(shown({ session })).not.toMatch(/STS\.|token-/);
    expect(inspect(session, { depth: null, showHidden: true })).not.toMatch(/STS\.|token-/);
  });

  test.each<[user: object | undefined]>([
    [{ Arn: `acs:ram::${ROLE.accountId}:role/flowlog-guard-audit/flowlog-guard-0f8d2c1e` }],
    [{ Arn: `acs:ram::${ROLE.accountId}:assumed-role/flowlog-guard-audit/x` }],
    [{ Arn: `acs:sts::${ROLE.accountId}:assumed-role/flowlog-guard-audit/x` }],
    [{ AssumedRoleId: "300000000000000001:x" }],
    [undefined],
  ])("whatever form its identity has: %j", async (user) => {
    const body = { ...(user !== undefined && { AssumedRoleUser: user }), Credentials: ISSUED };
    const fault: Fault = { kind: "body", status: 200, text: JSON.stringify(body) };
    await using emulator = await startWorld({}, { faults: { AssumeRole: fault } });
    const { value } = await assumeRole(emulator);
    expect(value.expiresAtMs).toBe(Date.parse(ISSUED.Expiration));
  });

  test("with the source's keys of that moment", async () => {
    const later = { ...KEY, accessKeyId: "STS.SourceKey78aa" };
    await using emulator = await startWorld({}, { keys: [KEY, later] });
    const keys = [KEY, later];
    const credentials = async () => keys.shift() ?? KEY;
    await askOrganization(
      emulator,
      async (organization, limit) => {
        await organization.assumeRole(ROLE, null, limit);
        await organization.assumeRole(ROLE, null, limit);
      },
      { credentials },
    );
    expect(emulator.requests.map(({ accessKeyId }) => accessKeyId)).toEqual([
      KEY.accessKeyId,
      later.accessKeyId,
    ]);
  });
});

describe("a refused role is ROLE_REFUSED, once and for all", () => {
  const THREE_CAUSES =
    /has three causes: .*lacks sts:AssumeRole on acs:ram::.*; or the role's trust policy does not name .*external id.*; or the keys are an account's own \(root\)/;

  test.each<[what: string, role: Partial<MemberRoleSeed>, serviceCode: string, text: RegExp]>([
    ["trusts another", { trusts: [] }, "NoPermission", THREE_CAUSES],
    ["asks for another external id", { externalId: "other" }, "NoPermission", THREE_CAUSES],
    [
      "is not there",
      { roleName: "x" },
      "EntityNotExist.Role",
      /The account has no such role.*three causes/,
    ],
  ])("where it %s", async (_what, role, serviceCode, text) => {
    await using emulator = await startWorld(role);
    const error = await failureOf(assumeRole(emulator));
    expect(error).toMatchObject({
      code: "ROLE_REFUSED",
      retryable: "never",
      serviceCode,
      throttled: false,
      exchange: { httpStatus: expect.any(Number), requestId: expect.any(String) },
    });
    expect(error.message).toMatch(text);
    expect(error.message).toContain(`The role ${ROLE_ARN} could not be assumed. `);
    expect(error.message).toContain(serviceCode);
  });

  test("where it asks for an external id and none is configured, which the message says", async () => {
    const { externalId: _none, ...role } = ROLE;
    await using emulator = await startWorld();
    const error = await failureOf(assumeRole(emulator, {}, role));
    expect(error).toMatchObject({ code: "ROLE_REFUSED" });
    expect(error.message).toContain(
      "or asks for an external id, and none was sent (organization.externalId, or externalId of the account)",
    );
  });

  test("where the keys are an account's own", async () => {
    const arn = `acs:ram::${DEFAULT_WORLD.accountId}:root`;
    await using emulator = await startWorld({}, { keys: [{ ...KEY, arn }] });
    const error = await failureOf(assumeRole(emulator));
    expect(error).toMatchObject({ code: "ROLE_REFUSED", serviceCode: "NoPermission" });
  });

  test.each<[status: number, code: string | undefined]>([
    [403, "NoPermission"],
    [403, "Forbidden.RAM"],
    [400, "Forbidden.NotSupportRAM"],
    [403, "SomethingElse"],
    [403, undefined],
    [404, "EntityNotExist.User"],
    [400, "InvalidParameter.RoleArn"],
    [400, "InvalidParameter"],
    [400, "InvalidRegionId"],
    [409, "Whatever.Refuses"],
    [404, "InvalidAction.NotFound"],
  ])("whatever the code: HTTP %i, %s", async (status, code) => {
    const fault: Fault = { kind: "error", status, message: "no", ...(code && { code }) };
    await using emulator = await startWorld({}, { faults: { AssumeRole: fault } });
    expect(await failureOf(assumeRole(emulator))).toMatchObject({
      code: "ROLE_REFUSED",
      retryable: "never",
      serviceCode: code ?? null,
      message: expect.stringContaining(`(HTTP ${status}, ${code ?? "no code"})`),
    });
  });

  test("with HTTP 200 too", async () => {
    const text = JSON.stringify({ Code: "NoPermission", Message: "no" });
    const fault: Fault = { kind: "body", status: 200, text };
    await using emulator = await startWorld({}, { faults: { AssumeRole: fault } });
    expect(await failureOf(assumeRole(emulator))).toMatchObject({
      code: "ROLE_REFUSED",
      serviceCode: "NoPermission",
    });
  });
});

describe("what is wrong with the caller is not the role's fault", () => {
  test.each<[status: number, code: string, expected: FailureCode, retryable: string]>([
    [404, "InvalidAccessKeyId.NotFound", "CREDENTIALS_INVALID", "never"],
    [400, "InvalidSecurityToken.Expired", "CREDENTIALS_INVALID", "never"],
    [400, "SignatureDoesNotMatch", "CREDENTIALS_INVALID", "never"],
    [400, "InvalidTimeStamp.Expired", "CREDENTIALS_INVALID", "never"],
    [403, "Forbidden.AccessKeyDisabled", "CREDENTIALS_INVALID", "never"],
    [400, "SignatureNonceUsed", "CREDENTIALS_INVALID", "once"],
    [403, "UserDisable", "SERVICE_ERROR", "never"],
    [400, "Throttling", "THROTTLED", "always"],
    [429, "Whatever", "THROTTLED", "always"],
    [503, "ServiceUnavailable", "SERVICE_ERROR", "always"],
    [400, "SystemBusy", "SERVICE_ERROR", "always"],
  ])("HTTP %i, %s: %s, tried again: %s", async (status, code, expected, retryable) => {
    const fault: Fault = { kind: "error", status, code, message: "no" };
    await using emulator = await startWorld({}, { faults: { AssumeRole: fault } });
    expect(await failureOf(assumeRole(emulator))).toMatchObject({
      code: expected,
      retryable,
      serviceCode: code,
      message: expect.stringMatching(/^The role acs:ram::\d+:role\/\S+ could not be assumed\. /),
    });
  });

  test("nor that too many are assumed, which STS says by its text", async () => {
    const message = "Request was denied due to user flow control.";
    const fault: Fault = { kind: "error", status: 400, code: "FlowControl", message };
    await using emulator = await startWorld({}, { faults: { AssumeRole: fault } });
    expect(await failureOf(assumeRole(emulator))).toMatchObject({
      code: "THROTTLED",
      throttled: true,
      retryable: "always",
      message: expect.stringContaining("STS throttled it (HTTP 400, FlowControl)"),
    });
  });

  test("nor that the limit of the account is reached", async () => {
    await using emulator = await startWorld({}, { assumeRolesPerSecond: 1 });
    await assumeRole(emulator);
    expect(await failureOf(assumeRole(emulator))).toMatchObject({
      code: "THROTTLED",
      serviceCode: "Throttling.User",
    });
  });

  test("nor a failure of our own, before STS was asked", async () => {
    await using emulator = await startWorld();
    const agentFor = (): never => {
      throw new Error("broken");
    };
    const transport = { ...DIRECT, agentFor };
    const error = await failureOf(assumeRole(emulator, { transport }));
    expect(error).toMatchObject({ code: "SERVICE_ERROR", serviceCode: null });
    expect(emulator.requests).toEqual([]);
  });

  test("nor keys that cannot be renewed", async () => {
    await using emulator = await startWorld();
    const problems = [new CredentialsError("The log-in expired."), new Error(KEY.securityToken)];
    const messages: string[] = [];
    for (const problem of problems) {
      const credentials = async () => Promise.reject(problem);
      const error = await failureOf(assumeRole(emulator, { credentials }));
      expect(error).toMatchObject({ code: "CREDENTIALS_INVALID", retryable: "never" });
      messages.push(error.message);
    }
    expect(messages[0]).toMatch(/^There are no credentials to ask .* with\. The log-in expired\.$/);
    expect(messages[1]).toMatch(/ with\.$/);
    expect(emulator.requests).toEqual([]);
  });
});

describe("a session is of no use", () => {
  test.each([-60_000, -1_000])("that expires %i ms after it came", async (lifetimeMs) => {
    await using emulator = await startWorld({ lifetimeMs });
    const error = await failureOf(assumeRole(emulator));
    expect(error).toMatchObject({ code: "CREDENTIALS_INVALID", retryable: "never" });
    expect(error.message).toMatch(/has already expired\. Set the clock of this machine\.$/);
  });

  test("of another account, which is asked nothing", async () => {
    await using emulator = await startWorld({ sessionOf: memberIdOf(1) });
    const error = await failureOf(assumeRole(emulator));
    expect(error).toMatchObject({
      code: "MALFORMED_RESPONSE",
      retryable: "never",
      message: expect.stringContaining("AssumedRoleUser.Arn is not of the role's account."),
    });
    expect(emulator.counts.byAccount.has(memberIdOf(1))).toBe(false);
  });

  test.each<[fields: object]>([
    [{ AssumedRoleUser: { Arn: `acs:ram::${ROLE.accountId}0:role/x/y` } }],
    [{ AssumedRoleUser: { Arn: `acs:sts::${memberIdOf(1)}:assumed-role/x/y` } }],
    [{ AssumedRoleUser: { Arn: "y" } }],
    [{ Credentials: { SecurityToken: "" } }],
    [{ Credentials: { AccessKeySecret: undefined } }],
    [{ Credentials: { AccessKeyId: "two words" } }],
    [{ Credentials: { Expiration: "soon" } }],
    [{ Credentials: { Expiration: undefined } }],
  ])("with %j", async (fields) => {
    const { Credentials: keys, ...others }: { readonly Credentials?: object } = fields;
    const body = {
      AssumedRoleUser: { Arn: `acs:ram::${ROLE.accountId}:assumed-role/x/y` },
      ...others,
      Credentials: { ...ISSUED, ...keys },
    };
    const fault: Fault = { kind: "body", status: 200, text: JSON.stringify(body) };
    await using emulator = await startWorld({}, { faults: { AssumeRole: fault } });
    const error = await failureOf(assumeRole(emulator));
    expect(error.code).toBe("MALFORMED_RESPONSE");
    expect(shown(error)).not.toContain("issued-");
  });
});

test("an expired session is refused by a code that says so, for each product", async () => {
  await using emulator = await startWorld({ refusedAfterMs: 0 });
  await askOrganization(emulator, async (organization, limit) => {
    const { value } = await organization.assumeRole(ROLE, null, limit);
    const { cloud } = value;
    const calls: readonly (() => Promise<unknown>)[] = [
      async () => cloud.isFlowLogServiceActivated("cn-a", limit),
      async () => cloud.listRegions(limit),
      async () => cloud.listVpcs("cn-a", 1, limit),
      async () => cloud.listNetworkInterfaces("cn-a", null, limit),
      async () => cloud.identifyCaller("cn-a", limit),
    ];
    for (const call of calls) {
      expect(await failureOf(call())).toMatchObject({
        code: "CREDENTIALS_INVALID",
        serviceCode: "InvalidSecurityToken.Expired",
        retryable: "never",
      });
    }
    expect(await failureOf(cloud.getLogStore("cn-a", "flow-logs", "vpc", limit))).toMatchObject({
      code: "CREDENTIALS_INVALID",
    });
  });
});

type Call = (organization: Organization, limit: CallLimit) => Promise<unknown>;
type Action = "ListAccounts" | "GetResourceDirectory" | "AssumeRole";

const CALLS: readonly (readonly [action: Action, denied: FailureCode, call: Call])[] = [
  ["ListAccounts", "ACCESS_DENIED", async (port, limit) => port.listMembers(null, limit)],
  [
    "GetResourceDirectory",
    "ACCESS_DENIED",
    async (port, limit) => port.getManagementAccount(limit),
  ],
  ["AssumeRole", "ROLE_REFUSED", async (port, limit) => port.assumeRole(ROLE, "cn-a", limit)],
];

const FAULTS: readonly (readonly [fault: Fault, code: FailureCode, retryable: string])[] = [
  [{ kind: "throttled" }, "THROTTLED", "always"],
  [{ kind: "html-503" }, "MALFORMED_RESPONSE", "always"],
  [{ kind: "json-500" }, "SERVICE_ERROR", "always"],
  [{ kind: "xml-error" }, "SERVICE_ERROR", "always"],
  [{ kind: "truncated-json" }, "MALFORMED_RESPONSE", "always"],
  [{ kind: "empty-object" }, "MALFORMED_RESPONSE", "never"],
  [{ kind: "redirect" }, "MALFORMED_RESPONSE", "never"],
  [{ kind: "endless" }, "MALFORMED_RESPONSE", "never"],
  [{ kind: "reset" }, "UNREACHABLE", "always"],
  [{ kind: "hang" }, "TIMEOUT", "always"],
  [{ kind: "trickle" }, "TIMEOUT", "always"],
  [{ kind: "slow", ms: 5_000 }, "TIMEOUT", "always"],
  [{ kind: "body", status: 200, text: "null" }, "MALFORMED_RESPONSE", "never"],
  [{ kind: "body", status: 500, text: "null" }, "MALFORMED_RESPONSE", "always"],
  [{ kind: "body", status: 200, text: "<html>" }, "MALFORMED_RESPONSE", "always"],
  [{ kind: "body", status: 302, text: "" }, "MALFORMED_RESPONSE", "always"],
  [{ kind: "error", status: 500 }, "SERVICE_ERROR", "always"],
  [{ kind: "echo", status: 500, form: "json" }, "SERVICE_ERROR", "always"],
  [{ kind: "echo", status: 400, form: "text" }, "MALFORMED_RESPONSE", "always"],
  [{ kind: "echo", status: 200, form: "text" }, "MALFORMED_RESPONSE", "always"],
];

describe.each(CALLS)("%s", (action, denied, call) => {
  const timeoutMs = 300;

  test.each(FAULTS)("%o → %s, without a secret", async (fault, code, retryable) => {
    await using emulator = await startWorld({}, { faults: { [action]: fault } });
    const options = code === "TIMEOUT" ? { timeoutMs } : {};
    expect(await failureOf(askOrganization(emulator, call, options))).toMatchObject({
      code,
      retryable,
      throttled: code === "THROTTLED",
      exchange: { endpoint: new URL(emulator.endpoint).host },
    });
    expect(emulator.requests).toMatchObject([{ action }]);
  });

  test.each<Fault>([
    { kind: "denied" },
    { kind: "echo", status: 403, form: "json" },
    { kind: "error", status: 403, code: "NoPermission", message: SECRETS.join(" ") },
  ])("%o is a refusal, without a secret", async (fault) => {
    await using emulator = await startWorld({}, { faults: { [action]: fault } });
    expect(await failureOf(askOrganization(emulator, call))).toMatchObject({
      code: denied,
      retryable: "never",
    });
  });

  test("waits as long as the service asks", async () => {
    const fault: Fault = { kind: "throttled", headers: { "x-acs-retry-after": "1500" } };
    await using emulator = await startWorld({}, { faults: { [action]: fault } });
    const error = await failureOf(askOrganization(emulator, call));
    expect(error.retryAfterMs).toBe(1_500);
  });

  test("a wrong secret, token or key is about the caller", async () => {
    await using emulator = await startWorld();
    for (const wrong of [
      { accessKeySecret: "source-secret-88bc" },
      { securityToken: "source-token-99cd" },
      { accessKeyId: "STS.SourceKey77ab" },
    ]) {
      const credentials = async () => ({ ...KEY, ...wrong });
      const error = await failureOf(askOrganization(emulator, call, { credentials }));
      expect(error.code).toBe("CREDENTIALS_INVALID");
      for (const secret of Object.values(wrong)) expect(shown(error)).not.toContain(secret);
    }
  });
});
