import type { Command } from "commander";

import type { CommandContext } from "../../command-context.ts";
import { addScopeOptions } from "../../flags/config-options.ts";
import { type PolicyFlags, runPolicyCommand } from "./policy-command.ts";

const POLICY_EXAMPLES = `
Examples:
  flowlog-guard policy
  flowlog-guard policy --rules all
  flowlog-guard policy --enable --flow-logs`;

/** Adds `policy`. */
export function addPolicyCommand(program: Command, { runtime, onDone }: CommandContext): void {
  addScopeOptions(
    program
      .command("policy")
      .description(
        "print the least RAM policy that the configuration needs, for other rules with --rules",
      ),
  )
    .optionsGroup("Which policy:")
    .option(
      "--account <id>",
      "the account to audit, or the one that audits others (default: any account)",
    )
    .option(
      "--member",
      "print policy and trust policy of the role in other accounts instead, with the external id; the role trusts ROLE_NAME (default: flowlog-guard) of --account (default: ACCOUNT_ID)",
    )
    .option("--trust", "print the trust policy of the function's role instead")
    .option("--enable", "print the policy of the command enable instead")
    .option("--flow-logs", "also what enable --flow-logs needs, with --enable")
    .option(
      "--cloud-config",
      "also what the audit function needs as the function of Cloud Config's rules",
    )
    .option(
      "--history",
      "print the policy of who reads kept evidence instead, with history and verify",
    )
    .addHelpText("after", POLICY_EXAMPLES)
    .action(async (flags: PolicyFlags) => onDone(await runPolicyCommand(flags, runtime)));
}
