import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";

import type { Environment } from "../../shared/program/environment.ts";

/** How the deployment runs other programs, and how it shows their output. */
export interface Shell {
  readonly cwd: string;
  readonly env: Environment;
  /** Called with every line to show. */
  readonly onLine: (line: string) => void;
  /** Makes the mask for the lines of one stream. It has state: a line is judged by those before it. */
  readonly createMask: () => (line: string) => string | null;
  /** Ends the running program and prevents others from starting; its reason is thrown. */
  readonly stop?: AbortSignal;
}

/**
 * Runs a program with empty standard input, so that it cannot wait for an answer. Shows its output
 * in whole lines, because a mask does not recognise a part of a secret.
 *
 * @returns its exit code; null when a signal ended it
 * @throws `NodeJS.ErrnoException` when it cannot be started
 * @throws the reason of `stop`, after the program has ended, when it was stopped
 */
export async function run(
  command: string,
  args: readonly string[],
  shell: Shell,
): Promise<number | null> {
  const { child, exit } = start(command, args, shell);
  await Promise.all([exit, showLines(child.stdout, shell), showLines(child.stderr, shell)]);
  return exit;
}

/** As {@link run}, but returns the standard output instead of showing it. */
export async function capture(
  command: string,
  args: readonly string[],
  shell: Shell,
): Promise<{ readonly exitCode: number | null; readonly stdout: string }> {
  const { child, exit } = start(command, args, shell);
  const [exitCode, stdout] = await Promise.all([
    exit,
    text(child.stdout),
    showLines(child.stderr, shell),
  ]);
  return { exitCode, stdout };
}

function start(command: string, args: readonly string[], { cwd, env, stop }: Shell) {
  stop?.throwIfAborted();
  const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  const kill = (): void => void child.kill();
  stop?.addEventListener("abort", kill);
  const exit = new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
    child.on("exit", () => {
      stop?.removeEventListener("abort", kill);
      if (stop?.aborted !== true) return;
      // Child processes of the program may still run and keep the pipes open.
      child.stdout.destroy();
      child.stderr.destroy();
      reject(stop.reason);
    });
  });
  return { child, exit };
}

async function showLines(stream: Readable, { onLine, createMask }: Shell): Promise<void> {
  const mask = createMask();
  for await (const line of createInterface({ input: stream })) {
    const masked = mask(line);
    if (masked !== null) onLine(masked);
  }
}
