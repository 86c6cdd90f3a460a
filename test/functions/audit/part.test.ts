import { describe, expect, test } from "vitest";

import { audit } from "../../../functions/audit/audit.ts";
import { check } from "../../../functions/check/check.ts";
import type { Report } from "../../../shared/audit/report.ts";
import type { LogEntry } from "../../../shared/conclude/run-log.ts";
import type { PartEvent } from "../../../shared/fan-out/part.ts";
import { type Emulator, startEmulator } from "../../emulator/emulator.ts";
import { memberIdOf, organizationOf } from "../../emulator/organization.ts";
import { functionContext, functionEnv } from "../../harness/invoke-function.ts";
import { type FileValues, RUN_ID } from "../../harness/parted-cloud.ts";

const ORGANIZATION = { organization: { roleName: "flowlog-guard-audit" } };

function startCloud() {
  return startEmulator({
    regions: { "cn-a": { activated: false }, "cn-b": { activated: true } },
    ...organizationOf({ memberCount: 5 }),
  });
}

function runtimeOf(emulator: Emulator, values: FileValues) {
  const log: LogEntry[] = [];
  const runtime = {
    env: functionEnv(emulator),
    file: { name: "flowlog-guard.yaml", values },
    clock: () => new Date(),
    log: (entry: LogEntry) => log.push(entry),
  };
  return { runtime, log };
}

interface Outcome {
  readonly result?: unknown;
  readonly error?: unknown;
}

/** Invokes the audit function in this process. */
async function invoke(emulator: Emulator, event: unknown, values: FileValues = ORGANIZATION) {
  const { runtime, log } = runtimeOf(emulator, values);
  const bytes = Buffer.from(JSON.stringify(event));
  const outcome: Outcome = await audit(bytes, functionContext(emulator), runtime).then(
    (result) => ({ result }),
    (error: unknown) => ({ error }),
  );
  return { ...outcome, log };
}

const PART: PartEvent = {
  part: { runId: RUN_ID, index: 1, count: 4, deadlineMs: 10_000, listed: ["cn-a"], regionsOf: {} },
  accounts: [memberIdOf(1), memberIdOf(2)],
  regions: ["cn-a", "cn-b"],
  rules: ["flow-log-service-activated"],
};

const reportOf = ({ result }: Outcome) => result as Report;
const calls = (emulator: Emulator, action: string) => emulator.counts.byAction.get(action) ?? 0;

