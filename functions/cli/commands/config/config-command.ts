import { stringify } from "yaml";

import { warningsOfAccounts } from "../../../../shared/config/account-warnings.ts";
import { describeConfig } from "../../../../shared/config/describe-config.ts";
import { warningsOfEvidence } from "../../../../shared/config/evidence-problems.ts";
import { warningsOfSettings } from "../../../../shared/config/rule-settings.ts";
import { type CliRuntime, write, writeNotes } from "../../cli-runtime.ts";
import { EXIT_CODES, type ExitCode } from "../../exit-code.ts";
import { type ConfigFlags, configFrom } from "../../flags/config-options.ts";
import { assertEvidenceKeepable } from "../../local/local-evidence.ts";
import { warningsOfTemplate } from "./template-sizes.ts";

export interface ConfigCommandFlags extends ConfigFlags {
  readonly quiet?: boolean;
}

/** Checks the configuration and prints it resolved, secrets masked. */
export async function runConfigCommand(
  flags: ConfigCommandFlags,
  runtime: CliRuntime,
): Promise<ExitCode> {
  const config = configFrom(flags, runtime.env);
  assertEvidenceKeepable(config);
  const warnings =
    flags.quiet === true
      ? []
      : [
          ...warningsOfSettings(config),
          ...warningsOfAccounts(config),
          ...warningsOfEvidence(config),
          ...warningsOfTemplate(config),
        ];
  await writeNotes(runtime, warnings);
  await write(runtime.stdout, stringify(describeConfig(config)));
  return EXIT_CODES.ALL_WELL;
}
