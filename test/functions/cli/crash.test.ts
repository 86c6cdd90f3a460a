import { cp, mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";

import { startEmulator } from "../../emulator/emulator.ts";
import { cliEnv, emulatorEnv, runCli } from "../../harness/run-cli.ts";
import { runNode } from "../../harness/run-process.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "flowlog-guard-crash-"));
});
afterAll(() => rm(folder, { recursive: true }));

const SECRET = "https://hooks.example.com/s3cret-path-5c21";

/** Runs code in a process that has loaded the program. */
function disturbedBy(code: string): Record<string, string> {
  const module = `setTimeout(() => { ${code} })`;
  return { SECRET, NODE_OPTIONS: `--import="data:text/javascript,${encodeURIComponent(module)}"` };
}

const MESSAGE = "internal error. Run it with --verbose and report what it says.";

describe("a crash is exit 3, one message, and no secret", () => {
  test.each([
    [
      "an exception",
      "throw new Error(`got ${process.env.SECRET}`)",
      "Error: got (not shown)\n    at ",
    ],
    [
      "a rejection",
      "Promise.reject(new TypeError('x is no list'))",
      "TypeError: x is no list\n    ",
    ],
    [
      "its cause",
      "throw new Error('a', { cause: new Error(process.env.SECRET) })",
      "Caused by: Error: (n",
    ],
    ["no error at all", "Promise.reject(process.env.SECRET)", "UnhandledPromiseRejection: This"],
    ["nothing", "Promise.reject()", "UnhandledPromiseRejection: This"],
  ])("%s", async (_what, code, stack) => {
    await using emulator = await startEmulator({
      regions: { "cn-a": { activated: true, fault: { kind: "hang" } } },
    });
    const env = { ...emulatorEnv(emulator), ...disturbedBy(code) };
    expect(await runCli(["audit"], env)).toEqual({
      exitCode: 3,
      stdout: "",
      stderr: `flowlog-guard: ${MESSAGE}\n`,
    });
    const { exitCode, stderr } = await runCli(["audit", "-qv"], env);
    expect(exitCode).toBe(3);
    expect(stderr.startsWith(`flowlog-guard: ${MESSAGE}\n`)).toBe(true);
    expect(stderr).toContain(stack);
    expect(stderr).not.toContain("s3cret-path");
  });

  test("also where stderr is closed", async () => {
    const env = disturbedBy("require('node:fs').closeSync(2); throw new Error()");
    expect((await runCli(["watch", "--schedule", "@every 1h"], env)).exitCode).toBe(3);
  });
});

describe("a program that cannot be loaded exits 3 with a message", () => {
  const damages: readonly (readonly [string, (file: string) => Promise<void>])[] = [
    ["is missing", async (file) => rm(file)],
    ["is cut short", async (file) => truncate(file, 500_000)],
    ["throws", async (file) => writeFile(file, 'throw new Error("https://x.example/s3cret-path")')],
  ];

  test.each(damages)("its file %s", async (_what, damage) => {
    const copy = await mkdtemp(join(folder, "dist-"));
    await cp(inject("dist"), copy, { recursive: true });
    await damage(join(copy, "cli/run.js"));
    const run = async (...args: string[]) =>
      runNode([join(copy, "cli/index.js"), ...args], { env: cliEnv({}) });
    expect(await run("audit")).toEqual({
      exitCode: 3,
      stdout: "",
      stderr:
        "flowlog-guard: the program cannot be loaded. Its files are damaged or incomplete: install it again.\n",
    });
    const { exitCode, stderr } = await run("audit", "--verbose");
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/^\s+at /m);
    expect(stderr).not.toContain("s3cret-path");
  });

  test("the entry itself is small, and needs no file but that one", async () => {
    const entry = await readFile(join(inject("dist"), "cli/index.js"), "utf8");
    const required = [...entry.matchAll(/require\("([^"]+)"\)/g)].map(([, name]) => name);
    expect(required.filter((name) => name?.startsWith("node:") !== true)).toEqual(["./run.js"]);
    expect(entry.length).toBeLessThan(5_000);
  });
});

test("a run that ends without an outcome is exit 3", async () => {
  const env = disturbedBy("process.exit()");
  expect((await runCli(["watch", "--schedule", "@every 1h"], env)).exitCode).toBe(3);
});
