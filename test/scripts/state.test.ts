import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { bundle } from "../../scripts/bundle.ts";
import { openState } from "../../shared/state/open-state.ts";
import { startOss } from "../emulator/oss.ts";
import type { AcquireStateTask } from "../harness/acquire-state.ts";
import { DIRECT } from "../harness/direct.ts";
import { emulatorEndpoint, OSS_SEED } from "../harness/emulated-bucket.ts";
import { runNode } from "../harness/run-process.ts";
import { regionsIn } from "../harness/state-with.ts";
import { virtualTime } from "../harness/virtual-time.ts";

/** A folder without packages, as in a function. */
let dir: string;
let program: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "flowlog-guard-state-"));
  program = join(dir, "index.js");
  await bundle("test/harness/acquire-state.ts", program);
});
afterAll(() => rm(dir, { recursive: true }));

const FILE_TASK: AcquireStateTask = {
  address: "file:./state.json",
  regionId: "cn-a",
  stays: false,
  credentials: OSS_SEED.key,
  inFunctionCompute: false,
  endpoint: null,
};

describe("ali-oss", () => {
  test("is beside the bundle, which requires it only when a state in OSS is used", async () => {
    const text = await readFile(program, "utf8");
    expect(text).toContain('require("./lazy/ali-oss.js")');
    expect(text).not.toContain("agentkeepalive");
    const { exitCode } = await runNode([program, JSON.stringify(FILE_TASK)], { env: {}, cwd: dir });
    expect(exitCode).toBe(0);
  });

  test("needs no package, and leaves nothing that keeps the process alive", async () => {
    await using oss = await startOss(OSS_SEED);
    const task = {
      ...FILE_TASK,
      address: "oss://guard-bucket/a/",
      endpoint: emulatorEndpoint(oss),
    };
    const startedAt = performance.now();
    const { exitCode, stdout, stderr } = await runNode([program, JSON.stringify(task)], {
      env: {},
      cwd: dir,
    });
    expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 0, stdout: "saved\n", stderr: "" });
    expect([...oss.objects.keys()]).toEqual(["a/state.json"]);
    // The client's own timers would have kept the process longer.
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });

  test("is named in the error where only a part of the build was copied", async () => {
    const alone = join(dir, "elsewhere", "index.js");
    await mkdir(join(dir, "elsewhere"));
    await copyFile(program, alone);
    const task = { ...FILE_TASK, address: "oss://guard-bucket/a/" };
    const { exitCode, stdout } = await runNode([alone, JSON.stringify(task)], {
      env: {},
      cwd: dir,
    });
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout:
        "StateError: The client of OSS cannot be loaded: the folder lazy is not beside the program. Deploy or copy the whole folder that was built.\n",
    });
  });
});

test("a run waits for the lease of a run that was killed with the state locked", async () => {
  const folder = join(dir, "killed");
  await mkdir(folder);
  const task = { ...FILE_TASK, stays: true };
  const child = spawn(process.execPath, [program, JSON.stringify(task)], { cwd: folder, env: {} });
  await once(child.stdout, "data");
  child.kill("SIGKILL");
  await once(child, "close");
  expect((await readdir(folder)).toSorted()).toEqual(["state.json", "state.json.lease-1"]);

  const time = virtualTime();
  const surroundings = { ...FILE_TASK, transport: DIRECT, clock: () => new Date() };
  const store = openState({ kind: "file", path: join(folder, "state.json") }, surroundings);
  await expect(store?.acquire({ within: time.budget(500), reserveMs: 0 })).rejects.toMatchObject({
    code: "BUSY",
  });
  const longAgo = Date.now() / 1_000 - 66;
  await utimes(join(folder, "state.json.lease-1"), longAgo, longAgo);
  const lock = await store?.acquire({ within: time.budget(500), reserveMs: 0 });
  expect(lock?.warnings).toHaveLength(1);
  expect(lock === undefined ? [] : regionsIn(lock.state)).toEqual(["cn-a"]);
  await lock?.release();
  expect(await readdir(folder)).toEqual(["state.json"]);
});
