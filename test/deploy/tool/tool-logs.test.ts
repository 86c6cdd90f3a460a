import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";
import { afterEach, beforeAll, beforeEach, expect, inject, test } from "vitest";

import { type Behaviour, callsOf, installServerlessDevs } from "../serverless-devs.ts";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const REMOVED =
  "deploy: removed the logs that Serverless Devs wrote in this run: they hold secrets\n";

/** Runs the calls in its arguments, and prints their outcomes. */
const PROGRAM = `
import { openToolLogs } from "./deploy/tool/tool-logs.ts";
import { run } from "./deploy/tool/shell.ts";

const onLine = (line) => process.stdout.write(line + "\\n");
try {
  using logs = openToolLogs(process.env, onLine);
  const env = { ...process.env, ...logs.env };
  const shell = { cwd: "/", env, onLine, createMask: () => (line) => line, stop: logs.stop };
  for (const call of process.argv.slice(2)) {
    if (call === "fault") throw new Error("fault");
    if (call === "exit") process.exit(7);
    onLine(call + " " + (await run("s", call.split(" "), shell)));
  }
} catch (error) {
  onLine(error.name + ": " + error.message);
}
`;

let program: string;
beforeAll(async () => {
  program = join(inject("dist"), "tool-logs.mjs");
  await build({
    stdin: { contents: PROGRAM, resolveDir: ROOT, loader: "ts" },
    outfile: program,
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    target: "node20",
  });
});

let home: string;
let temporary: string;
let binDir: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "flowlog-guard-logs-"));
  temporary = join(home, "temporary");
  binDir = join(home, "bin");
  mkdirSync(temporary);
});
afterEach(() => rmSync(home, { recursive: true }));

