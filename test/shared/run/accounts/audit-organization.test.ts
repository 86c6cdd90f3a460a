import { describe, expect, test } from "vitest";

import type { AccountsRequest } from "../../../../shared/audit/account-scope.ts";
import type { Report } from "../../../../shared/audit/report.ts";
import { CredentialsError, ScopeError } from "../../../../shared/audit/run-error.ts";
import { startEmulator } from "../../../emulator/emulator.ts";
import { memberIdOf, organizationOf } from "../../../emulator/organization.ts";
import type { RegionSeed, World } from "../../../emulator/world.ts";
import { auditEmulator } from "../../../harness/audit-emulator.ts";
import { pendingTimers } from "../../../harness/pending-timers.ts";

const OWN_ID = "1234567890123456";
const REGIONS: Readonly<Record<string, RegionSeed>> = {
  "cn-a": { activated: true },
  "cn-b": { activated: false },
};

/** All members of the directory. */
const ALL_MEMBERS: AccountsRequest = {
  entries: [],
  members: { roleName: "flowlog-guard-audit", accounts: ["*"], folders: [] },
  externalId: null,
  selectors: null,
};

function outlineOf({ findings }: Report): readonly string[] {
  return findings.map(
    ({ accountId, regionId, status, reason }) =>
      `${accountId} ${regionId} ${status} ${reason.code}`,
  );
}

