import { CommanderError } from "commander";

import { describeError } from "./describe-error.ts";
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
    // It has said what there is to say. A help text or a version that was asked for is no failure.
    if (error instanceof CommanderError) {
      return ASKED_FOR.has(error.code) ? exitCode : EXIT_CODES.COULD_NOT_RUN;
    }
    await tell(world, `flowlog-guard: ${describeError(error, world.argv)}\n`);
    return EXIT_CODES.COULD_NOT_RUN;
  }
}

/** Its own exit codes do not count: for `help` it takes the one that the process has at the time. */
const ASKED_FOR = new Set(["commander.help", "commander.helpDisplayed", "commander.version"]);
