import { CommanderError } from "commander";

import { RunError } from "../../shared/audit/run-error.ts";
import { EXIT_CODES, type ExitCode } from "./exit-code.ts";
import { createProgram } from "./program.ts";
import { tell, type World } from "./world.ts";

/** Runs the command line. Whatever goes wrong is one message on stderr and an exit code. */
export async function main(world: World): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT_CODES.ALL_WELL;
  const program = createProgram(world, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(world.argv, { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) {
      // It has said what there is to say: help or a version is no failure.
      return error.exitCode === 0 ? EXIT_CODES.ALL_WELL : EXIT_CODES.COULD_NOT_RUN;
    }
    const verbose = world.argv.includes("--verbose");
    await tell(world, `flowlog-guard: ${describeError(error, verbose)}\n`);
    return EXIT_CODES.COULD_NOT_RUN;
  }
}

function describeError(error: unknown, verbose: boolean): string {
  const message =
    error instanceof RunError
      ? error.message
      : "internal error. Run it with --verbose and report what it says.";
  return verbose ? `${message}\n${stackOf(error)}` : message;
}

/** The stack of an error and of what caused it, without anything that moves a terminal's cursor. */
function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  const own = (error.stack ?? "").replaceAll(/[^\P{Cc}\n]/gu, "");
  return error.cause === undefined ? own : `${own}\nCaused by: ${stackOf(error.cause)}`;
}
