import { execFile, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import {
  chmod,
  chown,
  cp,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";

import type { Report } from "../../../shared/audit/report.ts";
import { type Emulator, startEmulator } from "../../emulator/emulator.ts";
import { cliEnv, emulatorEnv, runCli } from "../../harness/run-cli.ts";
import { runNode } from "../../harness/run-process.ts";

let folder: string;
let emulator: Emulator;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "flowlog-guard-output-"));
  emulator = await startEmulator({ regions: { "cn-a": { activated: true } } });
});
afterEach(async () => {
  await emulator[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const OLD = "the report of yesterday";

/** Whether a text is a complete report. */
function isReport(text: string): boolean {
  return (JSON.parse(text) as Report).summary.total === 1;
}

async function audit(path: string, options = {}) {
  const args = ["audit", "-q", "--output", `json:${path}`];
  return runCli(args, emulatorEnv(emulator), options);
}

test("--output replaces a file, and leaves no other one", async () => {
  const path = join(folder, "report.json");
  await writeFile(path, OLD);
  await chmod(path, 0o640);
  const { ino } = await stat(path);
  expect(await audit(path)).toEqual({ exitCode: 0, stdout: "", stderr: "" });
  expect(isReport(await readFile(path, "utf8"))).toBe(true);
  const now = await stat(path);
  expect(now.mode & 0o777).toBe(0o640);
  expect(now.ino).not.toBe(ino);
  expect(await readdir(folder)).toEqual(["report.json"]);
});

test("--output removes the temporary file of a killed run, and nothing else", async () => {
  const left = ".flowlog-guard-3f0e2c1a-1111-4222-8333-444455556666.tmp";
  const young = ".flowlog-guard-aaaaaaaa-1111-4222-8333-444455556666.tmp";
  const notes = ".flowlog-guard-notes.tmp";
  const dayAgo = Date.now() / 1_000 - 86_400;
  for (const name of [left, young, notes]) await writeFile(join(folder, name), "{");
  for (const name of [left, notes]) await utimes(join(folder, name), dayAgo, dayAgo);
  expect((await audit(join(folder, "report.json"))).exitCode).toBe(0);
  expect((await readdir(folder)).toSorted()).toEqual([young, notes, "report.json"].toSorted());
});

test("--output to a pipe writes to the pipe, and does not replace it", async () => {
  const path = join(folder, "pipe");
  expect(spawnSync("mkfifo", [path]).status).toBe(0);
  const [text, { exitCode }] = await Promise.all([readFile(path, "utf8"), audit(path)]);
  expect(exitCode).toBe(0);
  expect(isReport(text)).toBe(true);
  expect((await lstat(path)).isFIFO()).toBe(true);
});

test.runIf(existsSync("/proc/self/fd/1"))(
  "--output to a link to stdout, such as /dev/stdout, writes to stdout",
  async () => {
    // Not the system's own, which must not be replaced.
    const [link, path] = [join(folder, "link"), join(folder, "stdout")];
    await symlink("/proc/self/fd/1", link);
    expect((await audit(link, { stdout: path })).exitCode).toBe(0);
    expect(isReport(await readFile(path, "utf8"))).toBe(true);
    expect((await lstat(link)).isSymbolicLink()).toBe(true);
  },
);

test.runIf(existsSync("/dev/stdout")).each([
  [">>", "before\n"],
  [">", ""],
])("--output to /dev/stdout keeps what stdout %s a file has", async (redirection, before) => {
  const path = join(folder, "log");
  await writeFile(path, "before\n");
  const command = `"$0" "$@" ${redirection} '${path}'`;
  const args = ["audit", "--no-progress", "-q", "--output", "json:/dev/stdout", "--format", "csv"];
  const failed: unknown = await promisify(execFile)(
    "bash",
    ["-c", command, process.execPath, join(inject("dist"), "cli/index.js"), ...args],
    { env: cliEnv(emulatorEnv(emulator)), cwd: folder },
  ).catch((error: unknown) => error);
  expect(Object(failed).code).toBeUndefined();
  const [json = "", csv = ""] = (await readFile(path, "utf8")).split("\uFEFF");
  expect(json.startsWith(before)).toBe(true);
  expect(isReport(json.slice(before.length))).toBe(true);
  expect(csv).toMatch(/^account_id,/);
});

/** Audits where no file can grow, to simulate a full disk. */
async function auditOnFullDisk(args: readonly string[]) {
  const limited = ["-c", 'ulimit -f 0 && exec "$@"', "bash", process.execPath];
  const failure: unknown = await promisify(execFile)(
    "bash",
    [...limited, join(inject("dist"), "cli/index.js"), "audit", "-q", ...args],
    { env: cliEnv(emulatorEnv(emulator)), cwd: folder },
  ).catch((error: unknown) => error);
  return Object(failure) as { readonly code: number; stdout: string; stderr: string };
}

test("a report that does not fit on the disk leaves the old file unchanged, and goes to stdout", async () => {
  const path = join(folder, "report.json");
  await writeFile(path, OLD);
  const failure = await auditOnFullDisk(["--output", path]);
  expect(failure).toMatchObject({
    code: 3,
    stderr: `flowlog-guard: ${path} could not be written (EFBIG), so the report went to stdout.\n`,
  });
  expect(isReport(failure.stdout)).toBe(true);
  expect(await readFile(path, "utf8")).toBe(OLD);
  expect(await readdir(folder)).toEqual(["report.json"]);
});

test("of several reports that do not fit on the disk, stdout has the one with all that is known: JSON", async () => {
  const [table, json] = [join(folder, "a.txt"), join(folder, "b.json")];
  const failure = await auditOnFullDisk(["--output", table, "--output", json]);
  expect(failure).toMatchObject({
    code: 3,
    stderr: `flowlog-guard: ${table} could not be written (EFBIG).\n${json} could not be written (EFBIG), so the report went to stdout.\n`,
  });
  expect(isReport(failure.stdout)).toBe(true);
  expect(await readdir(folder)).toEqual([]);
});

describe("a folder that may not be written to", () => {
  /** An unprivileged user; root may write everywhere. */
  const uid = process.getuid?.() === 0 ? 65_534 : undefined;

  async function auditInto(path: string) {
    // A place where another user may read it.
    const app = join(folder, "app");
    await cp(join(inject("dist"), "cli"), app, { recursive: true });
    await chmod(folder, 0o755);
    return runNode([join(app, "index.js"), "audit", "-q", "--output", path], {
      env: cliEnv(emulatorEnv(emulator)),
      cwd: "/",
      ...(uid !== undefined && { uid }),
    });
  }

  test("gets the report in a file that may be written, and is an error at once otherwise", async () => {
    const closed = join(folder, "closed");
    const path = join(closed, "report.json");
    await mkdir(closed);
    await writeFile(path, OLD);
    if (uid !== undefined) await chown(path, uid, uid);
    await chmod(closed, 0o555);
    expect(await auditInto(path)).toEqual({ exitCode: 0, stdout: "", stderr: "" });
    expect(isReport(await readFile(path, "utf8"))).toBe(true);

    const asked = emulator.requests.length;
    const { exitCode, stderr } = await auditInto(join(closed, "new.json"));
    expect(exitCode).toBe(3);
    expect(stderr).toContain("new.json cannot be written: name a file in a folder that exists");
    expect(emulator.requests).toHaveLength(asked);
    await chmod(closed, 0o755);
  });

  test.runIf(uid !== undefined)("a file of another user keeps its owner", async () => {
    const shared = join(folder, "shared");
    const path = join(shared, "report.json");
    await mkdir(shared);
    await chmod(shared, 0o777);
    await writeFile(path, OLD);
    await chmod(path, 0o666);
    expect(await auditInto(path)).toMatchObject({ exitCode: 0, stderr: "" });
    expect(isReport(await readFile(path, "utf8"))).toBe(true);
    expect((await stat(path)).uid).toBe(0);
    expect(await readdir(shared)).toEqual(["report.json"]);
  });
});
