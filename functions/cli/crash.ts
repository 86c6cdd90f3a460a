import { writeSync } from "node:fs";
import process from "node:process";

import { describeError } from "./describe-error.ts";
import { EXIT_CODES } from "./exit-code.ts";

/**
 * Ends the process after an uncaught error. Node's own exit code for that, 1, would mean that a region
 * is not compliant.
 */
export function crash(error: unknown): never {
  return end(describeError(error, process.argv.slice(2)));
}

/** The oldest Node that the bundles are built for. */
const OLDEST_NODE = 20;

/** Ends the process when the program cannot be loaded. */
export function failToLoad(error: unknown): never {
  const remedy =
    Number.parseInt(process.versions.node, 10) < OLDEST_NODE
      ? `It needs Node ${OLDEST_NODE} or newer, and this is ${process.version}.`
      : "Its files are damaged or incomplete: install it again.";
  const [, ...stack] = describeError(error, process.argv.slice(2)).split("\n");
  return end([`the program cannot be loaded. ${remedy}`, ...stack].join("\n"));
}

function end(text: string): never {
  try {
    // Synchronous: output that a stream has buffered is lost when the process ends.
    writeSync(process.stderr.fd, `flowlog-guard: ${text}\n`);
  } catch {
    // stderr is closed. The exit code still reports the failure.
  }
  process.exit(EXIT_CODES.COULD_NOT_RUN);
}
