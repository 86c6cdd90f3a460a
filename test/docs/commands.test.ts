import { readFileSync } from "node:fs";

import { describe, expect, test } from "vitest";

import { EXIT_CODES } from "../../functions/cli/exit-code.ts";
import { FORMAT_NAMES, formatOf } from "../../shared/report/formats.ts";
import { descendantsOf, documentedProgram, wordsOf } from "../harness/documented-program.ts";
import { runMain } from "../harness/run-main.ts";

const GUIDE = readFileSync(new URL("../../docs/commands.md", import.meta.url), "utf8");

describe("the guide to commands", () => {
  test("has a row for every command, and for no other", () => {
    const rows = [...GUIDE.matchAll(/^\| `flowlog-guard ([a-z ]+?)(?: [-[][^`]*)?` \|/gm)];
    const known = descendantsOf(documentedProgram())
      .filter(({ commands }) => commands.length === 0)
      .map(wordsOf)
      // Each group has a command "help" of its own.
      .filter((name) => !name.endsWith(" help"));
    expect(new Set(rows.map(([, name]) => name))).toEqual(new Set(known));
  });

  test("has a row for every exit code, in the words of the help text", async () => {
    const { stdout } = await runMain(["--help"]);
    for (const exitCode of Object.values(EXIT_CODES)) {
      const row = new RegExp(`^\\| ${exitCode} \\| (.+?)(:.*)? \\|$`, "m").exec(GUIDE);
      expect(stdout.replaceAll(/\s+/g, " ")).toContain(`${exitCode} ${row?.[1]}`);
    }
  });

  test("names every extension", () => {
    const [, sentence = ""] = /to files with `--output`(.*?)Then stdout/s.exec(GUIDE) ?? [];
    for (const name of FORMAT_NAMES) {
      expect(sentence).toContain(`\`.${formatOf(name).extension}\``);
    }
  });
});
