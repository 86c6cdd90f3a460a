import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { startEmulator } from "../emulator/emulator.ts";
import { startDeployed } from "../harness/audit-remotely.ts";
import { type BuiltImage, buildImage, execForm, imageEnv } from "../harness/dockerfile.ts";
import { freePort } from "../harness/free-port.ts";
import { allows, AS_FIRST_PROCESS, READ_ONLY } from "../harness/namespaces.ts";
import { otherNode } from "../harness/other-node.ts";
import { cliEnv, emulatorEnv } from "../harness/run-cli.ts";

// Two minutes are for a machine that is busy with other builds.
const BUILD_TIMEOUT_MS = 120_000;

let image: BuiltImage;
beforeAll(async () => {
  image = await buildImage();
  // The image's user is another one than that of the build.
  await chmod(join(image.root, ".."), 0o755);
}, BUILD_TIMEOUT_MS);
afterAll(() => image[Symbol.asyncDispose]());

interface Container {
  readonly env?: Readonly<Record<string, string>>;
  /** Commands before the image's own, which change the process that they start. */
  readonly wrapper?: readonly string[];
  readonly node?: string;
}

/** Starts a command of the image as a container engine does. */
function start(command: readonly string[], { env = {}, wrapper = [], node }: Container = {}) {
  const words = command.map((word) => {
    if (word === "node") return node ?? process.execPath;
    return word.startsWith("/app/") ? join(image.root, word) : word;
  });
  const [program = "", ...args] = [...wrapper, ...words];
  const { PATH = "" } = process.env;
  const child = spawn(program, args, {
    env: { PATH, ...imageEnv(), ...cliEnv(env) },
    cwd: join(image.root, "app"),
    stdio: ["ignore", "pipe", "pipe"],
  });
  return { child, exit: once(child, "exit") };
}

/** Runs a command of the image to its end. */
async function run(command: readonly string[], container?: Container) {
  const { child, exit } = start(command, container);
  const [stdout, stderr, [exitCode]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    exit,
  ]);
  return { stdout, stderr, exitCode };
}

const entrypoint = execForm("ENTRYPOINT");
const AS_USER = ["setpriv", "--reuid=1000", "--regid=1000", "--clear-groups"];

test("the image has the command line, its licence, and no configuration", () => {
  expect(readdirSync(image.root)).toEqual(["app"]);
  expect(readdirSync(join(image.root, "app")).toSorted()).toEqual([
    "LICENSE",
    "cli",
    "package.json",
  ]);
});

describe.each([
  ["this Node", process.execPath],
  ["Node 24", otherNode(24)],
])("the image on %s", (_what, found) => {
  const node = found ?? "none";

  test.skipIf(found === null)("audits, also through the deployed function", async () => {
    await using emulator = await startEmulator({ regions: { "cn-a": { activated: true } } });
    await using deployed = await startDeployed(emulator);
    const env = { ...emulatorEnv(emulator), FLOWLOG_GUARD_FC_ENDPOINT: deployed.origin };
    const local = await run([...entrypoint, "audit"], { env, node });
    expect(local).toMatchObject({ exitCode: 0, stderr: "" });
    const args = ["audit", "--remote", "--region", "cn-hangzhou"];
    const remote = await run([...entrypoint, ...args], { env, node });
    expect(remote).toMatchObject({ exitCode: 0, stderr: "" });
    expect(deployed.invocations).toHaveLength(1);
  });

  test.skipIf(found === null)(
    "watches by default, is healthy, and ends at its stop signal",
    async () => {
      const env = { FLOWLOG_GUARD_HEALTH: `127.0.0.1:${await freePort()}` };
      const watch = start([...entrypoint, ...execForm("CMD")], { env, node });
      let checked = await run(execForm("HEALTHCHECK"), { env, node });
      while (checked.stdout.startsWith("nothing listens")) {
        checked = await run(execForm("HEALTHCHECK"), { env, node });
      }
      expect(checked).toMatchObject({ exitCode: 0, stderr: "" });
      expect(JSON.parse(checked.stdout)).toMatchObject({ status: "healthy" });
      watch.child.kill("SIGTERM");
      expect(await watch.exit).toEqual([0, null]);
    },
  );
});

describe("with a read-only file system, as another user", () => {
  const wrapper = [...READ_ONLY, ...AS_USER];
  const isAllowed = allows(wrapper);

  test.skipIf(!isAllowed)("nothing can be written", async () => {
    const { exitCode } = await run(["touch", "/app/x"], { wrapper });
    expect(exitCode).not.toBe(0);
    expect((await run(["touch", "/tmp/flowlog-guard-x"], { wrapper })).stderr).toContain(
      "Read-only",
    );
  });

  test.skipIf(!isAllowed)("an audit, and watch --once, do all that they do", async () => {
    await using emulator = await startEmulator({ regions: { "cn-a": { activated: true } } });
    const env = emulatorEnv(emulator);
    const audit = await run([...entrypoint, "audit", "--rules", "all"], { env, wrapper });
    expect(audit).toMatchObject({ exitCode: 0, stderr: "" });
    const once = await run([...entrypoint, "watch", "--once"], { env, wrapper });
    expect(once).toMatchObject({ exitCode: 0, stderr: "" });
    expect(JSON.parse(once.stdout)).toMatchObject({ outcome: "done" });
  });
});

describe("as the first process, without an init", () => {
  const isAllowed = allows(AS_FIRST_PROCESS);
  const slow = { activated: true, fault: { kind: "slow", ms: 4_000 } } as const;

  /** The id, outside of its namespace, of the process that `unshare` has started. */
  async function firstProcess(unshare: number | undefined): Promise<number> {
    const { readFile } = await import("node:fs/promises");
    return Number(await readFile(`/proc/${unshare}/task/${unshare}/children`, "utf8"));
  }

  test.skipIf(!isAllowed).each(["SIGTERM", "SIGINT", "SIGHUP"] as const)(
    "%s ends an audit",
    async (signal) => {
      await using emulator = await startEmulator({ regions: { "cn-a": slow } });
      const env = emulatorEnv(emulator);
      const audit = start([...entrypoint, "audit"], { env, wrapper: AS_FIRST_PROCESS });
      while (emulator.requests.length === 0) await new Promise(setImmediate);
      process.kill(await firstProcess(audit.child.pid), signal);
      expect(await audit.exit).toEqual([{ SIGTERM: 143, SIGINT: 130, SIGHUP: 129 }[signal], null]);
    },
  );

  test.skipIf(!isAllowed)("SIGTERM lets the run of watch end", async () => {
    const regions = { "cn-a": { ...slow, fault: { kind: "slow", ms: 600 } } } as const;
    await using emulator = await startEmulator({ regions });
    const env = {
      ...emulatorEnv(emulator),
      FLOWLOG_GUARD_HEALTH: `127.0.0.1:${await freePort()}`,
    };
    const command = [...entrypoint, ...execForm("CMD"), "--now"];
    const watch = start(command, { env, wrapper: AS_FIRST_PROCESS });
    const lines = createInterface({ input: watch.child.stdout })[Symbol.asyncIterator]();
    while (emulator.requests.length === 0) await new Promise(setImmediate);
    process.kill(await firstProcess(watch.child.pid), "SIGTERM");
    expect(JSON.parse((await lines.next()).value ?? "null")).toMatchObject({ outcome: "done" });
    expect(await watch.exit).toEqual([0, null]);
  });
});
