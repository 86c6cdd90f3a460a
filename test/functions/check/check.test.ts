import { join } from "node:path";

import { describe, expect, inject, test } from "vitest";

import type { CheckResult } from "../../../functions/check/check.ts";
import type { FunctionContext } from "../../../shared/entry/function-context.ts";
import { type Emulator, startEmulator } from "../../emulator/emulator.ts";
import type { RegionSeed } from "../../emulator/world.ts";
import {
  functionContext,
  functionEnv,
  invokeCheck,
  invokeInTurn,
} from "../../harness/invoke-function.ts";
import {
  CATCHER_SECRETS,
  startWebhookCatcher,
  type WebhookCatcher,
} from "../../harness/webhook-catcher.ts";

const WELL: RegionSeed = { activated: true };
const OPEN: RegionSeed = { activated: false };
const DENIED: RegionSeed = { activated: true, fault: { kind: "denied" } };
const STS_KEY = {
  accessKeyId: "STS.role",
  accessKeySecret: "role-secret-90ab",
  securityToken: "role-token-12cd",
};

const TIMER = JSON.stringify({
  triggerTime: "2026-11-22T07:49:00Z",
  triggerName: "hourly",
  payload: "",
});

function startCloud(regions: Record<string, RegionSeed>) {
  return startEmulator({ regions, keys: [STS_KEY] });
}

function invoke(
  emulator: Emulator,
  {
    event = TIMER,
    catcher,
    context = {},
    env = {},
  }: {
    readonly event?: string;
    readonly catcher?: WebhookCatcher;
    readonly context?: Partial<FunctionContext>;
    readonly env?: Record<string, string>;
  } = {},
) {
  return invokeCheck(event, functionContext(emulator, context), {
    ...functionEnv(emulator),
    ...(catcher !== undefined && { FLOWLOG_GUARD_WEBHOOK_URL: catcher.url }),
    ...env,
  });
}

