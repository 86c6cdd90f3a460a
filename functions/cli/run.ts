import process from "node:process";

import type { Environment } from "../../shared/program/environment.ts";
import { main } from "./main.ts";

/** Asks for an end: by a service manager, by Ctrl-C, by a terminal that is closed. */
const STOP_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Runs the command line in this process, and ends it with the exit code. */
export async function run(env: Environment): Promise<never> {
  const { stdout, stderr } = process;
  // A reader that has seen enough closes the pipe. The audit's outcome is the exit code all the same.
  for (const stream of [stdout, stderr]) stream.on("error", () => {});
  const clock = (): Date => new Date();
  const argv = process.argv.slice(2);
  const exitCode = await main({ argv, env, stdout, stderr, clock, stopRequested });
  // Nothing that was abandoned, such as a look-up of a name, may keep the process waiting.
  process.exit(exitCode);
}

/** Once somebody listens, none of these ends the process, however often it comes: npx repeats Ctrl-C. */
async function stopRequested(): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const signal of STOP_SIGNALS) process.on(signal, () => resolve());
  });
}