describe("an organization", () => {
  test("is audited account by account, each with its role, the caller's own without", async () => {
    await using emulator = await startEmulator({
      regions: REGIONS,
      ...organizationOf({ memberCount: 2, managementAccountId: OWN_ID }),
    });
    const report = await auditEmulator(emulator, { accounts: ALL_MEMBERS });
    const [first, second] = [memberIdOf(0), memberIdOf(1)];
    expect(report).toMatchObject({
      caller: { accountId: OWN_ID },
      scope: { accounts: [OWN_ID, first, second], regions: ["cn-a", "cn-b"] },
      accounts: [
        { id: OWN_ID, name: "management", regions: ["cn-a", "cn-b"], status: "audited" },
        {
          id: first,
          name: "member 0",
          roleArn: `acs:ram::${first}:role/flowlog-guard-audit`,
          status: "audited",
        },
        { id: second, name: "member 1" },
      ],
      summary: { total: 6, compliant: 3, nonCompliant: 3, insufficientData: 0 },
    });
    expect(report.accounts[0]).not.toHaveProperty("roleArn");
    expect(report).not.toHaveProperty("warnings");
    expect(outlineOf(report)).toEqual(
      [OWN_ID, first, second].flatMap((id) => [
        `${id} cn-a COMPLIANT ACTIVATED`,
        `${id} cn-b NON_COMPLIANT NOT_ACTIVATED`,
      ]),
    );
    const roles = emulator.requests.filter(({ action }) => action === "AssumeRole");
    expect(new Set(roles.map(({ form }) => form["RoleArn"]))).toEqual(
      new Set([first, second].map((id) => `acs:ram::${id}:role/flowlog-guard-audit`)),
    );
    expect(roles).toHaveLength(2);
  });

  test("has each region of each account once, in order, whoever answers first", async () => {
    const regions = Object.fromEntries(
      Array.from({ length: 5 }, (_, index): [string, RegionSeed] => [
        `cn-r${index}`,
        { activated: index % 2 === 0, fault: { kind: "slow", ms: (index * 7) % 20 } },
      ]),
    );
    await using emulator = await startEmulator({
      regions,
      ...organizationOf({ memberCount: 40, managementAccountId: OWN_ID }),
    });
    const report = await auditEmulator(emulator, { accounts: ALL_MEMBERS, concurrency: 7 });
    const ids = [OWN_ID, ...Array.from({ length: 40 }, (_, index) => memberIdOf(index))];
    expect(report.findings.map(({ accountId, regionId }) => `${accountId} ${regionId}`)).toEqual(
      ids.flatMap((id) => Object.keys(regions).map((regionId) => `${id} ${regionId}`)),
    );
    expect(report.summary).toMatchObject({ total: 205, compliant: 123, nonCompliant: 82 });
    expect(emulator.mostUnderWay.get("GetFlowLogServiceStatus")).toBeLessThanOrEqual(7);
    expect(emulator.requests.filter(({ action }) => action === "AssumeRole")).toHaveLength(40);
    expect(emulator.requests.filter(({ action }) => action === "DescribeRegions")).toHaveLength(0);
  });

  test("has the accounts of the file beside it, with their own regions", async () => {
    await using emulator = await startEmulator({
      regions: REGIONS,
      ...organizationOf({ memberCount: 2 }),
    });
    const entries = [{ id: memberIdOf(1), name: "second", regions: ["cn-*"] }, { id: "4000" }];
    const report = await auditEmulator(emulator, {
      accounts: { ...ALL_MEMBERS, entries },
      selectors: ["cn-a"],
    });
    expect(outlineOf(report)).toHaveLength(5);
    expect(report.accounts).toMatchObject([
      { id: memberIdOf(0), regions: ["cn-a"] },
      { id: memberIdOf(1), name: "second", regions: ["cn-a", "cn-b"] },
      { id: "1900000000000001", regions: ["cn-a"] },
      { id: "4000", regions: ["cn-a"] },
    ]);
  });

  test("is begun with the caller's own account, whose keys are not renewed", async () => {
    await using emulator = await startEmulator({
      regions: REGIONS,
      ...organizationOf({ memberCount: 0 }),
    });
    const entries = Array.from({ length: 100 }, (_, index) => ({ id: String(1_000 + index) }));
    await auditEmulator(emulator, {
      accounts: { ...ALL_MEMBERS, entries: [...entries, { id: OWN_ID }] },
      concurrency: 1,
      selectors: ["cn-a"],
      stsCallsPerSecond: 1_000,
    });
    const [first, second] = emulator.requests
      .filter(({ action }) => action === "GetFlowLogServiceStatus")
      .map(({ accessKeyId }) => accessKeyId);
    const [own] = emulator.world.keys;
    expect(first).toBe(own?.accessKeyId);
    expect(second).toMatch(/^STS\./);
  });

  test("tells what could not be learnt of its management account", async () => {
    await using emulator = await startEmulator({
      regions: REGIONS,
      ...organizationOf({ memberCount: 1 }),
      faults: { GetResourceDirectory: { kind: "denied" } },
    });
    const report = await auditEmulator(emulator, { accounts: ALL_MEMBERS });
    expect(report).toMatchObject({
      managementAccountUnknown: true,
      scope: { accounts: [memberIdOf(0)] },
      warnings: [expect.stringContaining("resourcemanager:GetResourceDirectory")],
    });
  });

  test("is not read on where its members may not be listed", async () => {
    await using emulator = await startEmulator({
      regions: REGIONS,
      ...organizationOf({ memberCount: 1 }),
      faults: { ListAccounts: { kind: "denied" }, GetResourceDirectory: { kind: "hang" } },
    });
    const before = pendingTimers();
    await expect(auditEmulator(emulator, { accounts: ALL_MEMBERS })).rejects.toThrow(ScopeError);
    await new Promise((resolve) => setImmediate(resolve));
    expect(pendingTimers()).toBeLessThanOrEqual(before);
  });

  test("is not asked for its management account where folders are meant", async () => {
    await using emulator = await startEmulator({
      regions: REGIONS,
      ...organizationOf({ memberCount: 4 }),
    });
    const members = { roleName: "flowlog-guard-audit", accounts: ["*"], folders: ["fd-test"] };
    const report = await auditEmulator(emulator, { accounts: { ...ALL_MEMBERS, members } });
    expect(report.scope.accounts).toEqual([memberIdOf(2), memberIdOf(3)]);
    expect(emulator.requests.map(({ action }) => action)).not.toContain("GetResourceDirectory");
  });

  test.each<[string, World["faults"], string]>([
    ["it may not be listed", { ListAccounts: { kind: "denied" } }, "delegated administrator"],
    ["its list fails", { ListAccounts: { kind: "json-500" } }, "could not be listed"],
    ["its management account fails", { GetResourceDirectory: { kind: "json-500" } }, "directory"],
  ])("is no scope where %s", async (_what, faults, text) => {
    await using emulator = await startEmulator({
      regions: REGIONS,
      ...organizationOf({ memberCount: 1 }),
      faults,
    });
    const failed = auditEmulator(emulator, { accounts: ALL_MEMBERS });
    await expect(failed).rejects.toThrow(ScopeError);
    await expect(failed).rejects.toThrow(text);
  });
});

