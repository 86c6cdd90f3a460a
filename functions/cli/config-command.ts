import { stringify } from "yaml";

import { describeConfig } from "../../shared/config/describe-config.ts";
import { type CliRuntime, write } from "./cli-runtime.ts";
import { type ConfigFlags, configFrom } from "./config-options.ts";
import { EXIT_CODES, type ExitCode } from "./exit-code.ts";

/** Checks the configuration and prints it resolved, secrets masked. */
export async function runConfigCommand(flags: ConfigFlags, runtime: CliRuntime): Promise<ExitCode> {
  const config = configFrom(flags, runtime.env);
  await write(runtime.stdout, stringify(describeConfig(config)));
  return EXIT_CODES.ALL_WELL;
}
