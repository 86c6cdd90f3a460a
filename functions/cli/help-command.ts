import type { Command } from "commander";

/**
 * Adds a help command that finds the commands below a group at any depth; commander's own looks one
 * deep, and shows the group's help for a name that it does not know.
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
        // As an argument that no command takes: commander words the error, and what may be meant.
        if (next === undefined) found.parse(["--", name], { from: "user" });
        else found = next;
      }
      found.help();
    });
}
