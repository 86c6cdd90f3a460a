import type { Command } from "commander";

/**
 * Adds a help command that finds commands at any depth. Commander's own one looks for direct
 * subcommands only, and shows the group's help for an unknown name.
 */
export function addHelpCommand(group: Command): void {
  group
    .helpCommand(false)
    .command("help")
    .argument("[command...]")
    .description("display help for a command")
    .action((names: readonly string[]) => {
      let found = group;
      for (const name of names) {
        const next = found.commands.find((command) => command.name() === name);
        // Parsed as an excess argument, so that commander writes the error with its suggestion.
        if (next === undefined) found.parse(["--", name], { from: "user" });
        else found = next;
      }
      found.help();
    });
}
