import { CommanderError } from "commander";

import { writeStderr, type CliRuntime } from "./cli-runtime.ts";
import { describeError } from "./describe-error.ts";
import { EXIT_CODES, type ExitCode } from "./exit-code.ts";
import { createProgram } from "./program.ts";

/** Runs the command line. A failure becomes one message on stderr and an exit code. */
export async function main(runtime: CliRuntime): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT_CODES.ALL_WELL;
  const program = createProgram(runtime, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(runtime.argv, { from: "user" });
    return exitCode;
  } catch (error) {
    // Commander has written its message. Help or a version that the user requested is no failure.
    if (error instanceof CommanderError) {
      return REQUESTED_OUTPUT.has(error.code) ? exitCode : EXIT_CODES.COULD_NOT_RUN;
    }
    await writeStderr(runtime, `flowlog-guard: ${describeError(error, runtime.argv)}\n`);
    return EXIT_CODES.COULD_NOT_RUN;
  }
}

/** Commander's codes for what the user requested. Its exit codes are not usable: that of `help` varies. */
const REQUESTED_OUTPUT = new Set([
  "commander.help",
  "commander.helpDisplayed",
  "commander.version",
]);
