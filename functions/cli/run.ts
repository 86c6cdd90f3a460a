import { constants } from "node:os";
import process from "node:process";

import type { Environment } from "../../shared/program/environment.ts";
import { main } from "./main.ts";

/** Sent by Ctrl-C, by a service manager, and when the terminal is closed. */
const STOP_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** The id of the first process of a container. */
const FIRST_PROCESS_ID = 1;
/** Added to a signal's number, the exit code of a process that the signal ended: as shells do. */
const SIGNAL_EXIT_CODE = 128;

/** Runs the command line in this process, and ends it with the exit code. */
export async function run(env: Environment): Promise<never> {
  const { stdout, stderr } = process;
  // A reader may close the pipe early, which must not change the exit code.
  for (const stream of [stdout, stderr]) stream.on("error", () => {});
  if (process.pid === FIRST_PROCESS_ID) endBySignals();
  const clock = (): Date => new Date();
  const argv = process.argv.slice(2);
  const exitCode = await main({ argv, env, stdout, stderr, clock, stopRequested });
  // Abandoned operations, such as a name look-up, must not keep the process alive.
  process.exit(exitCode);
}

/** Resolves at the first stop signal. The signal handlers stay, because npx repeats Ctrl-C. */
async function stopRequested(): Promise<void> {
  for (const signal of STOP_SIGNALS) process.removeListener(signal, endBySignal);
  await new Promise<void>((resolve) => {
    for (const signal of STOP_SIGNALS) process.on(signal, () => resolve());
  });
}

/**
 * Has signals end the process until a command handles them. The kernel does that for every process
 * but the first one of a container, to which it delivers only signals that have a handler.
 *
 * @see https://man7.org/linux/man-pages/man7/pid_namespaces.7.html
 */
function endBySignals(): void {
  for (const signal of STOP_SIGNALS) process.on(signal, endBySignal);
}

function endBySignal(signal: NodeJS.Signals): void {
  process.exit(SIGNAL_EXIT_CODE + constants.signals[signal]);
}
