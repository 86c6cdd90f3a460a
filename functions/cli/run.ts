import process from "node:process";

import type { Environment } from "../../shared/program/environment.ts";
import { main } from "./main.ts";

/** Sent by Ctrl-C, by a service manager, and when the terminal is closed. */
const STOP_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Runs the command line in this process, and ends it with the exit code. */
export async function run(env: Environment): Promise<never> {
  const { stdout, stderr } = process;
  // A reader may close the pipe early, which must not change the exit code.
  for (const stream of [stdout, stderr]) stream.on("error", () => {});
  const clock = (): Date => new Date();
  const argv = process.argv.slice(2);
  const exitCode = await main({ argv, env, stdout, stderr, clock, stopRequested });
  // Abandoned operations, such as a name look-up, must not keep the process alive.
  process.exit(exitCode);
}

/** Resolves at the first stop signal. The signal handlers stay, because npx repeats Ctrl-C. */
async function stopRequested(): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const signal of STOP_SIGNALS) process.on(signal, () => resolve());
  });
}
