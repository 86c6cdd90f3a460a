import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { type Emulator, startEmulator } from "../../emulator/emulator.ts";
import { emulatorEnv, runCli } from "../../harness/run-cli.ts";
import { runMain } from "../../harness/run-main.ts";

let emulator: Emulator;
let folder: string;
/** The file that the runner names; it has no extension. */
let summary: string;
beforeAll(async () => {
  emulator = await startEmulator({ regions: { "cn-b": { activated: false } } });
});
afterAll(() => emulator[Symbol.asyncDispose]());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "flowlog-guard-summary-"));
  summary = join(folder, "step_summary_4f0c");
});
afterEach(() => rm(folder, { recursive: true }));

async function audit(...outputs: readonly string[]) {
  const args = outputs.flatMap((output) => ["--output", output]);
  return runMain(["audit", ...args], { ...emulatorEnv(emulator), GITHUB_STEP_SUMMARY: summary });
}

const HEADING = /^## ✖ 1 of 1 region is not compliant$/gm;

describe("the job summary", () => {
  test("is added to, and what is in it stays", async () => {
    await writeFile(summary, "# Tests\n\n| a | b |\n|---|---|\n| 1 | 2 |");
    const { ino } = await stat(summary);
    const { exitCode, stderr } = await audit(`markdown:${summary}`);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("flowlog-guard: report added to the job summary\n");
    await audit(`markdown:${summary}`);
    const text = await readFile(summary, "utf8");
    expect(text).toMatch(/^# Tests\n\n\| a \| b \|\n\|---\|---\|\n\| 1 \| 2 \|\n\n## ✖ 1 of 1/);
    expect(text.match(HEADING)).toHaveLength(2);
    expect((await stat(summary)).ino).toBe(ino);
  });

  test("is created where it does not exist, and then begins with the report", async () => {
    await audit(`markdown:${summary}`);
    expect(await readFile(summary, "utf8")).toMatch(/^## ✖ 1 of 1 region/);
  });

  test("is recognized by another name", async () => {
    const link = join(folder, "link.md");
    await writeFile(summary, "before\n");
    await symlink(summary, link);
    await audit(link);
    await audit(`markdown:${relative(process.cwd(), summary)}`);
    const text = await readFile(summary, "utf8");
    expect(text).toMatch(/^before\n/);
    expect(text.match(HEADING)).toHaveLength(2);
  });

  test("is the only file that is added to", async () => {
    const other = join(folder, "other.md");
    for (let times = 0; times < 2; times += 1) await audit(other, `markdown:${summary}`);
    expect((await readFile(other, "utf8")).match(HEADING)).toHaveLength(1);
    expect((await readFile(summary, "utf8")).match(HEADING)).toHaveLength(2);
    const unset = { ...emulatorEnv(emulator), GITHUB_STEP_SUMMARY: "" };
    await runMain(["audit", "--output", `markdown:${summary}`], unset);
    expect((await readFile(summary, "utf8")).match(HEADING)).toHaveLength(1);
  });

  test.each(["json:", ""])(
    "takes Markdown alone: %j is refused before anything is asked",
    async (prefix) => {
      const asked = emulator.requests.length;
      const { exitCode, stderr } = await audit(`${prefix}${summary}`);
      expect(exitCode).toBe(3);
      expect(stderr).toBe(
        `flowlog-guard: --output: ${summary} is the job summary (GITHUB_STEP_SUMMARY), which is Markdown: write markdown:FILE\n`,
      );
      expect(emulator.requests).toHaveLength(asked);
    },
  );

  test("gets what fits beside what is in it, and nothing where it is full", async () => {
    const regions = Object.fromEntries(
      Array.from({ length: 200 }, (_, at) => [`cn-r${at}`, { activated: false }]),
    );
    await using many = await startEmulator({ regions });
    const env = { ...emulatorEnv(many), GITHUB_STEP_SUMMARY: summary };
    const args = ["audit", "--output", `markdown:${summary}`];
    const room = 10_000;
    await writeFile(summary, "x".repeat(1_024 * 1_024 - 16 * 1_024 - room));
    expect((await runMain(args, env)).exitCode).toBe(1);
    const text = await readFile(summary, "utf8");
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(1_024 * 1_024 - 16 * 1_024);
    expect(text).toContain("## ✖ 200 of 200 regions are not compliant\n");
    expect(text).toMatch(/\*\*1\d\d findings left out\*\*/);

    await writeFile(summary, "x".repeat(1_024 * 1_024 - 16 * 1_024));
    const full = await runMain(args, env);
    expect(full.exitCode).toBe(3);
    expect(full.stderr).toContain(
      `${summary} could not be written (GitHub takes 1,024 KiB of a step's summary), so the report went to stdout.`,
    );
    expect(full.stdout).toMatch(/^## ✖ 200 of 200 regions are not compliant\n/);
    expect(await readFile(summary, "utf8")).toMatch(/^x*$/);
  });

  test.runIf(existsSync("/dev/full"))("that cannot be written costs no other file", async () => {
    await symlink("/dev/full", summary);
    const kept = join(folder, "kept.json");
    const { exitCode, stdout, stderr } = await runCli(
      ["audit", "--output", `markdown:${summary}`, "--output", kept],
      { ...emulatorEnv(emulator), GITHUB_STEP_SUMMARY: summary },
    );
    expect(exitCode).toBe(3);
    expect(stdout).toMatch(HEADING);
    expect(stderr).toContain(`${summary} could not be written (ENOSPC), so the report went`);
    expect(await readFile(kept, "utf8")).toContain("NOT_ACTIVATED");
  });
});
