import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { PassThrough } from "node:stream";

import { afterEach, describe, expect, inject, test, vi } from "vitest";

import { main } from "../../../functions/cli/main.ts";
import { startEmulator } from "../../emulator/emulator.ts";
import type { RegionSeed } from "../../emulator/world.ts";
import { type HomeFolder, homeFolder } from "../../harness/home-folder.ts";
import { cliEnv, emulatorEnv, runCli } from "../../harness/run-cli.ts";
import { startWebhookCatcher } from "../../harness/webhook-catcher.ts";

const WELL: RegionSeed = { activated: true };
const OPEN: RegionSeed = { activated: false };

/** Starts the built watcher, and reads its output line by line. */
function startWatch(args: readonly string[], env: Readonly<Record<string, string>>) {
  const cli = join(inject("dist"), "cli/index.js");
  const child = spawn(process.execPath, [cli, "watch", ...args], {
    env: cliEnv(env),
    cwd: inject("dist"),
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const exit = once(child, "exit") as Promise<[number | null, NodeJS.Signals | null]>;
  return {
    kill: (signal: NodeJS.Signals) => child.kill(signal),
    nextRun: async () => JSON.parse((await lines.next()).value ?? "null") as unknown,
    exitCode: async () => (await exit)[0],
  };
}

interface LogLine {
  readonly outcome?: string;
}

/**
 * Starts the watcher in this process with mocked intervals, since no schedule is shorter than a minute.
 * Other timers are real, so that requests keep their time-outs.
 */
async function startWatchEveryMinute(env: Readonly<Record<string, string>>) {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const given = cliEnv(env);
  for (const [name, value] of Object.entries(given)) vi.stubEnv(name, value);
  const stdout = new PassThrough();
  const lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  const stopping = new AbortController();
  const exit = main({
    argv: ["watch", "--schedule", "@every 1m", "--quiet"],
    env: given,
    stdout,
    stderr: process.stderr,
    clock: () => new Date(),
    stopRequested: async () => {
      await once(stopping.signal, "abort");
    },
  });
  while (vi.getTimerCount() === 0) await new Promise(setImmediate);
  const minute = async () => {
    await new Promise(setImmediate);
    vi.advanceTimersByTime(60_000);
    return JSON.parse((await lines.next()).value ?? "null") as LogLine;
  };
  return {
    /** The output of the next run. The run before it may still be pinging after its line. */
    nextRun: async () => {
      let line = await minute();
      while (line.outcome === "skipped") line = await minute();
      return line;
    },
    exitCode: () => {
      stopping.abort();
      return exit;
    },
  };
}

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

test.each<[NodeJS.Signals, Record<string, RegionSeed>, number]>([
  ["SIGTERM", { "cn-a": WELL }, 0],
  ["SIGHUP", { "cn-a": WELL }, 0],
  ["SIGINT", { "cn-a": OPEN }, 1],
  ["SIGTERM", { "cn-a": { activated: true, fault: { kind: "denied" } }, "cn-b": WELL }, 2],
])(
  "a run at once, a line for it, and %s ends it with the run's exit code",
  async (signal, regions, exitCode) => {
    await using catcher = await startWebhookCatcher();
    await using emulator = await startEmulator({ regions });
    const watch = startWatch(["--schedule", "CRON_TZ=Asia/Calcutta 0 17 * * * *", "--now"], {
      ...emulatorEnv(emulator),
      FLOWLOG_GUARD_WEBHOOK_URL: catcher.url,
    });
    expect(await watch.nextRun()).toMatchObject({
      event: "run",
      trigger: "schedule",
      outcome: "done",
    });
    watch.kill(signal);
    expect(await watch.exitCode()).toBe(exitCode);
    expect(await watch.nextRun()).toBeNull();
    expect(catcher.messages).toHaveLength(exitCode === 1 ? 1 : 0);
  },
);

test.each([
  [
    [],
    /^flowlog-guard: watch: the first run starts at [\dT:-]{13}:17:00Z; with --now, one starts at once\n$/,
  ],
  [["--quiet"], /^$/],
])("without --now, stderr says when the first run starts: %j", async (flags, expected) => {
  await using emulator = await startEmulator({ regions: { "cn-a": WELL } });
  const env = cliEnv(emulatorEnv(emulator));
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const exitCode = await main({
    argv: ["watch", "--schedule", "0 17 * * * *", ...flags],
    env,
    stdout,
    stderr,
    clock: () => new Date(),
    stopRequested: async () => {},
  });
  expect(exitCode).toBe(0);
  expect(stdout.read()).toBeNull();
  expect(String(stderr.read() ?? "")).toMatch(expected);
});

test("runs remember what receivers were notified of, and ping the heartbeat", async () => {
  await using catcher = await startWebhookCatcher();
  await using watchdog = await startWebhookCatcher();
  await using emulator = await startEmulator({ regions: { "cn-a": OPEN } });
  await using folder = await homeFolder();
  const watch = await startWatchEveryMinute({
    ...emulatorEnv(emulator),
    FLOWLOG_GUARD_WEBHOOK_URL: catcher.url,
    FLOWLOG_GUARD_STATE: `file:${join(folder.path, "state.json")}`,
    FLOWLOG_GUARD_HEARTBEAT_URL: watchdog.url,
  });
  expect(await watch.nextRun()).toMatchObject({ alert: "CHANGES" });
  expect(await watch.nextRun()).toMatchObject({ alert: "NO_CHANGES" });
  expect(await watch.exitCode()).toBe(1);
  expect(catcher.messages).toHaveLength(1);
  expect(watchdog.messages.length).toBeGreaterThanOrEqual(2);
});

describe("an alert at an Alertmanager", () => {
  async function folderWith(receiver: object): Promise<HomeFolder> {
    const receivers = [{ type: "alertmanager", ...receiver }];
    return homeFolder({ "flowlog-guard.yaml": { alerts: { receivers } } });
  }

  test("is valid for three times the interval of the schedule", async () => {
    await using catcher = await startWebhookCatcher();
    await using emulator = await startEmulator({ regions: { "cn-a": OPEN } });
    await using folder = await folderWith({ url: catcher.url });
    const config = join(folder.path, "flowlog-guard.yaml");
    const watch = startWatch(
      ["--schedule", "0 17 9 * * MON", "--now", "--config", config],
      emulatorEnv(emulator),
    );
    expect(await watch.nextRun()).toMatchObject({ receivers: [{ status: "delivered" }] });
    watch.kill("SIGTERM");
    expect(await watch.exitCode()).toBe(1);
    const [posted] = JSON.parse(catcher.messages[0]?.body ?? "[]");
    // Without a state the alert begins with the run.
    const lastsMs = Date.parse(posted.endsAt) - Date.parse(posted.startsAt);
    expect(lastsMs).toBe(21 * 86_400_000);
  });

  test("must not expire between two runs", async () => {
    await using folder = await folderWith({ url: "https://am.example.com", validFor: "4h" });
    const config = join(folder.path, "flowlog-guard.yaml");
    const args = ["watch", "--schedule", "0 17 9 * * *", "--config", config];
    const { exitCode, stderr } = await runCli(args);
    expect(exitCode).toBe(3);
    expect(stderr).toContain("alerts.receivers[0].validFor: is 4h, so alerts would end between");
  });
});

test("a run whose state cannot be used completes, and its heartbeat fails", async () => {
  await using watchdog = await startWebhookCatcher();
  await using emulator = await startEmulator({ regions: { "cn-a": WELL } });
  const watch = startWatch(["--schedule", "@every 1h", "--now"], {
    ...emulatorEnv(emulator),
    FLOWLOG_GUARD_STATE: "file:/dev/null/state.json",
    FLOWLOG_GUARD_HEARTBEAT_URL: watchdog.url,
  });
  expect(await watch.nextRun()).toMatchObject({ event: "warning" });
  expect(await watch.nextRun()).toMatchObject({ event: "run", outcome: "done" });
  watch.kill("SIGTERM");
  expect(await watch.exitCode()).toBe(0);
  const paths = watchdog.messages.map(({ path }) => path.split("?")[0]);
  expect(paths.filter((path) => !path?.endsWith("/start"))).toEqual(["/hook-path-5c21/fail"]);
});

test("with --exit-zero, the findings of the last run do not change the exit code", async () => {
  await using catcher = await startWebhookCatcher();
  await using emulator = await startEmulator({ regions: { "cn-a": OPEN } });
  const watch = startWatch(["--schedule", "@every 1h", "--now", "--exit-zero"], {
    ...emulatorEnv(emulator),
    FLOWLOG_GUARD_WEBHOOK_URL: catcher.url,
  });
  expect(await watch.nextRun()).toMatchObject({ outcome: "done", nonCompliant: ["cn-a"] });
  watch.kill("SIGTERM");
  expect(await watch.exitCode()).toBe(0);
});

test("with --exit-zero, the exit code is 3 if a region is not compliant and no receiver is configured", async () => {
  await using emulator = await startEmulator({ regions: { "cn-a": OPEN } });
  const args = ["--schedule", "@every 1h", "--now", "--exit-zero"];
  const watch = startWatch(args, emulatorEnv(emulator));
  expect(await watch.nextRun()).toMatchObject({ outcome: "done", nonCompliant: ["cn-a"] });
  watch.kill("SIGTERM");
  expect(await watch.exitCode()).toBe(3);
});

test("a signal during a run lets the run finish", async () => {
  await using emulator = await startEmulator({
    regions: { "cn-a": { activated: false, fault: { kind: "slow", ms: 600 } } },
  });
  const watch = startWatch(["--schedule", "@every 60m", "--now"], emulatorEnv(emulator));
  while (emulator.requests.length === 0) await new Promise(setImmediate);
  watch.kill("SIGTERM");
  expect(await watch.nextRun()).toMatchObject({ outcome: "done", summary: { nonCompliant: 1 } });
  expect(await watch.exitCode()).toBe(1);
});

test("a run that fails is logged, and does not prevent the next one", async () => {
  await using emulator = await startEmulator({
    regions: { "cn-a": WELL },
    faults: { DescribeRegions: { kind: "denied", times: 1 } },
  });
  const watch = await startWatchEveryMinute(emulatorEnv(emulator));
  expect(await watch.nextRun()).toMatchObject({
    level: "error",
    outcome: "failed",
    error: "ScopeError",
  });
  expect(await watch.nextRun()).toMatchObject({
    outcome: "done",
    summary: { compliant: 1 },
  });
  expect(await watch.exitCode()).toBe(0);
});

test("a role is assumed once for runs within its session", async () => {
  const roleArn = "acs:ram::1234567890123456:role/auditor";
  await using emulator = await startEmulator({
    regions: { "cn-a": WELL },
    roles: { [roleArn]: {} },
  });
  const watch = await startWatchEveryMinute({
    ...emulatorEnv(emulator),
    ALIBABA_CLOUD_ROLE_ARN: roleArn,
  });
  for (let run = 1; run <= 2; run += 1) {
    expect(await watch.nextRun()).toMatchObject({ outcome: "done" });
  }
  expect(await watch.exitCode()).toBe(0);
  const actions = emulator.requests.map(({ action }) => action);
  expect(actions.filter((action) => action === "AssumeRole")).toHaveLength(1);
  expect(actions.filter((action) => action === "GetCallerIdentity").length).toBeGreaterThan(1);
});

test.each([
  [
    ["watch"],
    "watch: needs --schedule <cron>, to run again and again, or --once, for a single run",
  ],
  [["watch", "--now", "--timezone", "UTC"], "watch: needs --schedule <cron>"],
  [["watch", "--once", "--schedule", "@every 1h"], "--schedule: contradicts --once"],
  [["watch", "--once", "--now"], "--now: contradicts --once"],
  [["watch", "--once", "--timezone", "UTC"], "--timezone: contradicts --once"],
  [["watch", "--schedule", "17 * * * *"], "--schedule: has 5 fields"],
  [["watch", "--schedule", "* * * * * *"], '--schedule: has "*" for the seconds: write one number'],
  [["watch", "--schedule", "CRON_TZ=CST 0 17 * * * *"], '--schedule: has "CST" for the time zone'],
  [
    ["watch", "--schedule", "0 17 * * * *", "--timezone", "asia/shanghai"],
    '--timezone: has "asia/shanghai" for the time zone: write Asia/Shanghai',
  ],
  [["watch", "--schedule", "@every 5m", "--regions", "CN-A"], '--regions: "CN-A" is not a region'],
])("%j is an error at once", async (args, message) => {
  const { exitCode, stdout, stderr } = await runCli(args);
  expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
  expect(stderr).toContain(message);
});
