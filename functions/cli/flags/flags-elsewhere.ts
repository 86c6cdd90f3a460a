import type { Command } from "commander";

import { editDistance } from "../../../shared/text/edit-distance.ts";
import { nearestWord } from "../../../shared/text/nearest-word.ts";

const SUGGESTION = /\n?\(Did you mean (--[a-z-]+)\?\)/;
/** What every command has: commander suggests them for want of better ones. */
const OF_ALL = ["--version", "--help"];

/**
 * Corrects commander's suggestion for an unknown flag. It knows those of one command only, so for a flag of other
 * commands it suggests none, or `--version` for `--region`.
 *
 * @param text - commander's message
 */
export function withFlagsElsewhere(text: string, program: Command): string {
  const typed = /unknown option '(--[A-Za-z-]{1,32})/.exec(text)?.[1];
  const suggested = SUGGESTION.exec(text)?.[1];
  if (typed === undefined || (suggested !== undefined && !OF_ALL.includes(suggested))) return text;
  const commands = commandsBelow(program);
  const meant = flagMeantBy(typed, commands);
  if (meant === null || OF_ALL.includes(meant)) return text;
  const names = commands.flatMap(({ name, command }) =>
    flagsOf(command).includes(meant) ? [name] : [],
  );
  const elsewhere = `(${meant} is a flag of ${names.join(", ")}.)`;
  return `${text.replace(SUGGESTION, "").trimEnd()}\n${elsewhere}\n`;
}

/** Of flags with at most one letter more or less, the one that most commands have; else the nearest. */
function flagMeantBy(typed: string, commands: readonly NamedCommand[]): string | null {
  const flags = [...OF_ALL, ...commands.flatMap(({ command }) => flagsOf(command))];
  const near = flags.filter((flag) => editDistance(typed, flag) <= 1);
  const count = (flag: string): number => near.filter((other) => other === flag).length;
  return near.toSorted((a, b) => count(b) - count(a))[0] ?? nearestWord(typed, flags);
}

interface NamedCommand {
  /** With those above it, as a user types them. */
  readonly name: string;
  readonly command: Command;
}

function commandsBelow(group: Command, before = ""): NamedCommand[] {
  return group.commands.flatMap((command) => {
    const name = `${before}${command.name()}`;
    return [{ name, command }, ...commandsBelow(command, `${name} `)];
  });
}

function flagsOf({ options }: Command): string[] {
  return options.flatMap(({ long, hidden }) => (long && !hidden ? [long] : []));
}