describe("an account whose role", () => {
  test.each(["NoPermission", "EntityNotExist.Role"])(
    "is refused with %s is unreadable in each region, and no other is",
    async (refusal) => {
      const refused = memberIdOf(1);
      await using emulator = await startEmulator({
        regions: REGIONS,
        ...organizationOf({
          memberCount: 3,
          managementAccountId: OWN_ID,
          refused: (id) => (id === refused ? refusal : null),
        }),
      });
      const report = await auditEmulator(emulator, { accounts: ALL_MEMBERS });
      expect(report.summary).toMatchObject({ total: 8, insufficientData: 2 });
      const unread = report.findings.filter(({ status }) => status === "INSUFFICIENT_DATA");
      expect(unread).toMatchObject(
        ["cn-a", "cn-b"].map((regionId) => ({
          accountId: refused,
          regionId,
          reason: { code: "ROLE_REFUSED", message: expect.stringContaining(refusal) },
          evidence: { attempts: 1, requestId: expect.any(String) },
        })),
      );
    },
  );

  test("fails again and again is unreadable with the usual code", async () => {
    await using emulator = await startEmulator({
      regions: REGIONS,
      ...organizationOf({ memberCount: 1, managementAccountId: OWN_ID }),
      faults: { AssumeRole: { kind: "json-500" } },
    });
    const report = await auditEmulator(emulator, { accounts: ALL_MEMBERS });
    expect(outlineOf(report)).toEqual([
      `${OWN_ID} cn-a COMPLIANT ACTIVATED`,
      `${OWN_ID} cn-b NON_COMPLIANT NOT_ACTIVATED`,
      `${memberIdOf(0)} cn-a INSUFFICIENT_DATA SERVICE_ERROR`,
      `${memberIdOf(0)} cn-b INSUFFICIENT_DATA SERVICE_ERROR`,
    ]);
    expect(report.findings[2]?.evidence.attempts).toBe(4);
  });

  test("fails for a moment, or is throttled, is read all the same", async () => {
    await using emulator = await startEmulator({
      regions: REGIONS,
      ...organizationOf({ memberCount: 30, managementAccountId: OWN_ID }),
      faults: { AssumeRole: { kind: "json-500", times: 2 } },
      assumeRolesPerSecond: 40,
    });
    const report = await auditEmulator(emulator, { accounts: ALL_MEMBERS });
    expect(report.summary).toMatchObject({ total: 62, insufficientData: 0 });
  });

  test("gets sessions of seconds only is read with several", async () => {
    await using emulator = await startEmulator({
      regions: {
        ...REGIONS,
        ...Object.fromEntries(
          Array.from({ length: 8 }, (_, at) => [`cn-x${at}`, { activated: true }]),
        ),
      },
      ...organizationOf({ memberCount: 2, managementAccountId: OWN_ID, lifetimeMs: 2_500 }),
      faultOf: ({ action }) =>
        action === "GetFlowLogServiceStatus" ? { kind: "slow", ms: 400 } : undefined,
    });
    const report = await auditEmulator(emulator, { accounts: ALL_MEMBERS, concurrency: 4 });
    expect(report.summary.insufficientData).toBe(0);
    const asked = emulator.requests.filter(({ action }) => action === "AssumeRole").length;
    expect(asked).toBeGreaterThan(2);
  });

  test("has a session that is refused in the middle is read with another one", async () => {
    await using emulator = await startEmulator({
      regions: { ...REGIONS, "cn-c": { activated: true, fault: { kind: "slow", ms: 30 } } },
      ...organizationOf({ memberCount: 3, managementAccountId: OWN_ID, refusedAfterMs: 150 }),
      faultOf: ({ action }) =>
        action === "GetFlowLogServiceStatus" ? { kind: "slow", ms: 60 } : undefined,
    });
    const report = await auditEmulator(emulator, { accounts: ALL_MEMBERS, concurrency: 2 });
    expect(report.summary).toMatchObject({ total: 12, insufficientData: 0 });
    const asked = emulator.requests.filter(({ action }) => action === "AssumeRole").length;
    // At least one of them twice, and none at each call.
    expect(asked).toBeGreaterThan(3);
    expect(asked).toBeLessThan(12);
  });
});

