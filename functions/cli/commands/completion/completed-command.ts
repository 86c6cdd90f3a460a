import type { Command, Option } from "commander";

import { WORDS as RULE_WORDS } from "../../../../shared/config/rules.ts";
import { STATUSES_WORST_FIRST } from "../../../../shared/report/status-order.ts";

/** What a shell offers for the value of a flag. Nothing, where the value is free text. */
export type Offer =
  | { readonly kind: "nothing" }
  | { readonly kind: "file" }
  | { readonly kind: "profile" }
  | { readonly kind: "words"; readonly words: readonly string[]; readonly isList: boolean };

/** A flag, as a completion has it. */
export interface CompletedFlag {
  readonly short: string | undefined;
  readonly long: string;
  readonly description: string;
  /** Null where the flag has no value. */
  readonly value: Offer | null;
  readonly isRepeatable: boolean;
}

/** A command, as a completion has it. */
export interface CompletedCommand {
  /** The words after the program's name; none for the program itself. */
  readonly path: readonly string[];
  readonly description: string;
  readonly flags: readonly CompletedFlag[];
  readonly commands: readonly CompletedCommand[];
  /** Known words that follow the command. */
  readonly words: readonly string[];
}

/** Flags with values that commander does not know. All others with choices are read from the program. */
const OFFERS: ReadonlyMap<string, Offer> = new Map<string, Offer>([
  ["--config", { kind: "file" }],
  ["--output", { kind: "file" }],
  ["--profile", { kind: "profile" }],
  ["--rules", { kind: "words", words: RULE_WORDS, isList: true }],
  ["--only", { kind: "words", words: STATUSES_WORST_FIRST, isList: true }],
]);

const MAX_DESCRIPTION = 72;
/** What needs no quotes in any shell. */
const PLAIN = /^[A-Za-z0-9_.:*-]+$/;

/** Reads what can be completed from a program and the commands below it. */
export function completedCommand(command: Command, path: readonly string[] = []): CompletedCommand {
  const all = command.commands.map((child) => completedCommand(child, [...path, child.name()]));
  const isHelp = (each: CompletedCommand): boolean => each.path.at(-1) === "help";
  const names = all.filter((each) => !isHelp(each)).map((each) => String(each.path.at(-1)));
  const commands = all.map((each) => (isHelp(each) ? { ...each, words: names } : each));
  return {
    path,
    description: shortened(command.description()),
    flags: [
      ...command.options.filter(({ hidden }) => !hidden).map(completedFlag),
      {
        short: "-h",
        long: "--help",
        description: "display help for command",
        value: null,
        isRepeatable: false,
      },
    ],
    commands,
    words: command.registeredArguments.flatMap(({ argChoices = [] }) => argChoices.map(plain)),
  };
}

/** A command and all below it. */
export function withAllBelow(command: CompletedCommand): CompletedCommand[] {
  return [command, ...command.commands.flatMap(withAllBelow)];
}

function completedFlag(option: Option): CompletedFlag {
  const { short, long, description, argChoices, parseArg } = option;
  const takesValue = option.required || option.optional;
  return {
    short,
    long: plain(String(long)),
    description: shortened(description),
    value: takesValue ? offerOf(String(long), argChoices) : null,
    isRepeatable: argChoices === undefined && parseArg !== undefined,
  };
}

function offerOf(long: string, choices: readonly string[] | undefined): Offer {
  const offer: Offer =
    choices === undefined
      ? (OFFERS.get(long) ?? { kind: "nothing" })
      : { kind: "words", words: choices, isList: false };
  if (offer.kind === "words") offer.words.forEach(plain);
  return offer;
}

/** @throws `Error` for a word of the program that a script would have to quote */
function plain(word: string): string {
  if (!PLAIN.test(word)) throw new Error("a word of the program needs quotes in a shell");
  return word;
}

/** The first clause of a help text, in characters that mean nothing to a shell. */
function shortened(text: string): string {
  const [clause = ""] = text.split(/[;(:]|, such as| \{|\. /, 1);
  const clean = clause.replaceAll(/[^\w ,.%/-]/g, "").trim();
  return clean.length <= MAX_DESCRIPTION
    ? clean
    : `${clean.slice(0, MAX_DESCRIPTION).replace(/[ ,]+\S*$/, "")}...`;
}