describe("a timer's event", () => {
  test("audits every region and alerts; the result lists what is not compliant", async () => {
    await using catcher = await startWebhookCatcher();
    await using emulator = await startCloud({ "cn-a": WELL, "cn-b": OPEN, "cn-c": DENIED });
    const { result, error, log } = await invoke(emulator, { catcher });

    expect(error).toBeNull();
    expect(result).toEqual({
      runId: expect.stringMatching(
        /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      ),
      summary: {
        total: 3,
        compliant: 1,
        nonCompliant: 1,
        insufficientData: 1,
        notApplicable: 0,
        ignored: 0,
      },
      findings: [
        expect.objectContaining({
          regionId: "cn-b",
          status: "NON_COMPLIANT",
          accountId: emulator.world.accountId,
        }),
        expect.objectContaining({ regionId: "cn-c", status: "INSUFFICIENT_DATA" }),
      ],
      receivers: [
        {
          name: expect.stringMatching(/^webhook-[0-9a-f]{8}$/),
          type: "webhook",
          host: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
          status: "delivered",
          messages: 1,
          attempts: 1,
          httpStatus: 200,
          error: null,
        },
      ],
    });
    expect(log).toMatchObject([
      { event: "finding", regionId: "cn-b", status: "NON_COMPLIANT", reasonCode: "NOT_ACTIVATED" },
      {
        event: "finding",
        regionId: "cn-c",
        status: "INSUFFICIENT_DATA",
        reasonCode: "ACCESS_DENIED",
      },
      {
        event: "run",
        outcome: "done",
        trigger: "timer",
        alert: "NON_COMPLIANT",
        runId: result?.runId,
      },
    ]);
    const message = JSON.parse(String(catcher.messages[0]?.body));
    expect(message.data).toMatchObject({
      runId: result?.runId,
      accountId: emulator.world.accountId,
      findings: [{ regionId: "cn-b" }],
      unreadable: [{ regionId: "cn-c" }],
    });
  });

  test("that is repeated has the same run id and message key", async () => {
    await using catcher = await startWebhookCatcher();
    await using emulator = await startCloud({ "cn-a": OPEN });
    const first = await invoke(emulator, { catcher, context: { requestId: "1-first" } });
    const again = await invoke(emulator, { catcher, context: { requestId: "1-again" } });
    const later = await invoke(emulator, { catcher, event: TIMER.replace("07:49", "08:49") });
    const elsewhere = await invoke(emulator, { catcher, context: { accountId: "99" } });
    expect(again.result?.runId).toBe(first.result?.runId);
    const ids = catcher.messages.map(({ headers }) => headers["webhook-id"]);
    expect(ids[1]).toBe(ids[0]);
    expect(new Set(ids).size).toBe(3);
    expect(new Set([first, later, elsewhere].map(({ result }) => result?.runId)).size).toBe(3);
    const tokens = emulator.requests.map(({ clientToken }) => clientToken).filter(Boolean);
    expect(new Set(tokens).size).toBe(4);
  });

  test("may narrow the scope in its payload", async () => {
    await using emulator = await startCloud({ "cn-a": OPEN, "cn-b": OPEN });
    const payload = JSON.stringify({ regions: ["cn-b"] });
    const event = JSON.stringify({ ...JSON.parse(TIMER), payload });
    const { result } = await invoke(emulator, { event });
    expect(result?.findings.map(({ regionId }) => regionId)).toEqual(["cn-b"]);
  });

  test("sends no alert if every region is compliant, or if some are only unreadable", async () => {
    await using catcher = await startWebhookCatcher();
    await using well = await startCloud({ "cn-a": WELL });
    await using partly = await startCloud({ "cn-a": WELL, "cn-b": DENIED });
    expect((await invoke(well, { catcher })).result).toMatchObject({ findings: [], receivers: [] });
    expect((await invoke(partly, { catcher })).log.at(-1)).toMatchObject({
      outcome: "done",
      alert: "ONLY_UNREADABLE",
    });
    expect(catcher.messages).toEqual([]);
  });

  test("logs a warning if an alert is due and no receiver is configured", async () => {
    await using emulator = await startCloud({ "cn-a": OPEN });
    const { result, log } = await invoke(emulator);
    expect(result).toMatchObject({ findings: [{ regionId: "cn-a" }], receivers: [] });
    expect(log.at(-1)).toMatchObject({ level: "warn", alert: "NO_RECEIVER_CONFIGURED" });
  });
});

describe("an event by hand", () => {
  test.each(["", " ", "{}"])("%j audits the configured regions", async (event) => {
    await using emulator = await startCloud({ "cn-a": WELL, "cn-b": OPEN });
    const { result, log } = await invoke(emulator, {
      event,
      env: { FLOWLOG_GUARD_REGIONS: "cn-b" },
    });
    expect(result?.summary.total).toBe(1);
    expect(log.at(-1)).toMatchObject({ trigger: "event" });
  });

  test.each([[["cn-a"]], ["cn-a"]])(
    "its regions %j win over the configured ones",
    async (regions) => {
      await using emulator = await startCloud({ "cn-a": OPEN, "cn-b": OPEN });
      const { result } = await invoke(emulator, {
        event: JSON.stringify({ regions }),
        env: { FLOWLOG_GUARD_REGIONS: "cn-b" },
      });
      expect(result?.findings.map(({ regionId }) => regionId)).toEqual(["cn-a"]);
    },
  );
});

