import { PassThrough } from "node:stream";

import type { Command } from "commander";
import { describe, expect, test } from "vitest";

import { SHORT_FLAGS } from "../../../functions/cli/flags/short-flags.ts";
import { createProgram } from "../../../functions/cli/program.ts";
import { runCli } from "../../harness/run-cli.ts";

const program = createProgram(
  {
    argv: [],
    env: {},
    stdout: new PassThrough(),
    stderr: new PassThrough(),
    clock: () => new Date(0),
    stopRequested: () => Promise.resolve(),
  },
  () => {},
);
const COMMANDS = below(program);

function below(group: Command): Command[] {
  return group.commands.flatMap((command) => [command, ...below(command)]);
}

describe("short flags", () => {
  test("stand for one flag each, in every command", () => {
    const byShort = new Map<string, Set<string>>();
    for (const { options } of [program, ...COMMANDS]) {
      const shorts = options.flatMap(({ short }) => (short === undefined ? [] : [short]));
      expect(new Set(shorts).size).toBe(shorts.length);
      for (const { short, long } of options) {
        if (short === undefined) continue;
        byShort.set(short, new Set([...(byShort.get(short) ?? []), String(long)]));
      }
    }
    byShort.set("-h", new Set([...(byShort.get("-h") ?? []), "--help"]));
    expect([...byShort].filter(([, longs]) => longs.size > 1)).toEqual([]);
    expect([...byShort.keys()]).toEqual(expect.arrayContaining(["-V", "-q", "-v", "-r", "-f"]));
  });

  test("are those of the table wherever a command has the flag", () => {
    const flags = COMMANDS.flatMap(({ options }) => options).filter(({ hidden }) => !hidden);
    for (const { long, short } of flags) {
      const expected = SHORT_FLAGS.get(String(long));
      expect([long, short]).toEqual([long, expected ?? short]);
    }
  });

  test("work as the long ones do, also together and with the value attached", async () => {
    const long = await runCli(["config", "--regions", "cn-a", "--rules", "all", "--quiet"]);
    expect(long).toMatchObject({ exitCode: 0, stderr: "" });
    expect(long.stdout).toContain("cn-a");
    for (const args of [
      ["-r", "cn-a", "-R", "all", "-q"],
      ["-rcn-a", "-qRall"],
    ]) {
      expect(await runCli(["config", ...args])).toEqual(long);
    }
    const { stderr } = await runCli(["history", "-vc", "nothing.yaml"]);
    expect(stderr).toContain("nothing.yaml: cannot be read (ENOENT)");
    expect(stderr).toContain("ConfigError: ");
  });

  test("are in the help text", async () => {
    const { stdout } = await runCli(["help", "audit"]);
    expect(stdout).toContain("  -r, --regions <list> ");
    expect(stdout).toContain("  -f, --format <format> ");
  });
});