describe("the deadline", () => {
  test.each([1, 120, 400])("of %i ms leaves a complete report", async (deadlineMs) => {
    await using emulator = await startEmulator({
      regions: REGIONS,
      ...organizationOf({ memberCount: 200, managementAccountId: OWN_ID }),
      faultOf: ({ action }) =>
        action === "GetFlowLogServiceStatus" ? { kind: "slow", ms: 50 } : undefined,
    });
    const entries = Array.from({ length: 200 }, (_, index) => ({
      id: memberIdOf(index),
      roleName: "flowlog-guard-audit",
    }));
    const startedMs = performance.now();
    const report = await auditEmulator(emulator, {
      accounts: { ...ALL_MEMBERS, members: null, entries },
      caller: { accountId: OWN_ID, arn: null },
      deadlineMs,
    });
    expect(performance.now() - startedMs).toBeLessThan(deadlineMs + 2_000);
    expect(report.findings).toHaveLength(400);
    expect(new Set(report.findings.map(({ reason }) => reason.code))).toContain(
      "DEADLINE_EXCEEDED",
    );
    expect(report.findings.at(-1)).toMatchObject({ status: "INSUFFICIENT_DATA" });
    const asked = emulator.requests.filter(({ action }) => action === "AssumeRole").length;
    expect(asked).toBeLessThanOrEqual(80);
  });
});

describe("the accounts' calls", () => {
  test("go at the pace of each account, within the usual time-out", async () => {
    await using emulator = await startEmulator({
      regions: Object.fromEntries(
        Array.from({ length: 20 }, (_, index) => [`cn-r${index}`, { activated: true }]),
      ),
      ...organizationOf({ memberCount: 3, managementAccountId: OWN_ID }),
      accounts: { [memberIdOf(0)]: { callsPerSecond: 5, burst: 3 } },
    });
    const report = await auditEmulator(emulator, {
      accounts: ALL_MEMBERS,
      concurrency: 60,
      timeoutMs: 1_800,
    });
    expect(report.summary).toMatchObject({ total: 80, compliant: 80 });
  });

  test("are complete where one region never answers anybody", async () => {
    await using emulator = await startEmulator({
      regions: { ...REGIONS, "cn-c": { activated: true, fault: { kind: "hang" } } },
      ...organizationOf({ memberCount: 10, managementAccountId: OWN_ID }),
    });
    const report = await auditEmulator(emulator, { accounts: ALL_MEMBERS, timeoutMs: 1_200 });
    expect(report.summary).toMatchObject({
      total: 33,
      compliant: 11,
      nonCompliant: 11,
      insufficientData: 11,
    });
    const hanging = report.findings.filter(({ regionId }) => regionId === "cn-c");
    expect(new Set(hanging.map(({ reason }) => reason.code))).toEqual(new Set(["TIMEOUT"]));
  });
});

