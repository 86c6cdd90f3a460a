import { type Command, Option } from "commander";

import type { CommandContext } from "../../command-context.ts";
import { EXIT_CODES } from "../../exit-code.ts";
import { addConfigOption, addProfileOption } from "../../flags/config-options.ts";
import { languageOption } from "../../flags/language-option.ts";
import type { HistoryFlags } from "./history-command.ts";
import { HISTORY_FORMAT_NAMES } from "./history-format-names.ts";

const HISTORY_HELP = `
Examples:
  flowlog-guard history --since 90d
  flowlog-guard history --since 2026-01-01 --until 2026-03-31 \\
    --format html > history.html

Exit codes; what is not compliant changes none of them:
  ${EXIT_CODES.ALL_WELL}  the history is of all that is kept
  ${EXIT_CODES.NON_COMPLIANT}  kept evidence was changed or removed, and is not used
  ${EXIT_CODES.INCOMPLETE}  no run is kept of these days, a report is of another version and cannot be
     read, or ActionTrail could not be asked
  ${EXIT_CODES.COULD_NOT_RUN}  the evidence cannot be read; usage, configuration or credentials`;

/** Adds `history`, which loads on first use. */
export function addHistoryCommand(program: Command, { runtime, onDone }: CommandContext): void {
  addProfileOption(
    addConfigOption(
      program
        .command("history")
        .description(
          "print what the kept evidence says over time: since when what is compliant or not, the days covered, and the gaps",
        ),
    ),
  )
    .optionsGroup("History:")
    .option("--since <day>", "first day in UTC, such as 2026-01-01, or a duration such as 90d")
    .option("--until <day>", "last day in UTC, such as 2026-03-31 (default: today)")
    .addOption(
      new Option("--format <format>", "output format")
        .choices(HISTORY_FORMAT_NAMES)
        .default("table"),
    )
    .addOption(languageOption("tables, and the first one of a page (default: en)"))
    .addHelpText("after", HISTORY_HELP)
    .action(async (flags: HistoryFlags) => {
      const { runHistoryCommand } = await import("./history-command.ts");
      onDone(await runHistoryCommand(flags, runtime));
    });
}
