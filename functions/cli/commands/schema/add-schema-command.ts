import type { Command } from "commander";

import type { CommandContext } from "../../command-context.ts";

const SCHEMA_HELP = `
Examples:
  flowlog-guard schema > flowlog-guard.schema.json

The first line of flowlog-guard.yaml then names it to editors:
  # yaml-language-server: $schema=./flowlog-guard.schema.json`;

/** Adds `schema`, which loads on first use. */
export function addSchemaCommand(program: Command, { runtime, onDone }: CommandContext): void {
  program
    .command("schema")
    .description(
      "print the JSON schema (draft 7) of the configuration file, for editors and checks",
    )
    .addHelpText("after", SCHEMA_HELP)
    .action(async () => {
      const { runSchemaCommand } = await import("./schema-command.ts");
      onDone(await runSchemaCommand(runtime));
    });
}
