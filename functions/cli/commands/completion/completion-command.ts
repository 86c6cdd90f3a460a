import type { Command } from "commander";

import { ConfigError } from "../../../../shared/audit/run-error.ts";
import { nearestWord } from "../../../../shared/text/nearest-word.ts";
import { type CliRuntime, write } from "../../cli-runtime.ts";
import { EXIT_CODES, type ExitCode } from "../../exit-code.ts";
import { bashScript } from "./bash-script.ts";
import { completedCommand } from "./completed-command.ts";
import { fishScript } from "./fish-script.ts";
import { COMPLETION_SETUP, type Shell, SHELLS } from "./shells.ts";
import { zshScript } from "./zsh-script.ts";

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript } as const satisfies Record<
  Shell,
  unknown
>;

/**
 * Prints the script that completes the command line in a shell. The script has all words in it: completing starts no
 * process of ours.
 *
 * @throws {@link ConfigError} where there is no script for the shell, or none is named
 */
export async function runCompletionCommand(
  shell: string | undefined,
  program: Command,
  runtime: CliRuntime,
): Promise<ExitCode> {
  const known = SHELLS.find((each) => each === shell);
  if (known === undefined) throw new ConfigError([problemOf(shell)]);
  await write(runtime.stdout, SCRIPTS[known](completedCommand(program)));
  return EXIT_CODES.ALL_WELL;
}

/** The word is not repeated: it may be anything. */
function problemOf(shell: string | undefined): string {
  if (shell === undefined) return `completion: name the shell.\n${COMPLETION_SETUP}`;
  const meant = nearestWord(shell, SHELLS);
  return `completion: there is none for that shell: those known are ${SHELLS.join(", ")}${meant === null ? "" : `. Did you mean ${meant}?`}`;
}
