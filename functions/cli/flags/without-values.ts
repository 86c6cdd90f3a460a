import type { Command } from "commander";

import { isSafeToEcho } from "../../../shared/text/safe-to-echo.ts";

/** The argument in a message, up to the last quote: it can contain quotes and line ends itself. */
const TYPED = /(?<=unknown (?:option|command) |argument )'(.*)'/s;

/**
 * Converts commander's message for wrong usage. A flag's value or a surplus argument can be an address
 * or a key, so only near misses of the program's own words are repeated.
 */
export function withoutValues(text: string, program: Command): string {
  const known = wordsOf(program);
  return text.replace(/^error: /, "flowlog-guard: ").replace(TYPED, (_quoted, typed: string) => {
    const shown = /^--[a-z-]{1,16}(?==)/.exec(typed)?.[0] ?? typed;
    return isSafeToEcho(shown, known) ? `'${shown}'` : "(value not shown)";
  });
}

/** The names of flags, their choices, and the names of commands. */
function wordsOf(command: Command): string[] {
  return [
    ...command.options.flatMap(({ short, long, argChoices = [] }) => [
      ...[short, long].filter((flag) => flag !== undefined),
      ...argChoices,
    ]),
    ...command.commands.flatMap((child) => [child.name(), ...wordsOf(child)]),
  ];
}
