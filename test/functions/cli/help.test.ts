import { describe, expect, test } from "vitest";

import { runCli } from "../../harness/run-cli.ts";

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

  test.each([
    "help",
    ...["audit", "config", "enable", "policy", "watch", "verify", "alert", "state"].map(
      (it) => `help ${it}`,
    ),
    ...["alert test", "alert preview", "state show"].map((it) => `help ${it}`),
  ])("%s has no line of more than 80 columns", async (line) => {
    const { stdout } = await run(line);
    expect(stdout.split("\n").filter(({ length }) => length > 80)).toEqual([]);
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
