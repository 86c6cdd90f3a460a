import { spawn } from "node:child_process";
import { openSync } from "node:fs";
import { text } from "node:stream/consumers";

/** The outcome of a process. */
export interface ProcessResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProcessOptions {
  /** All of the environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** A file to write to instead, or a pipe without a reader; that output is not returned. */
  readonly stdout?: "closed" | (string & {});
  /** A file to write to instead; that output is not returned. */
  readonly stderr?: string;
  /** Another Node than that of the tests. */
  readonly node?: string | undefined;
  /** Another user to run as, which needs root. */
  readonly uid?: number;
}

/** Runs Node with exactly the given environment, and waits for its end. */
export async function runNode(
  args: readonly string[],
  { env, cwd, stdout, stderr, node = process.execPath, uid }: ProcessOptions,
): Promise<ProcessResult> {
  const toFile = stdout !== undefined && stdout !== "closed";
  const child = spawn(node, args, {
    env,
    cwd,
    ...(uid !== undefined && { uid }),
    stdio: [
      "ignore",
      toFile ? openSync(stdout, "w") : "pipe",
      stderr === undefined ? "pipe" : openSync(stderr, "w"),
    ],
  });
  const exit = new Promise<number | null>((resolve) => {
    child.on("close", resolve);
  });
  if (stdout === "closed") child.stdout?.destroy();
  const [output, errors, exitCode] = await Promise.all([
    child.stdout === null || stdout === "closed" ? "" : text(child.stdout),
    child.stderr === null ? "" : text(child.stderr),
    exit,
  ]);
  return { exitCode, stdout: output, stderr: errors };
}
