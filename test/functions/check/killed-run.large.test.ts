import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";

import { check } from "../../../functions/check/check.ts";
import { bundle } from "../../../scripts/bundle.ts";
import { packConfig } from "../../../scripts/pack-config.ts";
import type { Emulator } from "../../emulator/emulator.ts";
import { startOss } from "../../emulator/oss.ts";
import type { RegionSeed } from "../../emulator/world.ts";
import { OSS_SEED } from "../../harness/emulated-bucket.ts";
import { tick, startCloud, envOf, recordOf, eventsOf } from "../../harness/hourly-check.ts";
import { functionContext } from "../../harness/invoke-function.ts";
import { startWebhookCatcher, type WebhookCatcher } from "../../harness/webhook-catcher.ts";

const WELL: RegionSeed = { activated: true };

const OPEN: RegionSeed = { activated: false };

describe("a run that is killed while it alerts, and then repeated", () => {
  let dist: string;
  beforeAll(async () => {
    dist = await mkdtemp(join(tmpdir(), "flowlog-guard-two-receivers-"));
    const receivers = ["a", "b"].map((name) => ({ name, url: `\${HOOK_${name.toUpperCase()}}` }));
    const file = { name: "flowlog-guard.yaml", values: { alerts: { receivers } } };
    await bundle("functions/check/index.ts", join(dist, "index.js"), packConfig(file));
  }, 30_000);
  afterAll(() => rm(dist, { recursive: true }));

  /** Runs the built function until a condition is true, and kills it. */
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

  /** How far OSS's clock is ahead: past the dead run's lease once the run is repeated. */
  let aheadMs = 0;
  beforeEach(() => {
    aheadMs = 0;
  });
  const clock = (): Date => new Date(Date.now() + aheadMs);

  /** The same tick or another one, in this process, after the dead run's lease has expired. */
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

  test("notifies the receivers that were not reached, and none twice", async () => {
    await using emulator = await startCloud({ "cn-a": OPEN });
    await using oss = await startOss({ ...OSS_SEED, clock });
    await using a = await startWebhookCatcher();
    await using b = await startWebhookCatcher(["hang", { status: 200 }]);
    const env = envOf(emulator, oss, { HOOK_A: a.url, HOOK_B: b.url });
    await runUntil(
      () => {
        expect(b.messages).toHaveLength(1);
        expect(recordOf(oss, "a")).toMatchObject({ confirmed: { at: expect.any(String) } });
      },
      emulator,
      env,
    );
    expect((await repeat(emulator, [a, b], env)).receivers).toMatchObject([
      { name: "b", status: "delivered" },
    ]);
    expect(a.messages).toHaveLength(1);
    expect(recordOf(oss, "b")).toEqual({
      confirmed: expect.objectContaining({ at: expect.any(String) }),
    });
    // The hanging message may have arrived; the repeat has the same id, by which it can be dropped.
    expect(new Set(idsAt(b)).size).toBe(1);
  });

  test("notifies again with the same id where the first notification was not recorded", async () => {
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
    expect(recordOf(oss, "a")).toEqual({
      confirmed: expect.objectContaining({ at: expect.any(String) }),
    });
  });

  test("sends the end to receivers that were reached, where the finding is compliant in the next run", async () => {
    await using open = await startCloud({ "cn-a": OPEN });
    let dead = false;
    let writes = 0;
    await using oss = await startOss({
      ...OSS_SEED,
      clock,
      faultFor: ({ method, key }) => {
        if (dead || method !== "PUT" || key !== "guard/state.json") return undefined;
        // Only the intent is written.
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
    expect(recordOf(oss, "a")).toEqual({
      unconfirmed: expect.objectContaining({ event: "opened" }),
    });
    await using mended = await startCloud({ "cn-a": WELL });
    const after = { ...env, FLOWLOG_GUARD_VPC_ENDPOINT: mended.endpoint };
    await repeat(mended, [a, b], after, 8);
    for (const hook of [a, b]) expect(eventsOf(hook)).toEqual([["opened"], ["resolved"]]);
    expect(JSON.parse(String(oss.objects.get("guard/state.json"))).entries).toEqual([]);
  });
});
