import { Command } from "commander";

import { TOOL } from "../../shared/program/tool.ts";
import type { CliRuntime } from "./cli-runtime.ts";
import { addAlertCommands } from "./commands/alert/add-alert-commands.ts";
import { addAuditCommand } from "./commands/audit/add-audit-command.ts";
import { addCompletionCommand } from "./commands/completion/add-completion-command.ts";
import { addConfigCommand } from "./commands/config/add-config-command.ts";
import { addDoctorCommand } from "./commands/doctor/add-doctor-command.ts";
import { addEnableCommand } from "./commands/enable/add-enable-command.ts";
import { addHistoryCommand } from "./commands/history/add-history-command.ts";
import { addPolicyCommand } from "./commands/policy/add-policy-command.ts";
import { addSchemaCommand } from "./commands/schema/add-schema-command.ts";
import { addStateCommands } from "./commands/state/add-state-commands.ts";
import { addVerifyCommand } from "./commands/verify/add-verify-command.ts";
import { addWatchCommand } from "./commands/watch/add-watch-command.ts";
import { EXIT_CODE_HELP } from "./exit-code-help.ts";
import { EXIT_CODES, type ExitCode } from "./exit-code.ts";
import { addOutputOptions } from "./flags/config-options.ts";
import { withFlagsElsewhere } from "./flags/flags-elsewhere.ts";
import { addShortFlags } from "./flags/short-flags.ts";
import { withoutValues } from "./flags/without-values.ts";
import { addHelpCommand } from "./help-command.ts";

const FIRST_STEPS = `
First steps:
  flowlog-guard policy               the RAM policy that the identity needs
  flowlog-guard doctor               try the credentials and the configuration
  flowlog-guard audit                audit all regions
  flowlog-guard audit --rules all    also whether traffic is recorded and kept`;

/**
 * The whole command line.
 *
 * @param onDone - called with the exit code of the command that ran
 */
export function createProgram(runtime: CliRuntime, onDone: (exitCode: ExitCode) => void): Command {
  const program = new Command(TOOL.name)
    .description(
      "Checks that the VPC flow log service is activated in every Alibaba Cloud region, of one account or of all accounts of an organization. It only reads; only the command enable changes anything.\n\nAn activated service is a precondition of CIS Alibaba Cloud Foundation Benchmark 2.0.0 controls 2.5 and 3.3. It does not prove that a flow log exists or that traffic is recorded: for that, ask the other rules with audit --rules all.",
    )
    .version(TOOL.version)
    .addHelpText("after", `${FIRST_STEPS}\n${EXIT_CODE_HELP}`)
    .showHelpAfterError("Run it with --help for its commands and flags.")
    .exitOverride()
    // Called for every help text: one that the user requested, and one that follows wrong usage.
    .addHelpText("beforeAll", ({ error }) => {
      onDone(error ? EXIT_CODES.COULD_NOT_RUN : EXIT_CODES.ALL_WELL);
      return "";
    })
    .configureOutput({
      writeOut: (text) => runtime.stdout.write(text),
      writeErr: (text) => runtime.stderr.write(text),
      outputError: (text, write) =>
        write(withoutValues(withFlagsElsewhere(text, program), program)),
    });

  const context = { runtime, onDone };
  // In the order of the help text.
  program.commandsGroup("Audit:");
  addAuditCommand(program, context);
  addWatchCommand(program, context);
  addEnableCommand(program, context);
  program.commandsGroup("Set-up:");
  addPolicyCommand(program, context);
  addDoctorCommand(program, context);
  addConfigCommand(program, context);
  addSchemaCommand(program, context);
  addCompletionCommand(program, context);
  program.commandsGroup("Alerts:");
  const alert = addAlertCommands(program, context);
  const state = addStateCommands(program, context);
  program.commandsGroup("Evidence:");
  addVerifyCommand(program, context);
  addHistoryCommand(program, context);
  program.commandsGroup("Help:");

  const groups = [program, alert, state];
  for (const group of groups) addHelpCommand(group);
  const commands = groups.flatMap((group) => group.commands);
  for (const command of commands) if (!groups.includes(command)) addOutputOptions(command);
  for (const command of commands) addShortFlags(command);
  return program;
}
