import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";

import { type Emulator, startEmulator } from "../../emulator/emulator.ts";
import { cliEnv, emulatorEnv, runCli } from "../../harness/run-cli.ts";
import { startWebhookCatcher, type WebhookCatcher } from "../../harness/webhook-catcher.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "flowlog-guard-alert-state-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

function envOf(emulator: Emulator, catcher: WebhookCatcher): Record<string, string> {
  return {
    ...emulatorEnv(emulator),
    FLOWLOG_GUARD_WEBHOOK_URL: catcher.url,
    FLOWLOG_GUARD_STATE: `file:${join(dir, "state.json")}`,
  };
}

/** The changes of each message, as `event region`. */
function changesAt({ messages }: WebhookCatcher): string[][] {
  return messages.map(({ body }) =>
    JSON.parse(body).data.changes.map(
      ({ event, regionId }: { event: string; regionId: string }) => `${event} ${regionId}`,
    ),
  );
}

function openRecords(): { readonly confirmed: unknown; readonly unconfirmed: unknown }[] {
  const state = JSON.parse(readFileSync(join(dir, "state.json"), "utf8"));
  return state.entries.flatMap(({ notified }: { notified: Record<string, { open: unknown }> }) =>
    Object.values(notified).map(({ open }) => open),
  );
}

describe("audit --alert", () => {
  test.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)(
    "is not ended by %s while it delivers: the delivery is finished, and remembered",
    async (signal) => {
      await using emulator = await startEmulator({ regions: { "cn-a": { activated: false } } });
      let interrupt = (): void => {};
      const busy = { status: 503, headers: { "retry-after": "1" } };
      await using catcher = await startWebhookCatcher([busy, { status: 200 }], () => interrupt());
      const env = envOf(emulator, catcher);
      const child = spawn(
        process.execPath,
        [join(inject("dist"), "cli/index.js"), "audit", "--alert"],
        { env: cliEnv(env), cwd: inject("dist"), stdio: "ignore" },
      );
      interrupt = () => void child.kill(signal);
      // Each message triggers the signal, since npx passes it on twice.
      expect(await once(child, "exit")).toEqual([1, null]);
      expect(catcher.messages).toHaveLength(2);
      expect(openRecords()).toEqual([
        { confirmed: expect.objectContaining({ at: expect.any(String) }) },
      ]);
      expect((await runCli(["audit", "--alert"], env)).stderr).toContain("NO_CHANGES");
      expect(catcher.messages).toHaveLength(2);
    },
  );

  test("is ended by a signal before it delivers", async () => {
    await using emulator = await startEmulator({
      regions: { "cn-a": { activated: false, fault: { kind: "slow", ms: 5_000 } } },
    });
    await using catcher = await startWebhookCatcher();
    const child = spawn(
      process.execPath,
      [join(inject("dist"), "cli/index.js"), "audit", "--alert", "--regions", "cn-a"],
      { env: cliEnv(envOf(emulator, catcher)), cwd: inject("dist"), stdio: "ignore" },
    );
    while (emulator.requests.length === 0) await new Promise(setImmediate);
    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([null, "SIGTERM"]);
    expect(catcher.messages).toEqual([]);
  });
});

test("two concurrent runs notify of each change once", async () => {
  await using catcher = await startWebhookCatcher();
  await using open = await startEmulator({ regions: { "cn-a": { activated: false } } });
  const twice = async (emulator: Emulator) =>
    Promise.all([1, 2].map(() => runCli(["audit", "--alert"], envOf(emulator, catcher))));
  expect((await twice(open)).map(({ exitCode }) => exitCode)).toEqual([1, 1]);
  expect(changesAt(catcher)).toEqual([["opened cn-a"]]);
  await using mended = await startEmulator({ regions: { "cn-a": { activated: true } } });
  expect((await twice(mended)).map(({ exitCode }) => exitCode)).toEqual([0, 0]);
  expect(changesAt(catcher)).toEqual([["opened cn-a"], ["resolved cn-a"]]);
});

describe("a region that leaves the scope", () => {
  test("is notified once as unscoped if the configuration excludes it, and not if a flag does", async () => {
    await using catcher = await startWebhookCatcher();
    await using emulator = await startEmulator({
      regions: { "cn-a": { activated: false }, "cn-b": { activated: true } },
    });
    const env = envOf(emulator, catcher);
    const audit = async (args: readonly string[], regions = "all") =>
      (await runCli(["audit", "--alert", ...args], { ...env, FLOWLOG_GUARD_REGIONS: regions }))
        .exitCode;
    await audit([]);
    expect(await audit(["--regions", "cn-b"])).toBe(0);
    expect(changesAt(catcher)).toEqual([["opened cn-a"]]);
    expect(await audit([], "cn-b")).toBe(0);
    expect(await audit([], "cn-b")).toBe(0);
    expect(changesAt(catcher)).toEqual([["opened cn-a"], ["unscoped cn-a"]]);
    expect(openRecords()).toEqual([]);
    // It is in scope again, and still open.
    expect(await audit([])).toBe(1);
    expect(changesAt(catcher).slice(2)).toEqual([["opened cn-a"]]);
  });

  test("is notified again in the next run to a receiver that refused it", async () => {
    await using catcher = await startWebhookCatcher([
      { status: 200 },
      { status: 403 },
      { status: 200 },
    ]);
    const regions = { "cn-a": { activated: false }, "cn-b": { activated: true } };
    await using before = await startEmulator({ regions });
    await runCli(["audit", "--alert"], envOf(before, catcher));
    // DescribeRegions no longer lists it.
    await using after = await startEmulator({ regions: { "cn-b": { activated: true } } });
    const failed = await runCli(["audit", "--alert"], envOf(after, catcher));
    expect([failed.exitCode, failed.stderr]).toEqual([
      3,
      expect.stringContaining("The alert reached nobody."),
    ]);
    expect((await runCli(["audit", "--alert"], envOf(after, catcher))).exitCode).toBe(0);
    expect((await runCli(["audit", "--alert"], envOf(after, catcher))).exitCode).toBe(0);
    expect(changesAt(catcher)).toEqual([["opened cn-a"], ["unscoped cn-a"], ["unscoped cn-a"]]);
  });
});