describe("where the caller cannot be identified", () => {
  const faults = { GetCallerIdentity: { kind: "json-500" } } as const;

  test("accounts with a role are read, and no other is taken for the caller's", async () => {
    await using emulator = await startEmulator({
      regions: REGIONS,
      ...organizationOf({ memberCount: 1 }),
      faults,
    });
    const entries = [{ id: OWN_ID }, { id: memberIdOf(0), roleName: "flowlog-guard-audit" }];
    const report = await auditEmulator(emulator, {
      accounts: { ...ALL_MEMBERS, members: null, entries },
    });
    expect(report.caller).toBeNull();
    expect(outlineOf(report)).toEqual([
      `${OWN_ID} cn-a INSUFFICIENT_DATA SERVICE_ERROR`,
      `${OWN_ID} cn-b INSUFFICIENT_DATA SERVICE_ERROR`,
      `${memberIdOf(0)} cn-a COMPLIANT ACTIVATED`,
      `${memberIdOf(0)} cn-b NON_COMPLIANT NOT_ACTIVATED`,
    ]);
  });

  test("selectors alone are no scope", async () => {
    await using emulator = await startEmulator({ regions: REGIONS, faults });
    const accounts = { ...ALL_MEMBERS, members: null, selectors: [OWN_ID] };
    await expect(auditEmulator(emulator, { accounts })).rejects.toThrow(ScopeError);
  });

  test("refused credentials are one error", async () => {
    await using emulator = await startEmulator({ regions: REGIONS });
    const [key] = emulator.world.keys;
    const wrong = { ...emulator.world, keys: [{ ...key, accessKeyId: "LTAI5tUnknown" }] };
    const audited = auditEmulator(
      { endpoint: emulator.endpoint, world: wrong as World },
      { accounts: ALL_MEMBERS },
    );
    await expect(audited).rejects.toThrow(CredentialsError);
  });
});

describe("sessions that are refused in every account", () => {
  const roles = {
    ...organizationOf({ memberCount: 2, managementAccountId: memberIdOf(0), refusedAfterMs: 0 }),
    regions: REGIONS,
  };
  const ids = [0, 1].map(memberIdOf);
  const unreadable = ids.flatMap((id) =>
    Object.keys(REGIONS).map((region) => `${id} ${region} INSUFFICIENT_DATA CREDENTIALS_INVALID`),
  );

  test("are findings, since the credentials have listed the members", async () => {
    await using emulator = await startEmulator(roles);
    const report = await auditEmulator(emulator, { accounts: ALL_MEMBERS });
    expect(outlineOf(report)).toEqual(unreadable);
  });

  test("are findings, since the credentials have assumed the roles", async () => {
    await using emulator = await startEmulator(roles);
    const entries = ids.map((id) => ({ id, roleName: "flowlog-guard-audit" }));
    const report = await auditEmulator(emulator, {
      accounts: { ...ALL_MEMBERS, members: null, entries },
      caller: { accountId: OWN_ID, arn: null },
    });
    expect(outlineOf(report)).toEqual(unreadable);
  });

  test("are one error where the credentials have assumed none", async () => {
    const AssumeRole = { kind: "error", status: 404, code: "InvalidAccessKeyId.NotFound" } as const;
    await using emulator = await startEmulator({ ...roles, faults: { AssumeRole } });
    const entries = ids.map((id) => ({ id, roleName: "flowlog-guard-audit" }));
    const audited = auditEmulator(emulator, {
      accounts: { ...ALL_MEMBERS, members: null, entries },
      caller: { accountId: OWN_ID, arn: null },
    });
    await expect(audited).rejects.toThrow(CredentialsError);
  });
});

test("selectors alone audit the account of the credentials, if it is the one that is meant", async () => {
  await using emulator = await startEmulator({ regions: REGIONS });
  const audit = (selectors: readonly string[]) =>
    auditEmulator(emulator, { accounts: { ...ALL_MEMBERS, members: null, selectors } });
  expect((await audit([OWN_ID])).accounts).toEqual([
    { id: OWN_ID, regions: ["cn-a", "cn-b"], status: "audited" },
  ]);
  await expect(audit([memberIdOf(0)])).rejects.toMatchObject({ code: "NO_MATCH" });
});
