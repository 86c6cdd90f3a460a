import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";

import { bundle } from "../../../scripts/bundle.ts";
import { packConfig } from "../../../scripts/pack-config.ts";
import { check } from "../../../functions/check/check.ts";
import { type Emulator, startEmulator } from "../../emulator/emulator.ts";
import { type OssEmulator, startOss } from "../../emulator/oss.ts";
import type { RegionSeed } from "../../emulator/world.ts";
import { OSS_SEED } from "../../harness/emulated-bucket.ts";
import { functionContext, functionEnv, invokeCheck } from "../../harness/invoke-function.ts";
import { startWebhookCatcher, type WebhookCatcher } from "../../harness/webhook-catcher.ts";

const WELL: RegionSeed = { activated: true };
const OPEN: RegionSeed = { activated: false };
const DENIED: RegionSeed = { activated: true, fault: { kind: "denied" } };

function tick(hour: number): string {
  const triggerTime = `2026-11-22T${String(hour).padStart(2, "0")}:17:00Z`;
  return JSON.stringify({ triggerName: "hourly", triggerTime, payload: "" });
}

async function startCloud(regions: Record<string, RegionSeed>): Promise<Emulator> {
  return startEmulator({ regions, keys: [OSS_SEED.key] });
}

/** What points the function at an emulated bucket. */
function envOf(emulator: Emulator, oss: OssEmulator, more: Record<string, string> = {}) {
  return {
    ...functionEnv(emulator),
    FLOWLOG_GUARD_STATE: `oss://${OSS_SEED.bucket}/guard/`,
    FLOWLOG_GUARD_OSS_ENDPOINT: oss.origin,
    ...more,
  };
}

async function run(
  hour: number,
  regions: Record<string, RegionSeed>,
  oss: OssEmulator,
  catcher: WebhookCatcher,
) {
  await using emulator = await startCloud(regions);
  const env = envOf(emulator, oss, { FLOWLOG_GUARD_WEBHOOK_URL: catcher.url });
  return await invokeCheck(tick(hour), functionContext(emulator), env);
}

/** What a receiver knows of the first region's being open, by the state that is in the bucket. */
function knowledgeOf({ objects }: OssEmulator, receiver: string): unknown {
  return JSON.parse(String(objects.get("guard/state.json"))).entries[0]?.notified[receiver]?.open;
}

function eventsOf({ messages }: WebhookCatcher): string[][] {
  return messages.map(({ body }) =>
    JSON.parse(body).data.changes.map(({ event }: { event: string }) => event),
  );
}

