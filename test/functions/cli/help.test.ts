import { describe, expect, test } from "vitest";

import { descendantsOf, documentedProgram, wordsOf } from "../../harness/documented-program.ts";
import { runCli } from "../../harness/run-cli.ts";

function headingsOf(help: string): string[] {
  return help.split("\n").filter((line) => /^[A-Z][A-Za-z -]+:$/.test(line));
}

/** Runs the command line with the words of a line. */
async function run(line: string) {
  return runCli(line.split(" ").filter((word) => word !== ""));
}

describe("help that the user requested is on stdout, with exit code 0", () => {
  test.each([
    ["help", "flowlog-guard [options]"],
    ["-h", "flowlog-guard [options]"],
    ["help audit", "flowlog-guard audit"],
    ["help enable", "flowlog-guard enable"],
    ["help verify", "flowlog-guard verify"],
    ["help alert", "flowlog-guard alert [options]"],
    ["help alert test", "flowlog-guard alert test"],
    ["help help", "flowlog-guard help"],
    ["help --help", "flowlog-guard help"],
    ["help -q audit", "flowlog-guard audit"],
    ["alert help -v", "flowlog-guard alert [options]"],
    ["alert help", "flowlog-guard alert [options]"],
    ["alert help test", "flowlog-guard alert test"],
    ["state help show", "flowlog-guard state show"],
    ["alert -h", "flowlog-guard alert [options]"],
    ["alert test --help", "flowlog-guard alert test"],
    ["watch --now -qvh", "flowlog-guard watch"],
  ])("%s", async (line, usage) => {
    const { exitCode, stdout, stderr } = await run(line);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toContain(`Usage: ${usage}`);
  });

  const COMMANDS = descendantsOf(documentedProgram()).map(wordsOf);

  test.each(["", ...COMMANDS])("help %s has no line of more than 80 columns", async (words) => {
    const { stdout } = await run(`help ${words}`.replace(/ help$/, ""));
    expect(stdout.split("\n").filter(({ length }) => length > 80)).toEqual([]);
  });

  test("groups the commands by what they are for, the main one first", async () => {
    const { stdout } = await run("help");
    expect(headingsOf(stdout)).toEqual([
      "Options:",
      "Audit:",
      "Set-up:",
      "Alerts:",
      "Evidence:",
      "Help:",
      "First steps:",
      "Exit codes:",
    ]);
    expect(stdout).toContain("\nAudit:\n  audit [options] ");
    const lines = /First steps:\n(.*?)\n\n/s.exec(stdout)?.[1]?.split("\n") ?? [];
    expect(lines.length).toBeGreaterThan(2);
    for (const line of lines) {
      const [words = ""] = line.trim().split(/ {2,}/);
      const [, name] = words.split(" ");
      expect(COMMANDS).toContain(name);
    }
  });

  test.each([
    [
      "audit",
      [
        "Scope:",
        "Configuration and credentials:",
        "Limits:",
        "Report and alerts:",
        "Through the deployed function:",
        "General:",
      ],
    ],
    [
      "watch",
      [
        "Schedule:",
        "Exit code:",
        "Scope:",
        "Configuration and credentials:",
        "Limits:",
        "General:",
      ],
    ],
  ])("groups the flags of %s", async (command, headings) => {
    const { stdout } = await run(`help ${command}`);
    expect(headingsOf(stdout).slice(0, headings.length)).toEqual(headings);
  });

  test.each([
    ["audit", "also print one line per region or resource on stderr, and stack traces"],
    ["verify", "also print every break, and stack traces"],
    ["doctor", "also print endpoints, request ids and times, and stack traces"],
    ["schema", "also print stack traces"],
  ])("says what --verbose does in %s, and nothing of other commands", async (command, says) => {
    const { stdout } = await run(`help ${command}`);
    expect(stdout.replaceAll(/\s+/g, " ")).toContain(`--verbose ${says} with errors -h,`);
  });

  test.each(["-V", "--version", "audit -V"])("as is the version: %s", async (line) => {
    const { exitCode, stdout, stderr } = await run(line);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe("wrong usage is on stderr, with exit code 3", () => {
  test.each([
    ["", "Usage: flowlog-guard [options]"],
    ["alert", "Usage: flowlog-guard alert [options]"],
    ["help nothing-such", "flowlog-guard: unknown command (value not shown)"],
    ["help audi", "(Did you mean audit?)"],
    ["help alert tst", "(Did you mean test?)"],
    ["help audit test", "flowlog-guard: too many arguments for 'audit'"],
    // As above, no run is started.
    ["help audit -- --alert", "flowlog-guard: too many arguments for 'audit'"],
    ["alert help nothing-such", "flowlog-guard: unknown command (value not shown)"],
    ["help https://hooks.example.com/s3cret", "unknown command (value not shown)"],
    ["audit --alrt", "(Did you mean --alert?)"],
    ...["config", "doctor", "enable", "policy", "watch"].map((command) => [
      `${command} --region cn-a`,
      "unknown option '--region'\n(Did you mean --regions?)",
    ]),
    ...["alert test", "history", "schema", "state show", "verify"].map((command) => [
      `${command} --region=cn-a`,
      "unknown option '--region'\n(--regions is a flag of audit, ",
    ]),
    ["watch --fromat json", "(--format is a flag of audit, "],
    ["history --sinse 90d", "(Did you mean --since?)"],
    ["history --hlep", "(Did you mean --help?)"],
    ["audit -x", "unknown option '-x'\n"],
    ["audit --region cn-a", "--region: is for --remote only. The regions to audit are --regions\n"],
  ])("%j", async (line, message) => {
    const { exitCode, stdout, stderr } = await run(line);
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/s3cret|cn-a/);
  });
});