describe("it throws and logs the error if", () => {
  test.each<[string, string]>([
    ["{", "event: is not JSON"],
    ["[]", "event: is not an object"],
    ["null", "event: is not an object"],
    ['"text"', "event: is not an object"],
    ["7", "event: is not an object"],
    ['{"region":"cn-a"}', "event.region: is not a known key"],
    ['{"regions":[]}', "event.regions: is empty"],
    ['{"regions":["CN-A"]}', 'event.regions[0]: "CN-A" is not a region'],
    ['{"regions":["cn-a"],"alerts":{}}', "event.alerts: is not a known key"],
    ['{"__proto__":{"regions":["cn-a"]}}', "event.(key 1, not shown): is not a known key"],
    ['{"triggerName":"x"}', "event: is no timer event"],
    ['{"triggerName":"x","triggerTime":7,"payload":""}', "event: is no timer event"],
    [
      '{"triggerName":"x","triggerTime":"t","payload":"","regions":["cn-a"]}',
      "event: is no timer event",
    ],
    ['{"triggerName":"x","triggerTime":"t","payload":"hello"}', "event.payload: is not JSON"],
    [
      '{"triggerName":"x","triggerTime":"t","payload":"{\\"a\\":1}"}',
      "event.payload.a: is not a known key",
    ],
    ['{"version":"v1","rawPath":"/","headers":{}}', "event.(key 1, not shown): is not a known key"],
    ['{"Records":[]}', "event.(key 1, not shown): is not a known key"],
  ])("the event %s", async (event, message) => {
    await using emulator = await startCloud({ "cn-a": WELL });
    const { result, error, log } = await invoke(emulator, { event });
    expect(result).toBeNull();
    expect(error).toMatchObject({ name: "ConfigError", message: expect.stringContaining(message) });
    expect(log).toMatchObject([
      { level: "error", event: "run", outcome: "failed", error: "ConfigError" },
    ]);
    expect(emulator.requests).toEqual([]);
  });

  test("the configuration is wrong", async () => {
    await using emulator = await startCloud({ "cn-a": WELL });
    const { error } = await invoke(emulator, {
      env: { FLOWLOG_GUARD_REGIONS: "", FLOWLOG_GUARD_X: "" },
    });
    expect(error?.message).toMatch(/^2 problems:/);
  });

  test("names a file that only a build can read", async () => {
    await using emulator = await startCloud({ "cn-a": WELL });
    const { error } = await invoke(emulator, { env: { FLOWLOG_GUARD_CONFIG: "/code/x.yaml" } });
    expect(error?.message).toContain("FLOWLOG_GUARD_CONFIG: is read when the function is built");
  });

  test.each([
    [{ accessKeyId: "STS.role\n", accessKeySecret: "s" }],
    [{ accessKeyId: "", accessKeySecret: "" }],
  ])("the role's credentials cannot be used: %j", async (credentials) => {
    await using emulator = await startCloud({ "cn-a": WELL });
    const { error } = await invoke(emulator, { context: { credentials } });
    expect(error?.name).toBe("CredentialsError");
    expect(emulator.requests).toEqual([]);
  });

  test("the function has no role", async () => {
    await using emulator = await startCloud({ "cn-a": WELL });
    const { credentials: _role, ...context } = functionContext(emulator);
    const { error } = await invokeCheck(TIMER, context, functionEnv(emulator));
    expect(error).toMatchObject({
      name: "CredentialsError",
      message: expect.stringContaining("flowlog-guard-check has no role"),
    });
  });

  test("the role's credentials are refused", async () => {
    await using emulator = await startCloud({ "cn-a": WELL, "cn-b": WELL });
    const credentials = { ...STS_KEY, securityToken: "expired-token-77" };
    const { error, output } = await invoke(emulator, { context: { credentials } });
    expect(error?.name).toBe("CredentialsError");
    expect(output).not.toContain("expired-token-77");
  });

  test("the regions cannot be listed", async () => {
    await using emulator = await startEmulator({
      regions: { "cn-a": WELL },
      keys: [STS_KEY],
      faults: { DescribeRegions: { kind: "denied" } },
    });
    expect((await invoke(emulator)).error?.name).toBe("ScopeError");
  });

  test("nothing in scope could be read", async () => {
    await using emulator = await startCloud({ "cn-a": DENIED, "cn-b": DENIED });
    const { error, log } = await invoke(emulator);
    expect(error).toMatchObject({
      name: "NothingReadError",
      message: expect.stringContaining(
        "None of the regions in scope could be read (ACCESS_DENIED).",
      ),
    });
    expect(log.map(({ event }) => event)).toEqual(["finding", "finding", "run"]);
  });

  test("an alert that was due reached no receiver", async () => {
    await using catcher = await startWebhookCatcher([{ status: 410 }]);
    await using emulator = await startCloud({ "cn-a": OPEN });
    const { error, output } = await invoke(emulator, { catcher });
    expect(error).toMatchObject({
      name: "AlertError",
      message: expect.stringContaining("answered HTTP 410"),
    });
    for (const secret of [...CATCHER_SECRETS, STS_KEY.accessKeySecret, STS_KEY.securityToken]) {
      expect(output).not.toContain(secret);
    }
  });
});