describe("a state in OSS", () => {
  test("tells once that a region is not activated, and once that it is", async () => {
    await using oss = await startOss(OSS_SEED);
    await using catcher = await startWebhookCatcher();
    const first = await run(7, { "cn-a": OPEN }, oss, catcher);
    expect(first.log.at(-1)).toMatchObject({ outcome: "done", alert: "CHANGES" });
    const repeated = await run(7, { "cn-a": OPEN }, oss, catcher);
    expect(repeated.result?.receivers).toEqual([]);
    const still = await run(8, { "cn-a": OPEN }, oss, catcher);
    expect(still.log.at(-1)).toMatchObject({ outcome: "done", alert: "NO_CHANGES" });
    await run(9, { "cn-a": WELL }, oss, catcher);
    expect(eventsOf(catcher)).toEqual([["opened"], ["resolved"]]);
    expect([...oss.objects.keys()]).toEqual(["guard/state.json"]);
  });

  test("tells that everything went dark, though such a run fails", async () => {
    await using oss = await startOss(OSS_SEED);
    await using catcher = await startWebhookCatcher();
    await run(7, { "cn-a": WELL }, oss, catcher);
    const dark = await run(8, { "cn-a": DENIED }, oss, catcher);
    expect(dark.error?.name).toBe("NothingReadError");
    // Function Compute repeats it: that is no second run.
    await run(8, { "cn-a": DENIED }, oss, catcher);
    expect(catcher.messages).toEqual([]);
    const darker = await run(9, { "cn-a": DENIED }, oss, catcher);
    expect(darker).toMatchObject({ error: { name: "NothingReadError" } });
    expect(darker.log.at(-1)).toMatchObject({
      outcome: "failed",
      alert: "CHANGES",
      receivers: [{ status: "delivered" }],
    });
    await run(10, { "cn-a": WELL }, oss, catcher);
    expect(eventsOf(catcher)).toEqual([["unreadable"], ["readable"]]);
  });

  test("says whose account it is where neither the context nor STS does", async () => {
    await using oss = await startOss(OSS_SEED);
    await using catcher = await startWebhookCatcher();
    await run(7, { "cn-a": OPEN }, oss, catcher);
    await using emulator = await startEmulator({
      regions: { "cn-a": OPEN },
      keys: [OSS_SEED.key],
      faults: { GetCallerIdentity: { kind: "json-500" } },
    });
    const env = envOf(emulator, oss, { FLOWLOG_GUARD_WEBHOOK_URL: catcher.url });
    const context = functionContext(emulator, { accountId: "" });
    const { log, result } = await invokeCheck(tick(8), context, env);
    expect(result).toMatchObject({
      findings: [{ accountId: emulator.world.accountId }],
      receivers: [],
    });
    expect(log).toContainEqual(
      expect.objectContaining({
        event: "warning",
        message: expect.stringContaining(`taken to be ${emulator.world.accountId}`),
      }),
    );
    expect(eventsOf(catcher)).toEqual([["opened"]]);
  });

  test("is looked for in FC_REGION where the context names no region", async () => {
    await using oss = await startOss(OSS_SEED);
    await using emulator = await startCloud({ "cn-a": OPEN });
    const { region: _region, ...context } = functionContext(emulator);
    const nowhere = await invokeCheck(tick(7), { ...context, region: "" }, envOf(emulator, oss));
    expect(nowhere.error?.message).toContain("the region of the bucket guard-bucket is not known");
    const env = envOf(emulator, oss, { FC_REGION: "cn-hangzhou" });
    expect((await invokeCheck(tick(7), { ...context, region: "" }, env)).error).toBeNull();
    expect([...oss.objects.keys()]).toEqual(["guard/state.json"]);
  });

  test("takes a region out of the scope that is listed no more, unless an event names others", async () => {
    await using oss = await startOss(OSS_SEED);
    await using catcher = await startWebhookCatcher();
    await run(7, { "cn-a": OPEN, "cn-b": WELL }, oss, catcher);
    await using emulator = await startCloud({ "cn-b": WELL });
    const env = envOf(emulator, oss, { FLOWLOG_GUARD_WEBHOOK_URL: catcher.url });
    const byHand = JSON.stringify({ regions: ["cn-b"] });
    const narrowed = await invokeCheck(byHand, functionContext(emulator), env);
    expect(narrowed.result?.summary).toMatchObject({ total: 1, compliant: 1 });
    expect(eventsOf(catcher)).toEqual([["opened"]]);
    await run(8, { "cn-b": WELL }, oss, catcher);
    await run(9, { "cn-b": WELL }, oss, catcher);
    expect(eventsOf(catcher)).toEqual([["opened"], ["unscoped"]]);
  });

  test("that may not be used costs no alert: the run warns", async () => {
    await using oss = await startOss({ ...OSS_SEED, denied: ["PUT"] });
    await using catcher = await startWebhookCatcher();
    const { log, output } = await run(7, { "cn-a": OPEN }, oss, catcher);
    expect(catcher.messages).toHaveLength(1);
    expect(log).toContainEqual(
      expect.objectContaining({
        event: "warning",
        message: expect.stringContaining("oss:PutObject"),
      }),
    );
    for (const secret of Object.values(OSS_SEED.key)) expect(output).not.toContain(secret);
  });
});

