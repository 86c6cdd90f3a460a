import { Writable } from "node:stream";

import { vi } from "vitest";

import { main } from "../../functions/cli/main.ts";
import { cliEnv } from "./run-cli.ts";
import type { ProcessResult } from "./run-process.ts";

/**
 * Runs the command line in this process, for long tables, since starting a process is slow. Tests of
 * the process itself use {@link runCli}.
 */
export async function runMain(
  argv: readonly string[],
  given: Readonly<Record<string, string>> = {},
): Promise<ProcessResult> {
  return run(argv, given, {});
}

/** Does the same with another clock than that of the machine. */
export async function runMainWithClock(
  clock: () => Date,
  argv: readonly string[],
  given: Readonly<Record<string, string>>,
): Promise<ProcessResult> {
  return run(argv, given, {}, clock);
}

/** Does the same where stdout is a terminal of a width. */
export async function runMainOnTerminal(
  columns: number,
  argv: readonly string[],
  given: Readonly<Record<string, string>>,
): Promise<ProcessResult> {
  return run(argv, given, { isTTY: true, columns });
}

async function run(
  argv: readonly string[],
  given: Readonly<Record<string, string>>,
  terminal: { readonly isTTY?: true; readonly columns?: number },
  clock: () => Date = () => new Date(),
): Promise<ProcessResult> {
  const env = cliEnv(given);
  // The credentials package reads the environment of the process only.
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  const [stdout, stderr] = [collector(), collector()];
  try {
    const exitCode = await main({
      argv,
      env,
      stdout: Object.assign(stdout.stream, terminal),
      stderr: stderr.stream,
      clock,
      stopRequested: () => new Promise(() => {}),
    });
    return { exitCode, stdout: stdout.text(), stderr: stderr.text() };
  } finally {
    vi.unstubAllEnvs();
  }
}

function collector() {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  return { stream, text: () => Buffer.concat(chunks).toString("utf8") };
}
