import { type Command, Option } from "commander";

import type { CommandContext } from "../../command-context.ts";
import { addConfigOption, addProfileOption } from "../../flags/config-options.ts";
import { runStateShowCommand, STATE_FORMATS, type StateShowFlags } from "./state-show-command.ts";

/**
 * Adds `state show`.
 *
 * @returns the command that it is below
 */
export function addStateCommands(program: Command, { runtime, onDone }: CommandContext): Command {
  const state = program
    .command("state")
    .description("inspect the state: open problems, and which receivers were notified");
  addProfileOption(
    addConfigOption(
      state
        .command("show")
        .description(
          "print what is open, unreadable or not yet ended, and which receivers were notified",
        ),
    ),
  )
    .optionsGroup("Output:")
    .addOption(
      new Option("--format <format>", "output format").choices(STATE_FORMATS).default("table"),
    )
    .action(async (flags: StateShowFlags) => onDone(await runStateShowCommand(flags, runtime)));
  return state;
}
