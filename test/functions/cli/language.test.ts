import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { type Emulator, startEmulator } from "../../emulator/emulator.ts";
import { emulatorEnv, runCli } from "../../harness/run-cli.ts";
import { runMain, runMainOnTerminal } from "../../harness/run-main.ts";

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator({
    regions: { "cn-a": { activated: true }, "cn-b": { activated: false } },
  });
});
afterAll(() => emulator[Symbol.asyncDispose]());

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "flowlog-guard-language-"));
});
afterEach(() => rm(folder, { recursive: true }));

describe("audit --language zh", () => {
  test("prints the table, from the built command line", async () => {
    const env = { ...emulatorEnv(emulator), LANG: "C.UTF-8" };
    const { stdout, stderr, exitCode } = await runCli(["audit", "--language", "zh"], env);
    expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 1 });
    expect(stdout).toMatch(/^✖ 不合规 {3}cn-b /m);
    expect(stdout).toMatch(/^账号 \d+，2 个地域：合规 1，不合规 1（耗时 [\d.]+ 秒）$/m);
  });

  test("writes pages, Markdown and notes in Chinese, and data as it is", async () => {
    const [page, markdown, json] = ["r.html", "r.md", "r.json"].map((name) => join(folder, name));
    const files = [page, markdown, json].flatMap((file) => ["--output", String(file)]);
    const args = ["audit", "--language", "zh", ...files];
    const { stderr } = await runMain(args, emulatorEnv(emulator));
    expect(stderr).toMatch(/^flowlog-guard: 账号 \d+，2 个地域：合规 1，不合规 1/m);
    expect(stderr).toContain(`flowlog-guard: 报告已写入 ${page}\n`);
    expect(await readFile(String(page), "utf8")).toContain('<html lang="zh-Hans"');
    expect(await readFile(String(markdown), "utf8")).toMatch(/^## ✖ 2 个地域中有 1 个不合规\n/);
    expect(await readFile(String(json), "utf8")).toMatch(/^[\x20-\x7e\n]*$/);
  });

  test("is an error where nothing that is printed has a language, before anything is asked", async () => {
    const args = ["audit", "--language", "zh", "--format", "json"];
    const result = await runMain([...args, "--output", join(folder, "r.csv")], {});
    expect(result).toEqual({
      exitCode: 3,
      stdout: "",
      stderr: expect.stringContaining("--language: is for the formats table, html, markdown;"),
    });
  });

  test("is an error for a language that there is not", async () => {
    const { exitCode, stderr } = await runMain(["audit", "--language", "fr"], {});
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining("en, zh")]);
  });

  test.each([
    ["C", "this terminal may not show Chinese"],
    ["zh_CN.UTF-8", null],
  ])("on a terminal in the locale %s", async (locale, warning) => {
    const env = { ...emulatorEnv(emulator), LC_ALL: locale };
    const { stdout, stderr } = await runMainOnTerminal(80, ["audit", "--language", "zh"], env);
    expect(stdout).toContain("不合规");
    expect(stderr.includes("may not show")).toBe(warning !== null);
  });
});

test("the locale does not choose the language", async () => {
  const env = { ...emulatorEnv(emulator), LANG: "zh_CN.UTF-8" };
  expect((await runMain(["audit"], env)).stdout).toMatch(/^STATUS /);
});

describe("alert preview --language", () => {
  test("is in place of the language of a receiver", async () => {
    const preview = async (...flags: string[]) =>
      (await runMain(["alert", "preview", "--type", "dingtalk", ...flags], {})).stdout;
    expect(await preview()).toContain("未开通");
    expect(await preview("--language", "en")).toContain("not activated");
    expect(await preview("--language", "en")).not.toContain("未开通");
  });

  test("is an error where the messages are for programs", async () => {
    const args = ["alert", "preview", "--type", "webhook", "--language", "zh"];
    const { exitCode, stdout, stderr } = await runMain(args, {});
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
    expect(stderr).toContain("--language: messages of the type webhook are the same");
  });
});
