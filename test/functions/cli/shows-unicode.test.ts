import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { stripVTControlCharacters } from "node:util";

import { describe, expect, test } from "vitest";

import { startProgress } from "../../../functions/cli/terminal/progress.ts";
import { showsUnicode } from "../../../functions/cli/terminal/shows-unicode.ts";
import { displayWidth } from "../../../shared/text/display-width.ts";
import { marksFor } from "../../../shared/text/marks.ts";
import { startEmulator } from "../../emulator/emulator.ts";
import { cliEnv, emulatorEnv, runCli } from "../../harness/run-cli.ts";
import { runMainOnTerminal } from "../../harness/run-main.ts";
import { startWebhookCatcher } from "../../harness/webhook-catcher.ts";

const ASCII = /^[\x20-\x7e\n]*$/;

describe("characters beyond ASCII", () => {
  test.each<
    [shown: boolean, where: "terminal" | "pipe", env: Record<string, string>, NodeJS.Platform?]
  >([
    [true, "terminal", {}],
    [true, "pipe", {}],
    [true, "terminal", { TERM: "xterm-256color", LANG: "zh_CN.UTF-8" }],
    [true, "pipe", { LANG: "C.UTF-8" }],
    [true, "pipe", { LANG: "en_US.utf8" }],
    [true, "pipe", { LANG: "ca_ES.UTF-8@valencia" }],
    [true, "pipe", { LC_CTYPE: "UTF-8" }],
    [true, "pipe", { LC_ALL: "C.UTF-8", LC_CTYPE: "C", LANG: "C" }],
    [true, "pipe", { LC_ALL: "", LANG: "en_US.UTF-8" }],
    [false, "pipe", { LC_ALL: "C", LANG: "en_US.UTF-8" }],
    [false, "pipe", { LC_CTYPE: "POSIX", LANG: "en_US.UTF-8" }],
    [false, "terminal", { LANG: "zh_CN.GB18030" }],
    [false, "terminal", { LANG: "de_DE@euro" }],
    [false, "terminal", { LANG: "en_US" }],
    [false, "terminal", { TERM: "linux", LANG: "en_US.UTF-8" }],
    [false, "terminal", { TERM: "dumb" }],
    // TERM is that of a terminal: a CI job has `dumb`, and its log is UTF-8.
    [true, "pipe", { TERM: "dumb" }],
    [false, "terminal", {}, "win32"],
    [true, "terminal", { WT_SESSION: "5b0c1c6e" }, "win32"],
    [true, "terminal", { TERM_PROGRAM: "vscode" }, "win32"],
    [true, "pipe", {}, "win32"],
  ])("%s: on a %s with %j %s", (shown, where, env, platform = "linux") =>
    expect(showsUnicode({ isTTY: where === "terminal" }, env, platform)).toBe(shown),
  );
});

test.each([true, false])("marks have the same width, where %s for Unicode", (isUnicode) => {
  const { ellipsis, ...marks } = marksFor(isUnicode);
  expect(new Set(Object.values(marks).map(displayWidth)).size).toBe(1);
  expect(ASCII.test(Object.values({ ...marks, ellipsis }).join(""))).toBe(!isUnicode);
});

const REGIONS = {
  "cn-a": { activated: true },
  "cn-b": { activated: false },
} as const;

test("a table in the locale C is ASCII, from the built command line", async () => {
  await using emulator = await startEmulator({ regions: REGIONS });
  const env = emulatorEnv(emulator);
  const [plain, marked] = await Promise.all([
    runCli(["audit", "-q"], { ...env, LC_ALL: "C" }),
    runCli(["audit", "-q"], env),
  ]);
  expect(plain.stdout).toMatch(ASCII);
  expect(
    plain.stdout
      .split("\n")
      .slice(0, 4)
      .map((line) => line.slice(0, 25).trim()),
  ).toEqual([
    "STATUS             REGION",
    "ok COMPLIANT       cn-a",
    "x  NON_COMPLIANT   cn-b",
    "",
  ]);
  expect(marked.stdout).toContain("✔ COMPLIANT ");
  expect(marked.stdout).toContain("✖ NON_COMPLIANT ");
});

test("the outcomes of a test of receivers have marks of the locale", async () => {
  await using catcher = await startWebhookCatcher([{ status: 200, body: "ok" }]);
  const env = { FLOWLOG_GUARD_WEBHOOK_URL: catcher.url, LANG: "C" };
  const { stdout, stderr } = await runCli(["alert", "test"], env);
  expect(stderr).toBe("");
  expect(stdout).toMatch(/^ok delivered {3}/);
});

test("a terminal of the kernel gets ASCII", async () => {
  await using emulator = await startEmulator({ regions: REGIONS });
  const env = cliEnv({ ...emulatorEnv(emulator), TERM: "linux" });
  const { stdout } = await runMainOnTerminal(80, ["audit", "-q"], env);
  expect(stripVTControlCharacters(stdout)).toMatch(ASCII);
});

test("progress is a line of ASCII where nothing else is shown", async () => {
  const shownIn = async (env: Record<string, string>): Promise<string> => {
    const stderr = Object.assign(new PassThrough({ highWaterMark: 1_000_000 }), {
      isTTY: true,
      columns: 80,
      cursorTo: () => true,
      clearLine: () => true,
      moveCursor: () => true,
    });
    (await startProgress({ stderr, env }, true)).stop();
    stderr.end();
    return stripVTControlCharacters(await text(stderr));
  };
  expect(await shownIn({ LC_ALL: "C" })).toMatch(ASCII);
  expect(await shownIn({})).not.toMatch(ASCII);
});
