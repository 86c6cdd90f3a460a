import type { Command } from "commander";

import type { CommandContext } from "../../command-context.ts";
import { addRunOptions, addScopeOptions } from "../../flags/config-options.ts";
import { type ConfigCommandFlags, runConfigCommand } from "./config-command.ts";

const CONFIG_EXAMPLES = `
Examples:
  flowlog-guard config
  flowlog-guard config --config prod.yaml`;

/** Adds `config`. */
export function addConfigCommand(program: Command, { runtime, onDone }: CommandContext): void {
  addRunOptions(
    addScopeOptions(
      program
        .command("config")
        .description("check the configuration and print it resolved, secrets masked"),
    ),
  )
    .addHelpText("after", CONFIG_EXAMPLES)
    .action(async (flags: ConfigCommandFlags) => onDone(await runConfigCommand(flags, runtime)));
}
