import { Writable } from "node:stream";

import { vi } from "vitest";

import { main } from "../../functions/cli/main.ts";
import { cliEnv } from "./run-cli.ts";
import type { ProcessResult } from "./run-process.ts";

/**
 * Runs the command line in this process, for long tables: to start a process takes longer than all
 * that a wrong flag or answer leads to. What concerns the process itself is for {@link runCli}.
 */
export async function runMain(
  argv: readonly string[],
  given: Readonly<Record<string, string>> = {},
): Promise<ProcessResult> {
  const env = cliEnv(given);
  // Credentials are looked for in the process, by a package that knows no other environment.
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  const [stdout, stderr] = [collector(), collector()];
  try {
    const exitCode = await main({
      argv,
      env,
      stdout: stdout.stream,
      stderr: stderr.stream,
      clock: () => new Date(),
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
