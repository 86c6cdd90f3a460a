import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { marked } from "marked";
import { afterAll, describe, expect, test } from "vitest";

import { SHELLS } from "../../functions/cli/commands/completion/shells.ts";
import { SHORT_FLAGS } from "../../functions/cli/flags/short-flags.ts";
import { runCli } from "../harness/run-cli.ts";

const GUIDE = readFileSync(new URL("../../docs/editor-and-shell.md", import.meta.url), "utf8");
const BLOCKS = marked
  .lexer(GUIDE)
  .flatMap((token) =>
    token.type === "code" ? [{ lang: String(token.lang ?? ""), text: String(token.text) }] : [],
  );

const folder = mkdtempSync(join(tmpdir(), "flowlog-guard-editor-"));
afterAll(() => rmSync(folder, { recursive: true }));

function blocksOf(lang: string): string[] {
  return BLOCKS.flatMap((block) => (block.lang === lang ? [block.text] : []));
}

describe("the guide to editors and shells", () => {
  test("has only commands that work", async () => {
    const commands = blocksOf("sh").flatMap((text) =>
      [...text.matchAll(/flowlog-guard ((?:schema|completion) ?[a-z]*)/g)].map(([, words]) =>
        String(words).trim().split(" "),
      ),
    );
    expect(commands).toEqual([["schema"], ...SHELLS.map((shell) => ["completion", shell])]);
    for (const args of commands) {
      expect(await runCli(args)).toMatchObject({ exitCode: 0, stderr: "" });
    }
  });

  test("shows a file that is accepted, and that names the schema to editors", async () => {
    const [text = ""] = blocksOf("yaml");
    expect(text).toMatch(/^# yaml-language-server: \$schema=\.\/flowlog-guard\.schema\.json\n/);
    writeFileSync(join(folder, "good.yaml"), text);
    const { exitCode } = await runCli(["config", "-c", join(folder, "good.yaml")]);
    expect(exitCode).toBe(0);
  });

  test("shows the errors that such a file has", async () => {
    writeFileSync(
      join(folder, "flowlog-guard.yaml"),
      "# first\ntimeout: 10 sec\nregoins: [cn-a]\nalerts:\n  receivers:\n    - type: slak\n      url: https://hooks.example.com/x\n",
    );
    const { exitCode, stderr } = await runCli(["config"], {}, { cwd: folder });
    expect(exitCode).toBe(3);
    expect(stderr.trimEnd().split("\n").toSorted()).toEqual(
      String(blocksOf("")[0]).split("\n").toSorted(),
    );
  });

  test("lists the short flags that there are", () => {
    const rows = [...GUIDE.matchAll(/^\| `(-\w)` \| `(--[a-z]+)` \|$/gm)];
    const listed = new Map(rows.map(([, short, long]) => [String(long), String(short)]));
    expect([...listed]).toEqual([
      ...SHORT_FLAGS,
      ["--quiet", "-q"],
      ["--verbose", "-v"],
      ["--help", "-h"],
      ["--version", "-V"],
    ]);
  });

  test("the line with short flags is valid usage", async () => {
    const { stderr } = await runCli(["audit", "-q", "-r", "cn-hangzhou", "-f", "json"]);
    expect(stderr).toContain("No credentials were found");
  });

  test("what bash sources defines the completion", async () => {
    const { stdout } = await runCli(["completion", "bash"]);
    const file = join(folder, "completion.bash");
    writeFileSync(file, stdout);
    const script = 'source "$0"; complete -p flowlog-guard';
    const { stdout: defined, stderr } = spawnSync("bash", ["--norc", "-c", script, file], {
      encoding: "utf8",
    });
    expect({ defined, stderr }).toEqual({
      defined: "complete -F _flowlog_guard flowlog-guard\n",
      stderr: "",
    });
  });
});
