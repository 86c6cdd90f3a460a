#!/usr/bin/env node
// First: what is loaded after it finds no DEBUG.
import { ENVIRONMENT } from "../environment.ts";

import process from "node:process";

import { EXIT_CODES } from "./exit-code.ts";
import { main } from "./main.ts";

const { stdout, stderr } = process;

// A reader that has seen enough closes the pipe. The audit's outcome is the exit code all the same.
for (const stream of [stdout, stderr]) stream.on("error", () => {});

/** Once somebody listens, no signal but SIGKILL ends the process: npx passes each one on twice. */
async function stopRequested(): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => resolve());
  });
}

// A run that ends because nothing is left to wait for has no outcome, and must not look like a success.
process.exitCode = EXIT_CODES.COULD_NOT_RUN;

const clock = (): Date => new Date();
void main({
  argv: process.argv.slice(2),
  env: ENVIRONMENT,
  stdout,
  stderr,
  clock,
  stopRequested,
}).then(
  // Nothing that was abandoned, such as a look-up of a name, may keep the process waiting.
  (exitCode) => process.exit(exitCode),
);