function start(calls: readonly string[], behaviour: Behaviour = {}, env: object = {}) {
  installServerlessDevs(binDir, { deploy: { output: "deploying\n", exitCode: 0 }, ...behaviour });
  const child = spawn(process.execPath, [program, ...calls], {
    env: { PATH: binDir, HOME: home, TMPDIR: temporary, WEBHOOK_SECRET: SECRET, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  return { child, output: text(child.stdout), exit: once(child, "exit") };
}

async function run(...given: Parameters<typeof start>): Promise<string> {
  const { output, exit } = start(...given);
  await exit;
  return output;
}

function modeOf(path: string): number {
  return statSync(path).mode & 0o777;
}

/** The files below a folder that contain the secret. */
function filesWithSecret(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((file) => readFileSync(file, "utf8").includes(SECRET));
}

test("the stand-in's logs are readable by all users, like those of Serverless Devs", async () => {
  const { exit } = start(["exit"]);
  await exit;
  const env = { PATH: binDir, HOME: home, WEBHOOK_SECRET: SECRET };
  await once(spawn(join(binDir, "s"), ["deploy"], { env, stdio: "ignore" }), "exit");
  const names = join(home, ".s/logs/1122113652");
  expect(filesWithSecret(home)).toEqual([join(names, "flowlog-guard-check.log")]);
  expect(modeOf(join(names, "flowlog-guard-check.log"))).toBe(0o644);
  expect(modeOf(names)).toBe(0o755);
});

test.each<[string, readonly string[], Behaviour]>([
  ["succeeds", ["-v", "deploy -y", "info"], {}],
  ["fails", ["-v", "deploy -y"], { deploy: { output: "", exitCode: 101 } }],
  ["is followed by an internal error", ["-v", "deploy -y", "fault"], {}],
])(
  "no log of the run is left when it %s, and a message says so",
  async (_how, calls, behaviour) => {
    const output = await run(calls, behaviour);
    expect(callsOf(binDir)).toHaveLength(calls.filter((call) => call !== "fault").length);
    expect(output).toContain(REMOVED);
    expect(readdirSync(temporary)).toEqual([]);
    expect(existsSync(join(home, ".s"))).toBe(false);
  },
);

test("no log of the run is left when the process exits in the middle of it", async () => {
  await run(["deploy -y", "exit"]);
  expect(callsOf(binDir)).toHaveLength(1);
  expect(filesWithSecret(home)).toEqual([]);
  expect(readdirSync(temporary)).toEqual([]);
});

test.each<NodeJS.Signals>(["SIGINT", "SIGTERM", "SIGHUP"])(
  "%s ends Serverless Devs first, then removes what it wrote",
  async (signal) => {
    const { child, output, exit } = start(["deploy -y", "info"], {
      deploy: { output: "deploying\n", exitCode: "never" },
    });
    await once(child.stdout, "data");
    const [folder = ""] = readdirSync(temporary);
    expect(statSync(join(temporary, folder)).mode & 0o777).toBe(0o700);
    expect(filesWithSecret(temporary)).toHaveLength(1);
    child.kill(signal);
    expect(await exit).toEqual([0, null]);
    expect(await output).toContain(
      `${REMOVED}InterruptedError: ${signal} ended the deployment. What was deployed before it stays.\n`,
    );
    expect(callsOf(binDir).map(({ args }) => args[0])).toEqual(["deploy"]);
    expect(filesWithSecret(home)).toEqual([]);
    expect(readdirSync(temporary)).toEqual([]);
  },
);

test("logs of other runs are unchanged, and a link in place of their folder is not followed", async () => {
  const elsewhere = join(home, "elsewhere");
  mkdirSync(join(elsewhere, "1122113652"), { recursive: true });
  const other = join(elsewhere, "1122113652/other.log");
  writeFileSync(other, "another run");
  chmodSync(other, 0o644);
  mkdirSync(join(home, ".s"));
  symlinkSync(elsewhere, join(home, ".s/logs"));
  const output = await run(["-v", "deploy -y"]);
  expect(output).toContain(REMOVED);
  expect(readFileSync(other, "utf8")).toBe("another run");
  expect(statSync(other).mode & 0o777).toBe(0o644);
  expect(readdirSync(elsewhere, { recursive: true })).toHaveLength(2);
  expect(readdirSync(temporary)).toEqual([]);
});

test.each([{}, { serverless_devs_config_home: "moved" }])(
  "a version that names its folder itself leaves logs that only the owner can read, with %j",
  async (moved) => {
    const dir = moved.serverless_devs_config_home;
    const place = dir === undefined ? home : join(home, dir);
    const env = dir === undefined ? {} : { serverless_devs_config_home: place };
    const other = join(place, ".s/logs/1122090000");
    mkdirSync(other, { recursive: true });
    writeFileSync(join(other, "s_cli.log"), "another run", { mode: 0o644 });
    const output = await run(["deploy -y"], { logsCanBeNamed: false }, env);
    const written = join(place, ".s/logs/1122113652");
    expect(output).toContain(
      `deploy: only you can read now what Serverless Devs wrote to ${place}/.s/logs in this run, which`,
    );
    expect(modeOf(written)).toBe(0o700);
    for (const name of readdirSync(written)) expect(modeOf(join(written, name))).toBe(0o600);
    expect([modeOf(other), modeOf(join(other, "s_cli.log"))]).toEqual([0o755, 0o644]);
    expect(readdirSync(temporary)).toEqual([]);
  },
);

test("the code that is left behind is readable by its owner only", async () => {
  const output = await run(["deploy -y"], { leavesZip: true });
  const folder = join(home, ".s/.s/fc/zip");
  expect(output).toContain(`what Serverless Devs wrote to ${folder} in this run`);
  expect(readdirSync(folder).map((name) => modeOf(join(folder, name)))).toEqual([0o600]);
});

test("a missing log prints nothing, and a folder that vanished is no error", async () => {
  expect(await run([])).toBe("");
  rmSync(binDir, { recursive: true });
  const { child, output, exit } = start(["deploy -y"], {
    deploy: { output: "deploying\n", exitCode: "never" },
  });
  await once(child.stdout, "data");
  rmSync(join(temporary, String(readdirSync(temporary)[0])), { recursive: true });
  child.kill("SIGTERM");
  await exit;
  expect(await output).toContain("InterruptedError: SIGTERM");
  expect(await output).not.toContain("warning");
});

test("without a folder for temporary files the tool is not run", async () => {
  const output = await run(["deploy -y"], {}, { TMPDIR: join(home, "missing") });
  expect(output).toContain(`ConfigError: ${join(home, "missing")}: cannot be written to`);
  expect(callsOf(binDir)).toEqual([]);
});
