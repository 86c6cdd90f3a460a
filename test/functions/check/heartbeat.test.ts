import { describe, expect, test } from "vitest";

import { check } from "../../../functions/check/check.ts";
import { type OssEmulator, startOss } from "../../emulator/oss.ts";
import type { RegionSeed } from "../../emulator/world.ts";
import { OSS_SEED } from "../../harness/emulated-bucket.ts";
import { tick, startCloud, envOf } from "../../harness/hourly-check.ts";
import { functionContext, functionEnv, invokeCheck } from "../../harness/invoke-function.ts";
import { startWebhookCatcher } from "../../harness/webhook-catcher.ts";

const WELL: RegionSeed = { activated: true };

const OPEN: RegionSeed = { activated: false };

const DENIED: RegionSeed = { activated: true, fault: { kind: "denied" } };

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

  test("reports a run, whatever its findings", async () => {
    const { pings } = await beat({ "cn-a": OPEN }, 200);
    expect(pings).toEqual([["/hook-path-5c21?token=hook-token-88fe&rid=…", "done", 1, undefined]]);
  });

  test("reports that a run failed", async () => {
    const { pings, error } = await beat({ "cn-a": DENIED }, 200);
    expect(error?.name).toBe("NothingReadError");
    expect(pings).toEqual([
      ["/hook-path-5c21/fail?token=hook-token-88fe&rid=…", "failed", undefined, "NothingReadError"],
    ]);
  });

  test("fails while the state cannot be used, and the alert explains the consequence", async () => {
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
    // The run is a success, so Function Compute does not retry it.
    expect(await invoke(denied)).toMatchObject({ error: null });
    // The lease can be created here, but the state cannot be written.
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

  test("that hangs is abandoned before the function is killed", async () => {
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

  test("that is not accepted is logged, and changes nothing", async () => {
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