describe("a run that is killed while it alerts, and then repeated", () => {
  let dist: string;
  beforeAll(async () => {
    dist = await mkdtemp(join(tmpdir(), "flowlog-guard-two-receivers-"));
    const receivers = ["a", "b"].map((name) => ({ name, url: `\${HOOK_${name.toUpperCase()}}` }));
    const file = { name: "flowlog-guard.yaml", values: { alerts: { receivers } } };
    await bundle("functions/check/index.ts", join(dist, "index.js"), packConfig(file));
  }, 30_000);
  afterAll(() => rm(dist, { recursive: true }));

  /** Runs the built function until something has happened, and kills it. */
  async function runUntil(
    happened: () => void,
    emulator: Emulator,
    env: Record<string, string>,
  ): Promise<void> {
    const program = `require(process.argv[1]).handler(Buffer.from(process.argv[2]), JSON.parse(process.argv[3]))`;
    const context = JSON.stringify(functionContext(emulator));
    const args = ["-e", program, join(dist, "index.js"), tick(7), context];
    const child = spawn(process.execPath, args, { env, stdio: "ignore" });
    const ended = new Promise((resolve) => child.once("exit", resolve));
    await vi.waitFor(happened, { timeout: 20_000, interval: 5 });
    child.kill("SIGKILL");
    await ended;
  }

  /** By how much OSS's clock is ahead: past the dead run's hold once the run is repeated. */
  let aheadMs = 0;
  beforeEach(() => {
    aheadMs = 0;
  });
  const clock = (): Date => new Date(Date.now() + aheadMs);

  /** The tick again, or another one, in this process, at a time that is past the dead run's hold. */
  async function repeat(
    emulator: Emulator,
    hooks: readonly WebhookCatcher[],
    env: object,
    hour = 7,
  ) {
    const receivers = hooks.map(({ url }, index) => ({ name: "ab"[index], url }));
    const values = { alerts: { receivers } };
    aheadMs = 70_000;
    return check(Buffer.from(tick(hour)), functionContext(emulator), {
      env: { ...env, FLOWLOG_GUARD_REGIONS: "cn-a" },
      file: { name: "flowlog-guard.yaml", values },
      clock,
      log: () => {},
    });
  }

  function idsAt({ messages }: WebhookCatcher): unknown[] {
    return messages.map(({ headers }) => headers["webhook-id"]);
  }

  test("tells those who were not reached, and nobody twice", async () => {
    await using emulator = await startCloud({ "cn-a": OPEN });
    await using oss = await startOss({ ...OSS_SEED, clock });
    await using a = await startWebhookCatcher();
    await using b = await startWebhookCatcher(["hang", { status: 200 }]);
    const env = envOf(emulator, oss, { HOOK_A: a.url, HOOK_B: b.url });
    await runUntil(
      () => {
        expect(b.messages).toHaveLength(1);
        expect(knowledgeOf(oss, "a")).toMatchObject({ confirmed: { at: expect.any(String) } });
      },
      emulator,
      env,
    );
    expect((await repeat(emulator, [a, b], env)).receivers).toMatchObject([
      { name: "b", status: "delivered" },
    ]);
    expect(a.messages).toHaveLength(1);
    expect(knowledgeOf(oss, "b")).toMatchObject({
      confirmed: { at: expect.any(String) },
      unconfirmed: null,
    });
    // What hung may have arrived: the repeat has its id, by which it can be dropped.
    expect(new Set(idsAt(b)).size).toBe(1);
  });

  test("tells again with the same id whom it had told when it could not yet write that down", async () => {
    await using emulator = await startCloud({ "cn-a": OPEN });
    let dead = false;
    await using oss = await startOss({
      ...OSS_SEED,
      clock,
      faultFor: ({ method, key }) =>
        !dead && method === "PUT" && key === "guard/state.json" ? "hang" : undefined,
    });
    await using a = await startWebhookCatcher();
    await using b = await startWebhookCatcher();
    const env = envOf(emulator, oss, { HOOK_A: a.url, HOOK_B: b.url });
    await runUntil(
      () => {
        expect([a.messages.length, b.messages.length]).toEqual([1, 1]);
      },
      emulator,
      env,
    );
    dead = true;
    await repeat(emulator, [a, b], env);
    for (const hook of [a, b]) {
      expect(hook.messages).toHaveLength(2);
      expect(new Set(idsAt(hook)).size).toBe(1);
    }
    expect(knowledgeOf(oss, "a")).toMatchObject({
      confirmed: { at: expect.any(String) },
      unconfirmed: null,
    });
  });

  test("ends what they took, where that is over before the next run", async () => {
    await using open = await startCloud({ "cn-a": OPEN });
    let dead = false;
    let writes = 0;
    await using oss = await startOss({
      ...OSS_SEED,
      clock,
      faultFor: ({ method, key }) => {
        if (dead || method !== "PUT" || key !== "guard/state.json") return undefined;
        // The intent is written, and nothing after it.
        return (writes += 1) > 1 ? "hang" : undefined;
      },
    });
    await using a = await startWebhookCatcher();
    await using b = await startWebhookCatcher();
    const env = envOf(open, oss, { HOOK_A: a.url, HOOK_B: b.url });
    await runUntil(
      () => {
        expect([a.messages.length, b.messages.length, writes]).toEqual([1, 1, 2]);
      },
      open,
      env,
    );
    dead = true;
    expect(knowledgeOf(oss, "a")).toMatchObject({
      confirmed: null,
      unconfirmed: { event: "opened" },
    });
    await using mended = await startCloud({ "cn-a": WELL });
    const after = { ...env, FLOWLOG_GUARD_VPC_ENDPOINT: mended.endpoint };
    await repeat(mended, [a, b], after, 8);
    for (const hook of [a, b]) expect(eventsOf(hook)).toEqual([["opened"], ["resolved"]]);
    expect(JSON.parse(String(oss.objects.get("guard/state.json"))).entries).toEqual([]);
  });
});

