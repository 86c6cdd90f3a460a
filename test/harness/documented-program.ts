import process from "node:process";

import type { Command } from "commander";

import { createProgram } from "../../functions/cli/program.ts";

/** The whole command line, to look at and to parse with; its commands run nothing. */
export function documentedProgram(): Command {
  const { stdout, stderr } = process;
  const stopRequested = async (): Promise<void> => {};
  const runtime = { argv: [], env: {}, stdout, stderr, clock: () => new Date(), stopRequested };
  const program = createProgram(runtime, () => {});
  for (const command of [program, ...descendantsOf(program)]) {
    command.configureOutput({ writeOut() {}, writeErr() {}, outputError() {} });
    if (command.commands.length === 0) command.action(() => {});
  }
  return program;
}

/** Every command below a command, its groups included. */
export function descendantsOf(command: Command): Command[] {
  return command.commands.flatMap((child) => [child, ...descendantsOf(child)]);
}

/** The words that call a command, without the program's name: `alert test`. */
export function wordsOf(command: Command): string {
  const { parent } = command;
  return parent?.parent ? `${wordsOf(parent)} ${command.name()}` : command.name();
}
