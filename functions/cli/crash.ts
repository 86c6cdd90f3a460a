import { writeSync } from "node:fs";
import process from "node:process";

import { describeError } from "./describe-error.ts";
import { EXIT_CODES } from "./exit-code.ts";

/**
 * Ends the process after an error that nobody caught. Node's own exit code for it is 1, by which
 * the command line says that a region is not compliant.
 */
export function crash(error: unknown): never {
  return end(describeError(error, process.argv.slice(2)));
}

/** The oldest Node that the bundles are built for. */
const OLDEST_NODE = 20;

/** Ends the process where the program itself cannot be loaded. */
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
    // At once: what a stream holds back is lost when the process ends.
    writeSync(process.stderr.fd, `flowlog-guard: ${text}\n`);
  } catch {
    // Nobody is left to be told. The exit code says it all the same.
  }
  process.exit(EXIT_CODES.COULD_NOT_RUN);
}
