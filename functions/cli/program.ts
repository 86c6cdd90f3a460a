import { Command, Option } from "commander";

import { RECEIVER_TYPES } from "../../shared/notify/receivers.ts";
import { TOOL } from "../../shared/program/tool.ts";
import { METRICS_BY } from "../../shared/report/format.ts";
import { FORMAT_NAMES } from "../../shared/report/formats.ts";
import { type AlertPreviewFlags, runAlertPreviewCommand } from "./alert-preview-command.ts";
import { type AlertTestFlags, runAlertTestCommand } from "./alert-test-command.ts";
import { type AuditFlags, runAuditCommand } from "./audit-command.ts";
import type { CliRuntime } from "./cli-runtime.ts";
import { type ConfigCommandFlags, runConfigCommand } from "./config-command.ts";
import {
  addConfigOption,
  addOutputOptions,
  addProfileOption,
  addRunOptions,
  addScopeOptions,
} from "./config-options.ts";
import type { EnableFlags } from "./enable-command.ts";
import { ENABLE_FORMATS } from "./enable/enable-formats.ts";
import { EXIT_CODES, type ExitCode } from "./exit-code.ts";
import { addHelpCommand } from "./help-command.ts";
import type { HistoryFlags } from "./history-command.ts";
import { HISTORY_FORMAT_NAMES } from "./history-format-names.ts";
import { onlyOption } from "./only-option.ts";
import { outputOption } from "./output/output-option.ts";
import { type PolicyFlags, runPolicyCommand } from "./policy-command.ts";
import { runStateShowCommand, STATE_FORMATS, type StateShowFlags } from "./state-show-command.ts";
import type { VerifyFlags } from "./verify-command.ts";
import { VERIFY_FORMATS } from "./verify/verify-formats.ts";
import type { WatchFlags } from "./watch-command.ts";
import { withoutValues } from "./without-values.ts";

const EXIT_CODE_HELP = `
Exit codes:
  ${EXIT_CODES.ALL_WELL}  everything in scope is compliant, or exempt
  ${EXIT_CODES.NON_COMPLIANT}  at least one region or resource is not compliant
  ${EXIT_CODES.INCOMPLETE}  nothing is known not to be compliant, but at least one region or resource
     could not be read
  ${EXIT_CODES.COULD_NOT_RUN}  could not run: usage, configuration, credentials, state, or a crash; or the
     report could not be kept as evidence; or an alert that was due reached no
     receiver`;

const EXIT_ZERO_HELP = `
With --exit-zero: ${EXIT_CODES.ALL_WELL} in place of ${EXIT_CODES.NON_COMPLIANT} and ${EXIT_CODES.INCOMPLETE}, and ${EXIT_CODES.COULD_NOT_RUN} if nothing in scope could be
read.`;

const ONCE_HELP = `
--once implies --exit-zero. With --exit-zero, watch exits ${EXIT_CODES.COULD_NOT_RUN} also if anything is
not compliant and no receiver is configured; with --once, also if the state
could not be read or written.`;

const EXIT_CODE_OF_TEST = `
Exit codes:
  ${EXIT_CODES.ALL_WELL}  every receiver accepted the message
  ${EXIT_CODES.COULD_NOT_RUN}  a receiver did not accept the message, or no receiver is configured`;

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

const WATCH_EXAMPLES = `
Examples:
  flowlog-guard watch --schedule "0 17 * * * *" --timezone Asia/Shanghai --now
  flowlog-guard watch --once

When daylight saving time begins or ends, fixed hours run once; "*" or a step in
the hours runs in each hour.`;

const ENABLE_EXAMPLES = `
Examples:
  flowlog-guard enable
  flowlog-guard enable --regions cn-hangzhou --yes
  flowlog-guard enable --flow-logs \\
    --project 'flow-logs-{account}-{region}' --logstore vpc`;

