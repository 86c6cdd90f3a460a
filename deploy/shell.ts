import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";

import type { Environment } from "../shared/environment.ts";

/** How the deployment runs other programs, and what it does with what they print. */
export interface Shell {
  readonly cwd: string;
  readonly env: Environment;
  /** Told every line that is to be shown. */
  readonly onLine: (line: string) => void;
  /** Makes what hides secrets in the lines of one stream: what a line is depends on those before. */
  readonly createMask: () => (line: string) => string | null;
}

/**
 * Runs a program with nothing on its standard input, so that it cannot wait for an answer, and shows
 * what it prints line by line: a secret that came in two pieces would not be recognised.
 *
 * @returns its exit code; null when a signal ended it
 * @throws `NodeJS.ErrnoException` when it cannot be started
 */
export async function run(
  command: string,
  args: readonly string[],
  shell: Shell,
): Promise<number | null> {
  const { cwd, env } = shell;
  const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  const exit = exitOf(child);
  await Promise.all([exit, showLines(child.stdout, shell), showLines(child.stderr, shell)]);
  return exit;
}

/** As {@link run}, but what it prints on its standard output is returned instead of shown. */
export async function capture(
  command: string,
  args: readonly string[],
  shell: Shell,
): Promise<{ readonly exitCode: number | null; readonly stdout: string }> {
  const { cwd, env } = shell;
  const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  const exit = exitOf(child);
  const [exitCode, stdout] = await Promise.all([
    exit,
    text(child.stdout),
    showLines(child.stderr, shell),
  ]);
  return { exitCode, stdout };
}

async function exitOf(child: ReturnType<typeof spawn>): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
}

async function showLines(stream: Readable, { onLine, createMask }: Shell): Promise<void> {
  const mask = createMask();
  for await (const line of createInterface({ input: stream })) {
    const masked = mask(line);
    if (masked !== null) onLine(masked);
  }
}
