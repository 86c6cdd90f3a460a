import { existsSync } from "node:fs";
import { mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { startEmulator } from "../../emulator/emulator.ts";
import type { RegionSeed } from "../../emulator/world.ts";
import { emulatorEnv, runCli } from "../../harness/run-cli.ts";
import { startWebhookCatcher } from "../../harness/webhook-catcher.ts";

const WELL: RegionSeed = { activated: true };

const OPEN: RegionSeed = { activated: false };

const DENIED: RegionSeed = { activated: true, fault: { kind: "denied" } };

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "flowlog-guard-cli-"));
});

afterAll(() => rm(folder, { recursive: true }));

describe("output that cannot be written", () => {
  const fullDisk = "/dev/full";

  test.runIf(existsSync(fullDisk))("to stdout is exit 3, not a success", async () => {
    await using emulator = await startEmulator({ regions: { "cn-a": WELL } });
    const { exitCode, stderr } = await runCli(["audit"], emulatorEnv(emulator), {
      stdout: fullDisk,
    });
    expect(exitCode).toBe(3);
    expect(stderr).toBe("flowlog-guard: The output could not be written (ENOSPC).\n");
  });

  test.runIf(existsSync(fullDisk))("to a file goes to stdout, and costs no alert", async () => {
    await using catcher = await startWebhookCatcher();
    await using emulator = await startEmulator({ regions: { "cn-a": OPEN } });
    const env = { ...emulatorEnv(emulator), FLOWLOG_GUARD_WEBHOOK_URL: catcher.url };
    // Through a link, so that no device of the machine can be replaced.
    const path = join(folder, "full");
    await symlink(fullDisk, path);
    const args = ["audit", "--alert", "--output", `table:${path}`];
    const { exitCode, stdout, stderr } = await runCli(args, env);
    expect(exitCode).toBe(3);
    expect(stdout).toContain("NON_COMPLIANT");
    expect(stderr).toContain(
      `${path} could not be written (ENOSPC), so the report went to stdout.`,
    );
    expect(catcher.messages).toHaveLength(1);
  });

  test.runIf(existsSync(fullDisk)).each<[RegionSeed, string[], number]>([
    [WELL, ["--output", "report.json"], 0],
    [DENIED, ["--alert"], 2],
    [WELL, ["--timeout", "soon"], 3],
  ])("to stderr does not change the exit code: %j %j", async (seed, flags, expected) => {
    await using catcher = await startWebhookCatcher();
    await using emulator = await startEmulator({ regions: { "cn-a": seed } });
    const env = { ...emulatorEnv(emulator), FLOWLOG_GUARD_WEBHOOK_URL: catcher.url };
    const { exitCode } = await runCli(["audit", ...flags], env, { cwd: folder, stderr: fullDisk });
    expect(exitCode).toBe(expected);
  });

  test("because the reader closed the pipe changes nothing", async () => {
    await using emulator = await startEmulator({ regions: { "cn-a": OPEN } });
    const result = await runCli(["audit"], emulatorEnv(emulator), { stdout: "closed" });
    expect(result).toMatchObject({ exitCode: 1, stderr: "" });
  });

  test("and never ends is exit 3", async () => {
    const stall = "process.stdout.write = () => true";
    const env = { NODE_OPTIONS: `--import="data:text/javascript,${encodeURI(stall)}"` };
    expect((await runCli(["config"], env)).exitCode).toBe(3);
  });
});
