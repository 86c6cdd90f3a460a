import { type Command, Option } from "commander";

import { METRICS_BY } from "../../../../shared/report/format.ts";
import { FORMAT_NAMES } from "../../../../shared/report/formats.ts";
import type { CommandContext } from "../../command-context.ts";
import { EXIT_CODE_HELP, EXIT_ZERO_HELP } from "../../exit-code-help.ts";
import { addProfileOption, addRunOptions, addScopeOptions } from "../../flags/config-options.ts";
import { languageOption } from "../../flags/language-option.ts";
import { onlyOption } from "../../flags/only-option.ts";
import { outputOption } from "../../output/output-option.ts";
import { runAuditCommand } from "./audit-command.ts";
import type { AuditFlags } from "./audit-flags.ts";

const AUDIT_EXAMPLES = `
Examples:
  flowlog-guard audit
  flowlog-guard audit --rules all
  flowlog-guard audit --regions cn-hangzhou,'ap-*','!ap-southeast-5'
  flowlog-guard audit --accounts 'prod-*','!1234567890123456'
  flowlog-guard audit --profile prod --output report.json --output report.md
  flowlog-guard audit --output "markdown:$GITHUB_STEP_SUMMARY"
  flowlog-guard audit --only non_compliant,insufficient_data
  flowlog-guard audit --alert
  flowlog-guard audit --remote --region cn-hangzhou`;

/** Adds `audit`. */
export function addAuditCommand(program: Command, { runtime, onDone }: CommandContext): void {
  addProfileOption(
    addRunOptions(
      addScopeOptions(
        program
          .command("audit")
          .description(
            "audit from this machine, or with --remote through the deployed function, and print the report",
          ),
      ),
    ),
  )
    .optionsGroup("Report and alerts:")
    .addOption(
      new Option(
        "--format <format>",
        "format of the report on stdout, by default table; with --output, stdout has a report only with this flag",
      ).choices(FORMAT_NAMES),
    )
    .addOption(outputOption())
    .addOption(
      new Option(
        "--metrics-by <what>",
        "in the format prometheus: series for each finding, or only for each account and rule",
      ).choices(METRICS_BY),
    )
    .addOption(onlyOption())
    .addOption(languageOption("tables, pages and Markdown, and of the summary (default: en)"))
    .option("--alert", "alert the receivers if an alert is due")
    .option("--exit-zero", "exit 0 also if anything is not compliant or could not be read")
    .option("--no-progress", "show no progress (it is shown on a terminal only)")
    .optionsGroup("Through the deployed function:")
    .option("--remote", "audit through the deployed audit function instead")
    .option(
      "--function <name>",
      "name of the function (default: ${DEPLOY_NAME}-audit, or flowlog-guard-audit)",
    )
    .option("--region <id>", "region of the function (default: DEPLOY_REGION)")
    .option("--qualifier <name>", "version or alias of the function (default: the latest)")
    .option("--account <id>", "account of the function (default: that of the credentials)")
    .addHelpText("after", `${AUDIT_EXAMPLES}\n${EXIT_CODE_HELP}\n${EXIT_ZERO_HELP}`)
    .action(async (flags: AuditFlags) => onDone(await runAuditCommand(flags, runtime)));
}
