import { type Command, Option } from "commander";

import type { CommandContext } from "../../command-context.ts";
import { EXIT_CODE_LINES } from "../../exit-code-help.ts";
import { EXIT_CODES } from "../../exit-code.ts";
import { addProfileOption, addRunOptions, addScopeOptions } from "../../flags/config-options.ts";
import type { EnableFlags } from "./enable-command.ts";
import { ENABLE_FORMATS } from "./enable-formats.ts";

const ENABLE_EXAMPLES = `
Examples:
  flowlog-guard enable
  flowlog-guard enable --regions cn-hangzhou --yes
  flowlog-guard enable --flow-logs \\
    --project 'flow-logs-{account}-{region}' --logstore vpc`;

const ENABLE_EXIT_CODE_HELP = `
Exit codes without --yes:
  ${EXIT_CODES.ALL_WELL}  the plan is complete; nothing was changed
  ${EXIT_CODES.INCOMPLETE}  something could not be read and is listed; nothing was changed
  ${EXIT_CODES.COULD_NOT_RUN}  could not run

Exit codes with --yes, of the audit afterwards:
${EXIT_CODE_LINES}, or it was interrupted`;

/** Adds `enable`, which loads on first use. */
export function addEnableCommand(program: Command, { runtime, onDone }: CommandContext): void {
  const command = program
    .command("enable")
    .description(
      "print in which regions the flow log service is not activated, and with --yes activate it there, which cannot be undone; with --flow-logs also create the flow logs that VPCs lack",
    )
    .optionsGroup("Changes:")
    .option("--yes", "carry the plan out, audit again and print that report")
    .option(
      "--flow-logs",
      "also create a flow log for each VPC that has none, or is covered only in part",
    )
    .option(
      "--project <name>",
      "project of the log service for --flow-logs; {region} and {account} stand for the ids",
    )
    .option(
      "--logstore <name>",
      "log store in the project, for --flow-logs; {region} and {account} stand for the ids",
    );
  addProfileOption(addRunOptions(addScopeOptions(command)))
    .optionsGroup("Output:")
    .addOption(
      new Option("--format <format>", "table: the report after --yes; json: plan and report")
        .choices(ENABLE_FORMATS)
        .default("table"),
    )
    .addHelpText("after", `${ENABLE_EXAMPLES}\n${ENABLE_EXIT_CODE_HELP}`)
    .action(async (flags: EnableFlags) => {
      const { runEnableCommand } = await import("./enable-command.ts");
      onDone(await runEnableCommand(flags, runtime));
    });
}