describe("time", () => {
  test("of the function ends the audit early enough to deliver the alert, and no connection is left", async () => {
    await using catcher = await startWebhookCatcher();
    await using emulator = await startCloud({
      "cn-a": OPEN,
      "cn-b": { activated: true, fault: { kind: "hang" } },
      "cn-c": { activated: true, fault: { kind: "trickle" } },
    });
    const startedMs = performance.now();
    const { result } = await invoke(emulator, {
      catcher,
      context: { function: { name: "f", timeout: 1 } },
    });
    expect(performance.now() - startedMs).toBeLessThan(4_000);
    expect(result).toMatchObject({
      findings: [
        { regionId: "cn-a", status: "NON_COMPLIANT" },
        { regionId: "cn-b", reason: { code: "DEADLINE_EXCEEDED" } },
        { regionId: "cn-c", reason: { code: "DEADLINE_EXCEEDED" } },
      ],
      receivers: [{ status: "delivered" }],
    });
  });
});

test("of a receiver that never answers ends before the function is killed", async () => {
  await using catcher = await startWebhookCatcher(["hang"]);
  await using emulator = await startCloud({ "cn-a": OPEN });
  const { error, log } = await invoke(emulator, {
    catcher,
    context: { function: { name: "f", timeout: 2 } },
  });
  const [finding, run] = log;
  expect(error?.name).toBe("AlertError");
  expect(run).toMatchObject({
    event: "run",
    outcome: "failed",
    error: "AlertError",
    alert: "NON_COMPLIANT",
    receivers: [{ type: "webhook", status: "failed", error: { code: "TIMEOUT" } }],
  });
  expect(Date.parse(String(run?.["time"])) - Date.parse(String(finding?.["time"]))).toBeLessThan(
    2_000,
  );
});

test("accepts a context that has little more than credentials", async () => {
  await using emulator = await startCloud({ "cn-a": OPEN });
  const context = { credentials: STS_KEY } as unknown as FunctionContext;
  const { result } = await invokeCheck("", context, functionEnv(emulator));
  expect(result?.findings).toMatchObject([
    { regionId: "cn-a", accountId: emulator.world.accountId },
  ]);
});

test("an instance that is reused uses each invocation's credentials, whatever failed before", async () => {
  await using emulator = await startCloud({ "cn-a": OPEN });
  const context = functionContext(emulator);
  const expired = { ...STS_KEY, securityToken: "expired" };
  const bundle = join(inject("deployed"), "check/index.js");
  const [first, refused, again] = await invokeInTurn<CheckResult>(
    bundle,
    [
      { event: TIMER, context },
      { event: TIMER, context: { ...context, credentials: expired } },
      { event: TIMER, context },
    ],
    functionEnv(emulator),
  );
  expect(first?.result?.summary.nonCompliant).toBe(1);
  expect(refused?.error?.name).toBe("CredentialsError");
  expect(again?.result?.runId).toBe(first?.result?.runId);
});

test("STS is not asked for the role's account, which is in the context", async () => {
  await using emulator = await startCloud({ "cn-a": OPEN });
  await invoke(emulator);
  expect(emulator.requests.map(({ action }) => action)).not.toContain("GetCallerIdentity");
});
