import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { startEmulator } from "../../emulator/emulator.ts";
import type { RegionSeed } from "../../emulator/world.ts";
import { emulatorEnv, runCli } from "../../harness/run-cli.ts";
import { CATCHER_SECRETS, startWebhookCatcher } from "../../harness/webhook-catcher.ts";

const WELL: RegionSeed = { activated: true };

const OPEN: RegionSeed = { activated: false };

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "flowlog-guard-cli-"));
});

afterAll(() => rm(folder, { recursive: true }));

describe("--alert", () => {
  test("notifies the receivers, and reports it on stderr", async () => {
    await using catcher = await startWebhookCatcher();
    await using emulator = await startEmulator({ regions: { "cn-a": OPEN } });
    const env = { ...emulatorEnv(emulator), FLOWLOG_GUARD_WEBHOOK_URL: catcher.url };
    const { exitCode, stderr } = await runCli(["audit", "--alert"], env);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /^flowlog-guard: alert delivered to webhook-[0-9a-f]{8} \(127\.0\.0\.1:\d+\)\n$/,
    );
    expect(catcher.messages).toHaveLength(1);
  });

  test("that reaches no receiver is exit 3, with the report and without a secret", async () => {
    await using catcher = await startWebhookCatcher([{ status: 404 }]);
    await using emulator = await startEmulator({ regions: { "cn-a": OPEN } });
    const env = { ...emulatorEnv(emulator), FLOWLOG_GUARD_WEBHOOK_URL: catcher.url };
    const { exitCode, stdout, stderr } = await runCli(["audit", "--alert", "--verbose"], env);
    expect(exitCode).toBe(3);
    expect(stdout).toContain("NON_COMPLIANT");
    expect(stderr).toContain("The alert reached nobody.");
    for (const secret of CATCHER_SECRETS) expect(stdout + stderr).not.toContain(secret);
  });

  test("prints nothing with --quiet, and sends nothing when all is compliant", async () => {
    await using catcher = await startWebhookCatcher();
    await using emulator = await startEmulator({ regions: { "cn-a": WELL } });
    const env = { ...emulatorEnv(emulator), FLOWLOG_GUARD_WEBHOOK_URL: catcher.url };
    expect((await runCli(["audit", "--alert", "--quiet"], env)).stderr).toBe("");
    expect((await runCli(["audit", "--alert"], env)).stderr).toBe(
      "flowlog-guard: no alert is due: ALL_WELL\n",
    );
    expect(catcher.messages).toEqual([]);
  });

  test("reports a problem with the state, also with --quiet", async () => {
    await using catcher = await startWebhookCatcher();
    await using emulator = await startEmulator({ regions: { "cn-a": OPEN } });
    await writeFile(join(folder, "damaged.json"), "{");
    const alert = async (file: string) =>
      runCli(["audit", "--alert", "--quiet"], {
        ...emulatorEnv(emulator),
        FLOWLOG_GUARD_WEBHOOK_URL: catcher.url,
        FLOWLOG_GUARD_STATE: `file:${join(folder, file)}`,
      });
    const { stderr: damaged } = await alert("damaged.json");
    expect(damaged).toMatch(/^flowlog-guard: .*It was set aside as .*\n$/);
    const { stderr: missing } = await alert("nowhere/state.json");
    expect(missing).toMatch(
      /^flowlog-guard: .*nowhere, where the state is kept, does not exist.*\n$/,
    );
  });

  test("names a receiver that failed, also with --quiet, when another was reached", async () => {
    await using catcher = await startWebhookCatcher();
    await using broken = await startWebhookCatcher([{ status: 404 }]);
    await using emulator = await startEmulator({ regions: { "cn-a": OPEN } });
    const config = join(folder, "two.yaml");
    await writeFile(config, 'alerts: { receivers: [{ url: "${A}" }, { url: "${B}" }] }\n');
    const env = { ...emulatorEnv(emulator), A: catcher.url, B: broken.url };
    const args = ["audit", "--alert", "--quiet", "--config", config];
    const { exitCode, stderr } = await runCli(args, env);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /^flowlog-guard: alert not delivered to webhook-\S+ \(\S+\): .* HTTP 404\..*\n$/,
    );
  });

  test("without a receiver is an error before the cloud is asked", async () => {
    await using emulator = await startEmulator({ regions: { "cn-a": WELL } });
    const { exitCode, stderr } = await runCli(["audit", "--alert"], emulatorEnv(emulator));
    expect(exitCode).toBe(3);
    expect(stderr).toContain("--alert: there is no receiver.");
    expect(emulator.requests).toEqual([]);
  });

  test("is required to send an alert; no heartbeat is pinged with or without it", async () => {
    await using catcher = await startWebhookCatcher();
    await using watchdog = await startWebhookCatcher();
    await using emulator = await startEmulator({ regions: { "cn-a": OPEN } });
    const env = {
      ...emulatorEnv(emulator),
      FLOWLOG_GUARD_WEBHOOK_URL: catcher.url,
      FLOWLOG_GUARD_HEARTBEAT_URL: watchdog.url,
    };
    await runCli(["audit"], env);
    expect(catcher.messages).toEqual([]);
    await runCli(["audit", "--alert"], env);
    expect(catcher.messages).toHaveLength(1);
    expect(watchdog.messages).toEqual([]);
  });
});
