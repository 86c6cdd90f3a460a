import { type Command, Option } from "commander";

import type { CommandContext } from "../../command-context.ts";
import { EXIT_CODES } from "../../exit-code.ts";
import { addProfileOption, addScopeOptions } from "../../flags/config-options.ts";
import { DOCTOR_FORMATS, type DoctorFlags, runDoctorCommand } from "./doctor-command.ts";

const DOCTOR_HELP = `
Examples:
  flowlog-guard doctor
  flowlog-guard doctor --profile prod --rules all

It only reads: nothing is audited, sent or written. Each service is asked once,
in one region: whether every region can be read is for an audit to say.

Exit codes:
  ${EXIT_CODES.ALL_WELL}  nothing is wrong; there may be warnings
  ${EXIT_CODES.COULD_NOT_RUN}  something is wrong, or wrong usage`;

/** Adds `doctor`. */
export function addDoctorCommand(program: Command, { runtime, onDone }: CommandContext): void {
  addProfileOption(
    addScopeOptions(
      program
        .command("doctor")
        .description("try the set-up, and print what is wrong and how to fix it"),
    ),
  )
    .optionsGroup("Output:")
    .addOption(
      new Option("--format <format>", "output format").choices(DOCTOR_FORMATS).default("text"),
    )
    .addHelpText("after", DOCTOR_HELP)
    .action(async (flags: DoctorFlags) => onDone(await runDoctorCommand(flags, runtime)));
}