test.each([
  ["CRON_TZ=Asia/Shanghai 0 17 9 * * *", 72],
  ["unset", 4],
])("an alert at an Alertmanager lasts as its schedule tells: %s", async (schedule, hours) => {
  await using emulator = await startCloud({ "cn-a": OPEN });
  await using catcher = await startWebhookCatcher();
  await check(Buffer.from(tick(7)), functionContext(emulator), {
    env: { ...functionEnv(emulator), FLOWLOG_GUARD_SCHEDULE: schedule },
    file: {
      name: "flowlog-guard.yaml",
      values: { alerts: { receivers: [{ type: "alertmanager", url: catcher.url }] } },
    },
    clock: () => new Date(),
    log: () => {},
  });
  const [posted] = JSON.parse(catcher.messages[0]?.body ?? "[]");
  expect(Date.parse(posted.endsAt) - Date.parse(posted.startsAt)).toBe(hours * 3_600_000);
});

describe("the heartbeat", () => {
  async function beat(regions: Record<string, RegionSeed>, ...answers: number[]) {
    await using emulator = await startCloud(regions);
    await using watchdog = await startWebhookCatcher(answers.map((status) => ({ status })));
    const { log, output, error } = await invokeCheck(tick(7), functionContext(emulator), {
      ...functionEnv(emulator),
      FLOWLOG_GUARD_HEARTBEAT_URL: watchdog.url,
    });
    const ends = watchdog.messages.filter(({ path }) => !path.includes("/start?"));
    const pings = ends.map(({ path, body }) => {
      const { runId, outcome, summary, ...rest } = JSON.parse(body);
      expect(runId).toMatch(/^[\da-f-]{36}$/);
      return [path.replace(`rid=${runId}`, "rid=…"), outcome, summary?.total, rest.error];
    });
    return { log, output, error, pings };
  }

  test("tells that a run took place, whatever it found", async () => {
    const { pings } = await beat({ "cn-a": OPEN }, 200);
    expect(pings).toEqual([["/hook-path-5c21?token=hook-token-88fe&rid=…", "done", 1, undefined]]);
  });

  test("tells that a run failed", async () => {
    const { pings, error } = await beat({ "cn-a": DENIED }, 200);
    expect(error?.name).toBe("NothingReadError");
    expect(pings).toEqual([
      ["/hook-path-5c21/fail?token=hook-token-88fe&rid=…", "failed", undefined, "NothingReadError"],
    ]);
  });

  test("fails while the state cannot be used, and the alert says what that means", async () => {
    await using emulator = await startCloud({ "cn-a": OPEN });
    await using watchdog = await startWebhookCatcher();
    await using catcher = await startWebhookCatcher();
    const invoke = async (oss: OssEmulator) => {
      const env = envOf(emulator, oss, {
        FLOWLOG_GUARD_HEARTBEAT_URL: watchdog.url,
        FLOWLOG_GUARD_WEBHOOK_URL: catcher.url,
      });
      return invokeCheck(tick(7), functionContext(emulator), env);
    };
    await using denied = await startOss({ ...OSS_SEED, denied: ["PUT"] });
    // The job was done: Function Compute is not asked to repeat it.
    expect(await invoke(denied)).toMatchObject({ error: null });
    // The lease can be had here, and the state itself not be written.
    await using full = await startOss({
      ...OSS_SEED,
      faultFor: ({ method, key }) =>
        method === "PUT" && key === "guard/state.json" ? "denied" : undefined,
    });
    expect(await invoke(full)).toMatchObject({ error: null });
    await using oss = await startOss(OSS_SEED);
    await invoke(oss);
    const failed = "/hook-path-5c21/fail";
    const paths = watchdog.messages.map(({ path }) => path.split("?")[0]);
    expect(paths.filter((path) => !path?.endsWith("/start"))).toEqual([
      failed,
      failed,
      "/hook-path-5c21",
    ]);
    const notes = catcher.messages.map(({ body }) => JSON.parse(body).data.notes.join(" "));
    const line = "The state cannot be read or written.";
    expect(notes.map((text) => text.includes(line))).toEqual([true, true, false]);
  });

  test("that hangs does not keep the function until it is killed", async () => {
    await using emulator = await startCloud({ "cn-a": WELL });
    await using watchdog = await startWebhookCatcher(["hang"]);
    const startedMs = performance.now();
    const result = await check(
      Buffer.from(tick(7)),
      functionContext(emulator, { function: { name: "flowlog-guard-check", timeout: 2 } }),
      {
        env: { ...functionEnv(emulator), FLOWLOG_GUARD_HEARTBEAT_URL: watchdog.url },
        file: null,
        clock: () => new Date(),
        log: () => {},
      },
    );
    expect(result.summary.compliant).toBe(1);
    expect(performance.now() - startedMs).toBeLessThan(2_000);
  });

  test("that is not taken is logged, and changes nothing", async () => {
    const { pings, log, output, error } = await beat({ "cn-a": WELL }, 404);
    expect([pings.length, error]).toEqual([1, null]);
    expect(log).toContainEqual(
      expect.objectContaining({
        event: "warning",
        message: expect.stringMatching(
          /^The heartbeat was not taken: 127\.0\.0\.1:\d+ answered HTTP 404/,
        ),
      }),
    );
    expect(output).not.toContain("hook-");
  });
});

