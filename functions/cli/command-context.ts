import type { CliRuntime } from "./cli-runtime.ts";
import type { ExitCode } from "./exit-code.ts";

/** What a command runs with. */
export interface CommandContext {
  readonly runtime: CliRuntime;
  /** Called with the exit code of the command that ran. */
  readonly onDone: (exitCode: ExitCode) => void;
}
