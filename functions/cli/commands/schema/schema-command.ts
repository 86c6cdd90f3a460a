import { configJsonSchema } from "../../../../shared/config/json-schema.ts";
import { type CliRuntime, write } from "../../cli-runtime.ts";
import { EXIT_CODES, type ExitCode } from "../../exit-code.ts";

/** Prints the JSON schema of the configuration file, for editors and checks. */
export async function runSchemaCommand(runtime: CliRuntime): Promise<ExitCode> {
  await write(runtime.stdout, `${JSON.stringify(configJsonSchema(), null, 2)}\n`);
  return EXIT_CODES.ALL_WELL;
}
