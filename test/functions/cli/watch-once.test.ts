import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";

import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";

import { startEmulator } from "../../emulator/emulator.ts";
import type { RegionSeed } from "../../emulator/world.ts";
import { cliEnv, emulatorEnv, runCli } from "../../harness/run-cli.ts";
import { runMain } from "../../harness/run-main.ts";
import { type CatcherAnswer, startWebhookCatcher } from "../../harness/webhook-catcher.ts";

const WELL: RegionSeed = { activated: true };
const OPEN: RegionSeed = { activated: false };
const DENIED: RegionSeed = { activated: true, fault: { kind: "denied" } };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "flowlog-guard-once-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** The lines of a log, without their times. */
function entriesOf(stdout: string): Record<string, unknown>[] {
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

test("is one run: it audits, alerts, remembers, pings the heartbeat, and ends", async () => {
  await using catcher = await startWebhookCatcher();
  await using watchdog = await startWebhookCatcher();
  await using emulator = await startEmulator({ regions: { "cn-a": OPEN, "cn-b": WELL } });
  const state = join(folder, "state.json");
  const env = {
    ...emulatorEnv(emulator),
    FLOWLOG_GUARD_WEBHOOK_URL: catcher.url,
    FLOWLOG_GUARD_STATE: `file:${state}`,
    FLOWLOG_GUARD_HEARTBEAT_URL: watchdog.url,
  };
  const first = await runCli(["watch", "--once"], env);
  expect(first).toMatchObject({ exitCode: 0, stderr: "" });
  expect(entriesOf(first.stdout)).toMatchObject([
    {
      event: "run",
      trigger: "schedule",
      outcome: "done",
      alert: "CHANGES",
      nonCompliant: ["cn-a"],
    },
  ]);
  expect(catcher.messages).toHaveLength(1);
  expect(JSON.parse(await readFile(state, "utf8")).entries).toHaveLength(1);

  // The second run has no changes, and succeeds too.
  const second = await runCli(["watch", "--once"], env);
  expect(second.exitCode).toBe(0);
  expect(entriesOf(second.stdout)).toMatchObject([{ alert: "NO_CHANGES" }]);
  expect(catcher.messages).toHaveLength(1);
  const ends = watchdog.messages.filter(({ path }) => !path.includes("/start"));
  expect(ends.map(({ path }) => path.split("?")[0])).toEqual([
    "/hook-path-5c21",
    "/hook-path-5c21",
  ]);
});

describe("the exit code", () => {
  interface Case {
    readonly what: string;
    readonly regions: Record<string, RegionSeed>;
    /** The receiver's answer; null for no receiver. */
    readonly receiver: CatcherAnswer | null;
    readonly state?: string;
    /** With `--once` alone, and with `--no-exit-zero`. */
    readonly exitCodes: readonly [number, number];
  }
  const accepting = { status: 200 };

  test.each<Case>([
    { what: "all is compliant", regions: { "cn-a": WELL }, receiver: accepting, exitCodes: [0, 0] },
    { what: "all is compliant", regions: { "cn-a": WELL }, receiver: null, exitCodes: [0, 0] },
    {
      what: "one is open, and the receiver is notified",
      regions: { "cn-a": OPEN },
      receiver: accepting,
      exitCodes: [0, 1],
    },
    {
      what: "one is open, and no receiver is configured",
      regions: { "cn-a": OPEN, "cn-b": WELL },
      receiver: null,
      exitCodes: [3, 1],
    },
    {
      what: "one is open, and the alert reached no receiver",
      regions: { "cn-a": OPEN },
      receiver: { status: 403 },
      exitCodes: [3, 3],
    },
    {
      what: "one could not be read",
      regions: { "cn-a": WELL, "cn-b": DENIED },
      receiver: accepting,
      exitCodes: [0, 2],
    },
    {
      what: "none could be read",
      regions: { "cn-a": DENIED },
      receiver: accepting,
      exitCodes: [3, 2],
    },
    { what: "none could be read", regions: { "cn-a": DENIED }, receiver: null, exitCodes: [3, 2] },
    {
      what: "the state cannot be kept",
      regions: { "cn-a": WELL },
      receiver: accepting,
      state: "file:/dev/null/state.json",
      exitCodes: [3, 3],
    },
  ])("where $what, $receiver", async ({ regions, receiver, state, exitCodes }) => {
    await using catcher = await startWebhookCatcher(receiver === null ? [] : [receiver]);
    await using emulator = await startEmulator({ regions });
    const env = {
      ...emulatorEnv(emulator),
      ...(receiver !== null && { FLOWLOG_GUARD_WEBHOOK_URL: catcher.url }),
      ...(state !== undefined && { FLOWLOG_GUARD_STATE: state }),
    };
    const alone = await runMain(["watch", "--once"], env);
    const strict = await runMain(["watch", "--once", "--no-exit-zero"], env);
    expect([alone.exitCode, strict.exitCode]).toEqual(exitCodes);
    if (receiver !== null || exitCodes[1] !== 1) return;
    const warning = { event: "warning", message: expect.stringContaining("there is no receiver") };
    expect(entriesOf(alone.stdout)).toContainEqual(expect.objectContaining(warning));
  });

  test("is 3 where the audit could not run, and the heartbeat fails", async () => {
    await using watchdog = await startWebhookCatcher();
    await using emulator = await startEmulator({
      regions: { "cn-a": WELL },
      faults: { DescribeRegions: { kind: "denied" } },
    });
    const env = { ...emulatorEnv(emulator), FLOWLOG_GUARD_HEARTBEAT_URL: watchdog.url };
    const { exitCode, stdout } = await runMain(["watch", "--once"], env);
    expect(exitCode).toBe(3);
    expect(entriesOf(stdout)).toMatchObject([{ outcome: "failed", error: "ScopeError" }]);
    expect(watchdog.messages.at(-1)?.path).toContain("/fail");
  });
});

test("stderr has the stack trace of a failed run with --verbose, and nothing without it", async () => {
  const [plain, verbose] = [
    await runMain(["watch", "--once"]),
    await runMain(["watch", "--once", "-v"]),
  ];
  expect(plain.stderr).toBe("");
  expect(verbose.stderr).toMatch(
    /^flowlog-guard: No credentials were found.*\nCredentialsError: .*\n\s+at /,
  );
  expect(entriesOf(verbose.stdout)).toMatchObject([{ event: "run", error: "CredentialsError" }]);
});

test.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)(
  "%s lets the run end, its delivery included",
  async (signal) => {
    let interrupt = (): void => {};
    const busy = { status: 503, headers: { "retry-after": "0" } };
    await using catcher = await startWebhookCatcher([busy, { status: 200 }], () => interrupt());
    await using emulator = await startEmulator({
      regions: { "cn-a": { activated: false, fault: { kind: "slow", ms: 300 } } },
    });
    const child = spawn(
      process.execPath,
      [join(inject("dist"), "cli/index.js"), "watch", "--once"],
      {
        env: cliEnv({ ...emulatorEnv(emulator), FLOWLOG_GUARD_WEBHOOK_URL: catcher.url }),
        cwd: inject("dist"),
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    interrupt = () => void child.kill(signal);
    const stdout = text(child.stdout);
    while (emulator.requests.length === 0) await new Promise(setImmediate);
    child.kill(signal);
    expect(await once(child, "exit")).toEqual([0, null]);
    expect(catcher.messages).toHaveLength(2);
    expect(entriesOf(await stdout)).toMatchObject([{ receivers: [{ status: "delivered" }] }]);
  },
);
