import { type Command, Option } from "commander";

import type { CommandContext } from "../../command-context.ts";
import { EXIT_CODES } from "../../exit-code.ts";
import { addConfigOption, addProfileOption } from "../../flags/config-options.ts";
import type { VerifyFlags } from "./verify-command.ts";
import { VERIFY_FORMATS } from "./verify-formats.ts";

const VERIFY_HELP = `
Examples:
  flowlog-guard verify
  flowlog-guard verify --head "$HASH"

Exit codes:
  ${EXIT_CODES.ALL_WELL}  whole: every manifest is linked, and every report is as its manifest says
  ${EXIT_CODES.NON_COMPLIANT}  broken: something was changed or removed; the first break is named
  ${EXIT_CODES.COULD_NOT_RUN}  the evidence cannot be read, or there is none; usage, configuration or
     credentials`;

/** Adds `verify`, which loads on first use. */
export function addVerifyCommand(program: Command, { runtime, onDone }: CommandContext): void {
  addProfileOption(
    addConfigOption(
      program
        .command("verify")
        .description(
          "check that the kept evidence is whole: the chain of manifests, and the SHA-256 of every report",
        ),
    ),
  )
    .optionsGroup("Verification:")
    .option(
      "--head <sha256>",
      "SHA-256 of a manifest that a second party holds, from the heartbeat or an alert of the webhook: without it, nobody can see whether the newest runs were removed",
    )
    .addOption(
      new Option("--format <format>", "output format").choices(VERIFY_FORMATS).default("table"),
    )
    .addHelpText("after", VERIFY_HELP)
    .action(async (flags: VerifyFlags) => {
      const { runVerifyCommand } = await import("./verify-command.ts");
      onDone(await runVerifyCommand(flags, runtime));
    });
}
