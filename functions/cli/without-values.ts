import type { Command } from "commander";

import { isSafeToEcho } from "../../shared/text/safe-to-echo.ts";

/** What was typed, up to the last quote: quotes and line ends may be part of it. */
const TYPED = /(?<=unknown (?:option|command) |argument )'(.*)'/s;

/**
 * Commander's message for wrong usage, as ours. A flag's value or a stray argument may be an address
 * or a key: only what is nearly a word of the program is repeated.
 */
export function withoutValues(text: string, program: Command): string {
  const known = wordsOf(program);
  return text.replace(/^error: /, "flowlog-guard: ").replace(TYPED, (_quoted, typed: string) => {
    const shown = /^--[a-z-]{1,16}(?==)/.exec(typed)?.[0] ?? typed;
    return isSafeToEcho(shown, known) ? `'${shown}'` : "(value not shown)";
  });
}

/** What can be typed, values aside. */
function wordsOf(command: Command): string[] {
  return [
    ...command.options.flatMap(({ short, long, argChoices = [] }) => [
      ...[short, long].filter((flag) => flag !== undefined),
      ...argChoices,
    ]),
    ...command.commands.flatMap((child) => [child.name(), ...wordsOf(child)]),
  ];
}