test("an exemption is shown, is no alert, and one that fits nothing is a warning", async () => {
  await using emulator = await startCloud({ "cn-a": OPEN, "cn-b": WELL });
  await using catcher = await startWebhookCatcher();
  const log: Readonly<Record<string, unknown>>[] = [];
  const agreed = { owner: "net-team", reason: "no workloads", expires: "2999-12-31" };
  const result = await check(Buffer.from(tick(7)), functionContext(emulator), {
    env: { ...functionEnv(emulator), FLOWLOG_GUARD_WEBHOOK_URL: catcher.url },
    file: {
      name: "flowlog-guard.yaml",
      values: {
        exemptions: [
          { region: "cn-a", ...agreed },
          { region: "cn-typo", ...agreed },
        ],
      },
    },
    clock: () => new Date(),
    log: (entry) => void log.push(entry),
  });
  expect(result).toMatchObject({
    summary: { nonCompliant: 0, ignored: 1 },
    findings: [
      {
        regionId: "cn-a",
        status: "IGNORED",
        reason: { code: "EXEMPT" },
        exemption: { observed: { status: "NON_COMPLIANT", reason: { code: "NOT_ACTIVATED" } } },
      },
    ],
    receivers: [],
  });
  expect(catcher.messages).toEqual([]);
  expect(log).toContainEqual(
    expect.objectContaining({ event: "warning", message: expect.stringContaining("cn-typo") }),
  );
});
