import { type Command, Option } from "commander";

import { RECEIVER_TYPES } from "../../../../shared/notify/receivers.ts";
import type { CommandContext } from "../../command-context.ts";
import { EXIT_CODES } from "../../exit-code.ts";
import { addConfigOption } from "../../flags/config-options.ts";
import { languageOption } from "../../flags/language-option.ts";
import { type AlertPreviewFlags, runAlertPreviewCommand } from "./alert-preview-command.ts";
import { type AlertTestFlags, runAlertTestCommand } from "./alert-test-command.ts";

const PREVIEW_EXAMPLES = `
Examples:
  flowlog-guard alert preview
  flowlog-guard alert preview --type slack`;

const EXIT_CODE_OF_TEST = `
Exit codes:
  ${EXIT_CODES.ALL_WELL}  every receiver accepted the message
  ${EXIT_CODES.COULD_NOT_RUN}  a receiver did not accept the message, or no receiver is configured`;

/**
 * Adds `alert test` and `alert preview`.
 *
 * @returns the command that they are below
 */
export function addAlertCommands(program: Command, { runtime, onDone }: CommandContext): Command {
  const alert = program
    .command("alert")
    .description("test the receivers of alerts, or preview their messages");
  addConfigOption(
    alert
      .command("test")
      .description("send a message marked as a test to every receiver, and print each outcome"),
  )
    .optionsGroup("Receivers:")
    .option(
      "--receiver <name>",
      "send to this receiver only; flowlog-guard config prints the names",
    )
    .addHelpText("after", EXIT_CODE_OF_TEST)
    .action(async (flags: AlertTestFlags) => onDone(await runAlertTestCommand(flags, runtime)));
  addConfigOption(
    alert
      .command("preview")
      .description("print the messages that receivers would get for a sample audit; sends nothing"),
  )
    .optionsGroup("Messages:")
    .addOption(
      new Option("--type <type>", "type of receiver (default: the configured receivers)").choices(
        RECEIVER_TYPES,
      ),
    )
    .addOption(languageOption("the messages (default: that of each receiver)"))
    .addOption(new Option("--format [type]").hideHelp())
    .addHelpText("after", PREVIEW_EXAMPLES)
    .action(async (flags: AlertPreviewFlags) =>
      onDone(await runAlertPreviewCommand(flags, runtime)),
    );
  return alert;
}
