import { Argument, type Command } from "commander";

import type { CommandContext } from "../../command-context.ts";
import { COMPLETION_SETUP, SHELLS } from "./shells.ts";

/** Adds `completion`, which loads on first use. */
export function addCompletionCommand(program: Command, { runtime, onDone }: CommandContext): void {
  const shell = new Argument("[shell]", "name of the shell");
  // Named, but not checked by commander, whose message would repeat another word.
  shell.argChoices = [...SHELLS];
  program
    .command("completion")
    .addArgument(shell)
    .description("print the script that completes commands, flags and their values in a shell")
    .addHelpText("after", COMPLETION_SETUP)
    .action(async (name?: string) => {
      const { runCompletionCommand } = await import("./completion-command.ts");
      onDone(await runCompletionCommand(name, program, runtime));
    });
}
