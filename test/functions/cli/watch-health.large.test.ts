import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { describe, expect, inject, test } from "vitest";

import { startEmulator } from "../../emulator/emulator.ts";
import { freePort } from "../../harness/free-port.ts";
import { cliEnv, emulatorEnv, runCli } from "../../harness/run-cli.ts";
import { runNode } from "../../harness/run-process.ts";

const SCHEDULE = ["--schedule", "0 17 9 1 1 *"];

/** Starts the built watcher, which answers health checks at a port. */
function startWatch(args: readonly string[], env: Readonly<Record<string, string>>) {
  const cli = join(inject("dist"), "cli/index.js");
  const child = spawn(process.execPath, [cli, "watch", ...SCHEDULE, ...args], {
    env: cliEnv(env),
    cwd: inject("dist"),
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exit = once(child, "exit");
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return { child, exit, nextLine: async () => JSON.parse((await lines.next()).value ?? "null") };
}

/** The answer to a health check, once there is one. */
async function ask(port: number, path = "/healthz", method = "GET"): Promise<Response> {
  for (;;) {
    try {
      return await fetch(`http://127.0.0.1:${port}${path}`, { method });
    } catch {
      await new Promise(setImmediate);
    }
  }
}

/** Runs the image's health check, as `HEALTHCHECK` does. */
async function check(address: string) {
  return runNode([join(inject("dist"), "cli/healthcheck.js")], {
    env: { FLOWLOG_GUARD_HEALTH: address },
  });
}

test("watch answers during a run, after it, and until it ends", async () => {
  const port = await freePort();
  await using emulator = await startEmulator({
    regions: { "cn-a": { activated: false, fault: { kind: "slow", ms: 1_500 } } },
  });
  const watch = startWatch(["--now", "--health", String(port)], emulatorEnv(emulator));

  while (emulator.requests.length === 0) await new Promise(setImmediate);
  const during = await ask(port);
  expect(during.status).toBe(200);
  expect(during.headers.get("content-type")).toBe("application/json");
  expect(await during.json()).toMatchObject({ currentRun: {}, lastRun: null });

  expect(await watch.nextLine()).toMatchObject({ event: "run", outcome: "done" });
  let report = await (await ask(port)).json();
  while (report.currentRun !== null) report = await (await ask(port)).json();
  // A region that is not compliant is no fault of the process.
  expect(report).toMatchObject({ status: "healthy", problem: null, lastRun: { exitCode: 1 } });
  expect(report.nextDueAt).toMatch(/^\d{4}-01-01T09:17:00/);
  expect(Object.keys(report).toSorted()).toEqual(
    ["status", "problem", "version", "startedAt", "currentRun", "lastRun", "nextDueAt"].toSorted(),
  );

  expect(await check(`127.0.0.1:${port}`)).toMatchObject({ exitCode: 0, stderr: "" });
  // A check in the container reaches a server that listens everywhere.
  expect(await check(`0.0.0.0:${port}`)).toMatchObject({ exitCode: 0 });

  expect((await ask(port, "/")).status).toBe(404);
  expect((await ask(port, "/healthz?verbose")).status).toBe(200);
  expect((await ask(port, "/healthz", "POST")).status).toBe(405);
  expect(await (await ask(port, "/healthz", "HEAD")).text()).toBe("");

  // A client that sends nothing must not hold up the end.
  const mute = connect(port, "127.0.0.1").on("error", () => {});
  await once(mute, "connect");
  watch.child.kill("SIGTERM");
  expect(await watch.exit).toEqual([1, null]);
  mute.destroy();
});

test("a run that fails is no fault of the process", async () => {
  const port = await freePort();
  const watch = startWatch(["--now"], { FLOWLOG_GUARD_HEALTH: `127.0.0.1:${port}` });
  expect(await watch.nextLine()).toMatchObject({ outcome: "failed", error: "CredentialsError" });
  const report = await (await ask(port)).json();
  expect(report).toMatchObject({ status: "healthy", lastRun: { exitCode: 3 } });
  watch.child.kill("SIGTERM");
  expect(await watch.exit).toEqual([3, null]);
});

describe("the image's health check", () => {
  test("fails where watch does not answer", async () => {
    const port = await freePort();
    const watch = startWatch(["--health", String(port)], {});
    await (await ask(port)).text();
    watch.child.kill("SIGSTOP");
    const { exitCode, stdout } = await check(String(port));
    watch.child.kill("SIGCONT");
    watch.child.kill("SIGTERM");
    expect(exitCode).toBe(1);
    expect(stdout).toBe(`http://127.0.0.1:${port}/healthz did not answer (ABORT_ERR)\n`);
    await watch.exit;
  });

  test.each([
    ["where no watch runs, as with audit in the image", async () => String(await freePort())],
    ["where health checks are off", async () => "unset"],
  ])("passes %s", async (_what, address) => {
    expect(await check(await address())).toMatchObject({ exitCode: 0, stderr: "" });
  });

  test("fails with a message where its address is wrong", async () => {
    const { exitCode, stdout } = await check("example.com:80");
    expect(exitCode).toBe(1);
    expect(stdout).toContain("FLOWLOG_GUARD_HEALTH: is no address for health checks");
  });
});

test("watch does not start where the port is in use", async () => {
  const port = await freePort();
  const watch = startWatch(["--health", String(port)], {});
  await (await ask(port)).text();
  await using emulator = await startEmulator({ regions: { "cn-a": { activated: true } } });
  const args = ["watch", ...SCHEDULE, "--now", "--health", String(port)];
  const { exitCode, stdout, stderr } = await runCli(args, emulatorEnv(emulator));
  watch.child.kill("SIGTERM");
  expect(await watch.exit).toEqual([0, null]);
  expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
  expect(stderr).toBe(
    `flowlog-guard: --health: cannot listen at 127.0.0.1:${port} (EADDRINUSE): another process listens there: stop it, or choose another port\n`,
  );
  expect(emulator.requests).toEqual([]);
});
