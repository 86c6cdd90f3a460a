#!/usr/bin/env node
import { once } from "node:events";
import process from "node:process";

import { main } from "./main.ts";

const { env, stdout, stderr } = process;

// A reader that has seen enough closes the pipe. The audit's outcome is the exit code all the same.
for (const stream of [stdout, stderr]) stream.on("error", () => {});

async function stopRequested(): Promise<void> {
  await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
}

const clock = (): Date => new Date();
void main({ argv: process.argv.slice(2), env, stdout, stderr, clock, stopRequested }).then(
  // Nothing that was abandoned, such as a look-up of a name, may keep the process waiting.
  (exitCode) => process.exit(exitCode),
);