describe("the audit function, invoked for a part of a run,", () => {
  test("audits exactly the accounts, regions and rules of the part, in the run's name", async () => {
    await using emulator = await startCloud();
    const outcome = await invoke(emulator, PART, { ...ORGANIZATION, regions: ["cn-c"] });
    expect(reportOf(outcome)).toMatchObject({
      runId: RUN_ID,
      trigger: "event",
      scope: { accounts: PART.accounts, regions: PART.regions },
      rules: [{ id: "flow-log-service-activated" }],
      summary: { total: 4, compliant: 2, nonCompliant: 2 },
    });
    expect(calls(emulator, "ListAccounts")).toBe(0);
    expect(calls(emulator, "GetResourceDirectory")).toBe(0);
    expect(calls(emulator, "DescribeRegions")).toBe(0);
    const session = emulator.requests.find(({ action }) => action === "AssumeRole")?.form;
    expect(session?.["RoleSessionName"]).toContain(RUN_ID.slice(0, 8));
    expect(outcome.log).toEqual([
      expect.objectContaining({
        event: "run",
        outcome: "done",
        runId: RUN_ID,
        part: { index: 1, count: 4 },
      }),
    ]);
  });

  test("takes roles and external ids from its own configuration", async () => {
    await using emulator = await startEmulator({
      regions: { "cn-a": { activated: true }, "cn-b": { activated: true } },
      ...organizationOf({ memberCount: 5, externalId: "of-all" }),
      roles: { [`acs:ram::${memberIdOf(2)}:role/own`]: { externalId: "of-its-own" } },
    });
    const values = {
      organization: { roleName: "flowlog-guard-audit", externalId: "of-all" },
      accounts: [{ id: memberIdOf(2), roleName: "own", externalId: "of-its-own" }],
    };
    const outcome = await invoke(emulator, PART, values);
    expect(reportOf(outcome)).toMatchObject({
      accounts: [
        { roleArn: `acs:ram::${memberIdOf(1)}:role/flowlog-guard-audit` },
        { roleArn: `acs:ram::${memberIdOf(2)}:role/own` },
      ],
      summary: { compliant: 4 },
    });
  });

  test("takes from its own configuration what the event leaves out", async () => {
    await using emulator = await startCloud();
    const { accounts } = PART;
    const event = { part: { runId: "run-1", index: 0, count: 1 }, accounts };
    const outcome = await invoke(emulator, event, { ...ORGANIZATION, regions: ["cn-*"] });
    expect(reportOf(outcome)).toMatchObject({
      runId: "run-1",
      scope: { accounts, regions: ["cn-a", "cn-b"] },
      rules: [{ id: "flow-log-service-activated" }],
    });
    expect(calls(emulator, "ListAccounts")).toBe(0);
    expect(calls(emulator, "DescribeRegions")).toBe(1);
  });

  test("audits its own account with its own credentials", async () => {
    await using emulator = await startCloud();
    const accounts = [emulator.world.accountId];
    const outcome = await invoke(emulator, { ...PART, accounts });
    expect(reportOf(outcome)).toMatchObject({ scope: { accounts }, summary: { compliant: 1 } });
    expect(calls(emulator, "AssumeRole")).toBe(0);
  });

  test("audits some accounts in other regions than the rest", async () => {
    await using emulator = await startCloud();
    const part = { ...PART.part, regionsOf: { [memberIdOf(2)]: ["cn-b"] } };
    const outcome = await invoke(emulator, { ...PART, part });
    expect(reportOf(outcome).accounts).toMatchObject([
      { id: memberIdOf(1), regions: ["cn-a", "cn-b"] },
      { id: memberIdOf(2), regions: ["cn-b"] },
    ]);
  });

  test("leaves exemptions to the whole run", async () => {
    await using emulator = await startCloud();
    const exemptions = [{ region: "cn-a", owner: "o", reason: "r", expires: "2099-01-01" }];
    const outcome = await invoke(emulator, PART, { ...ORGANIZATION, exemptions });
    expect(reportOf(outcome).summary).toMatchObject({ nonCompliant: 2, ignored: 0 });
  });

  test("ends in the time of the part, with a complete report", async () => {
    await using emulator = await startEmulator({
      regions: {
        "cn-a": { activated: true, fault: { kind: "hang" } },
        "cn-b": { activated: true },
      },
      ...organizationOf({ memberCount: 5 }),
    });
    const startedMs = performance.now();
    const outcome = await invoke(emulator, { ...PART, part: { ...PART.part, deadlineMs: 1_000 } });
    expect(performance.now() - startedMs).toBeLessThan(3_000);
    expect(reportOf(outcome).summary).toMatchObject({
      total: 4,
      compliant: 2,
      insufficientData: 2,
    });
  });

  test("refuses an event that is not a part as the check function sends it", async () => {
    await using emulator = await startCloud();
    for (const event of [
      { ...PART, accounts: ["*"] },
      { ...PART, part: { ...PART.part, index: 4 } },
      { ...PART, roleName: "AdministratorAccess" },
      { part: null },
    ]) {
      const { error, log } = await invoke(emulator, event);
      expect(error).toMatchObject({
        name: "ConfigError",
        message: expect.stringContaining("is not the part of a run"),
      });
      expect(log).toMatchObject([{ level: "warn", event: "run", outcome: "failed" }]);
    }
    expect(emulator.requests).toEqual([]);
  });

  test("refuses accounts for which its configuration has no role", async () => {
    await using emulator = await startCloud();
    const { error, log } = await invoke(emulator, PART, {});
    expect(error).toMatchObject({
      name: "ConfigError",
      message: expect.stringContaining("has no role to assume"),
    });
    expect(log).toMatchObject([{ level: "error", runId: RUN_ID, outcome: "failed" }]);
  });
});

test.each([
  ["the body of a request", { body: JSON.stringify(PART) }],
  ["the query of a request", { queryParameters: { part: JSON.stringify(PART.part) } }],
])("a part in %s is refused", async (_what, request) => {
  await using emulator = await startCloud();
  const event = { requestContext: { http: { method: "POST" } }, ...request };
  const { result } = await invoke(emulator, event);
  expect(result).toMatchObject({ statusCode: 400 });
  expect(emulator.requests).toEqual([]);
});

test("a part as the check function's event is refused", async () => {
  await using emulator = await startCloud();
  const { runtime } = runtimeOf(emulator, ORGANIZATION);
  const event = Buffer.from(JSON.stringify(PART));
  await expect(check(event, functionContext(emulator), runtime)).rejects.toMatchObject({
    name: "ConfigError",
    message: expect.stringContaining("event.part: is not a known key"),
  });
});

describe("without a part, accounts of an event", () => {
  test("select among those that are configured", async () => {
    await using emulator = await startCloud();
    const outcome = await invoke(emulator, { accounts: ["member *", `!${memberIdOf(0)}`] });
    expect(reportOf(outcome).scope.accounts).toEqual([1, 2, 3, 4].map(memberIdOf));
  });

  test("are selected by a query too", async () => {
    await using emulator = await startCloud();
    const event = {
      requestContext: { http: { method: "GET" } },
      queryParameters: { accounts: memberIdOf(3), regions: "cn-a" },
    };
    const { result } = await invoke(emulator, event);
    expect(result).toMatchObject({ statusCode: 200 });
    const { body } = result as { body: string };
    expect(JSON.parse(body).scope).toEqual({ accounts: [memberIdOf(3)], regions: ["cn-a"] });
  });

  test("that match nothing are the caller's mistake", async () => {
    await using emulator = await startCloud();
    const { error, log } = await invoke(emulator, { accounts: ["nobody"] });
    expect(error).toMatchObject({ name: "ScopeError" });
    expect(log).toMatchObject([{ level: "warn", outcome: "failed" }]);
  });
});