const VERIFY_HELP = `
Examples:
  flowlog-guard verify
  flowlog-guard verify --head "$HASH"

Exit codes:
  ${EXIT_CODES.ALL_WELL}  whole: every manifest is linked, and every report is as its manifest says
  ${EXIT_CODES.NON_COMPLIANT}  broken: something was changed or removed; the first break is named
  ${EXIT_CODES.COULD_NOT_RUN}  the evidence cannot be read, or there is none; usage, configuration or
     credentials`;

const HISTORY_HELP = `
Examples:
  flowlog-guard history --since 90d
  flowlog-guard history --since 2026-01-01 --until 2026-03-31 --format html > history.html

Exit codes; what is not compliant changes none of them:
  ${EXIT_CODES.ALL_WELL}  the history is of all that is kept
  ${EXIT_CODES.NON_COMPLIANT}  kept evidence was changed or removed, and is not used
  ${EXIT_CODES.INCOMPLETE}  no run is kept of these days, a report is of another version and cannot be
     read, or ActionTrail could not be asked
  ${EXIT_CODES.COULD_NOT_RUN}  the evidence cannot be read; usage, configuration or credentials`;

const ENABLE_EXIT_CODE_HELP = `
Without --yes:
  ${EXIT_CODES.ALL_WELL}  the plan is complete; nothing was changed
  ${EXIT_CODES.INCOMPLETE}  something could not be read and is listed; nothing was changed
  ${EXIT_CODES.COULD_NOT_RUN}  could not run

With --yes, of the audit afterwards:
${EXIT_CODE_HELP.slice(1)}, or it was interrupted`;

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
    .addHelpText("after", EXIT_CODE_HELP)
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
      outputError: (text, write) => write(withoutValues(text, program)),
    });

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
    .option("--alert", "alert the receivers if an alert is due")
    .option("--remote", "audit through the deployed audit function instead")
    .option(
      "--function <name>",
      "with --remote: name of the function (default: ${DEPLOY_NAME}-audit, or flowlog-guard-audit)",
    )
    .option("--region <id>", "with --remote: region of the function (default: DEPLOY_REGION)")
    .option(
      "--qualifier <name>",
      "with --remote: version or alias of the function (default: the latest)",
    )
    .option(
      "--account <id>",
      "with --remote: account of the function (default: that of the credentials)",
    )
    .option("--exit-zero", "exit 0 also if anything is not compliant or could not be read")
    .option("--no-progress", "show no progress (it is shown on a terminal only)")
    .addHelpText("after", `${AUDIT_EXAMPLES}\n${EXIT_CODE_HELP}\n${EXIT_ZERO_HELP}`)
    .action(async (flags: AuditFlags) => onDone(await runAuditCommand(flags, runtime)));

  addRunOptions(
    addScopeOptions(
      program
        .command("config")
        .description("check the configuration and print it resolved, secrets masked"),
    ),
  ).action(async (flags: ConfigCommandFlags) => onDone(await runConfigCommand(flags, runtime)));

  addProfileOption(
    addRunOptions(
      addScopeOptions(
        program
          .command("enable")
          .description(
            "print in which regions the flow log service is not activated, and with --yes activate it there, which cannot be undone; with --flow-logs also create the flow logs that VPCs lack",
          ),
      ),
    ),
  )
    .option("--yes", "carry the plan out, audit again and print that report")
    .option(
      "--flow-logs",
      "also create a flow log for each VPC that has none, or is covered only in part",
    )
    .option(
      "--project <name>",
      "with --flow-logs: project of the log service; {region} and {account} stand for the ids",
    )
    .option(
      "--logstore <name>",
      "with --flow-logs: log store in the project; {region} and {account} stand for the ids",
    )
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

  addScopeOptions(
    program
      .command("policy")
      .description(
        "print the least RAM policy that the configuration needs, for other rules with --rules",
      ),
  )
    .option("--account <id>", "the account to audit, or that audits others (default: any account)")
    .option(
      "--member",
      "print policy and trust policy of the role in other accounts instead, with the external id; the role trusts ROLE_NAME (default: flowlog-guard) of --account (default: ACCOUNT_ID)",
    )
    .option("--trust", "print the trust policy of the function's role instead")
    .option("--enable", "print the policy of the command enable instead")
    .option("--flow-logs", "with --enable: also what enable --flow-logs needs")
    .option(
      "--cloud-config",
      "also what the audit function needs as the function of Cloud Config's rules",
    )
    .option(
      "--history",
      "print the policy of who reads kept evidence instead, with history and verify",
    )
    .action(async (flags: PolicyFlags) => onDone(await runPolicyCommand(flags, runtime)));

  addProfileOption(
    addRunOptions(
      addScopeOptions(
        program
          .command("watch")
          .description(
            "audit and alert on a schedule, until SIGTERM, SIGINT or SIGHUP; or once with --once; the exit code is that of the last run",
          ),
      ),
    ),
  )
    .option(
      "--schedule <cron>",
      "schedule as of a Function Compute timer: six fields, seconds first, or @every 5m",
    )
    .option(
      "--timezone <zone>",
      "UTC, or a name of the tz database such as Asia/Shanghai; CRON_TZ=<zone> before the fields has the same effect (default: UTC)",
    )
    .option("--now", "start the first run at once")
    .option("--once", "one run now, for cron, Kubernetes and CI")
    .option("--exit-zero", "exit 0 also if anything is not compliant or could not be read")
    .option("--no-exit-zero", "with --once: use the exit codes of an audit")
    .addHelpText("after", `${WATCH_EXAMPLES}\n${EXIT_CODE_HELP}\n${EXIT_ZERO_HELP}\n${ONCE_HELP}`)
    .action(async (flags: WatchFlags) => {
      const { runWatchCommand } = await import("./watch-command.ts");
      onDone(await runWatchCommand(flags, runtime));
    });

  const alert = program
    .command("alert")
    .description("test the receivers of alerts, or preview their messages");
  addConfigOption(
    alert
      .command("test")
      .description("send a message marked as a test to every receiver, and print each outcome"),
  )
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
    .addOption(
      new Option("--type <type>", "type of receiver (default: the configured receivers)").choices(
        RECEIVER_TYPES,
      ),
    )
    .addOption(new Option("--format [type]").hideHelp())
    .action(async (flags: AlertPreviewFlags) =>
      onDone(await runAlertPreviewCommand(flags, runtime)),
    );

  const state = program.command("state").description("inspect the state");
  addProfileOption(
    addConfigOption(
      state
        .command("show")
        .description(
          "print what is open, unreadable or not yet ended, and which receivers were notified",
        ),
    ),
  )
    .addOption(
      new Option("--format <format>", "output format").choices(STATE_FORMATS).default("table"),
    )
    .action(async (flags: StateShowFlags) => onDone(await runStateShowCommand(flags, runtime)));

  addProfileOption(
    addConfigOption(
      program
        .command("verify")
        .description(
          "check that the kept evidence is whole: the chain of manifests, and the SHA-256 of every report",
        ),
    ),
  )
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

  addProfileOption(
    addConfigOption(
      program
        .command("history")
        .description(
          "print what the kept evidence says over time: since when what is compliant or not, the days covered, and the gaps",
        ),
    ),
  )
    .option("--since <day>", "first day in UTC, such as 2026-01-01, or a duration such as 90d")
    .option("--until <day>", "last day in UTC, such as 2026-03-31 (default: today)")
    .addOption(
      new Option("--format <format>", "output format")
        .choices(HISTORY_FORMAT_NAMES)
        .default("table"),
    )
    .addHelpText("after", HISTORY_HELP)
    .action(async (flags: HistoryFlags) => {
      const { runHistoryCommand } = await import("./history-command.ts");
      onDone(await runHistoryCommand(flags, runtime));
    });

  const groups = [program, alert, state];
  for (const group of groups) addHelpCommand(group);
  const commands = groups.flatMap((group) => group.commands);
  for (const command of commands) if (!groups.includes(command)) addOutputOptions(command);
  return program;
}
