import * as v from "valibot";

import { editDistance } from "../text/edit-distance.ts";
import { nearestWord } from "../text/nearest-word.ts";
import { isSafeToEcho } from "../text/safe-to-echo.ts";
import { parseDuration } from "./duration.ts";

/**
 * Quotes a value, with a space after it, if it is safe to echo; otherwise the empty text.
 *
 * @param known - the words that are valid there, so that near misses of them are safe
 */
export function quote(value: unknown, known: readonly string[] = []): string {
  return typeof value === "string" && isSafeToEcho(value, known) ? `"${value}" ` : "";
}

/** The question whether a word was meant by a value; null where none has at most two typing mistakes. */
export function suggestion(value: unknown, words: readonly string[]): string | null {
  const text = String(value);
  const meant = nearestWord(text, words);
  return meant !== null && editDistance(text.toLowerCase(), meant.toLowerCase()) <= 2
    ? `did you mean ${meant}?`
    : null;
}

/** The message for a value that is none of the words. It does not repeat the value. */
export function oneOf(words: readonly string[]): (issue: { readonly input: unknown }) => string {
  return ({ input }) => {
    const meant = suggestion(input, words);
    return `must be one of ${words.join(", ")}${meant === null ? "" : `: ${meant}`}`;
  };
}

/** The entries of a comma-separated list; empty text is an empty list. */
export function splitList(text: string): string[] {
  return text.trim() === "" ? [] : text.split(",").map((entry) => entry.trim());
}

/** Whether a value is an object and not a list. */
export function isKeyed(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * An object with these keys and no others.
 *
 * @param renamed - former keys, each with its present key: to use one is an error that names the
 *   present one
 */
export function keysOf<E extends v.ObjectEntries>(
  entries: E,
  renamed: Readonly<Record<string, keyof E & string>> = {},
) {
  const known = `those known here are ${Object.keys(entries).join(", ")}`;
  const message = `must be a set of keys and values: ${known}`;
  return v.pipe(
    v.custom<object>(isKeyed, message),
    v.strictObject(entries, ({ expected, received }) => {
      if (expected === "never") {
        const newName = Object.entries(renamed).find(([old]) => received === `"${old}"`)?.[1];
        if (newName !== undefined) return `is now called ${newName}: rename it`;
        return `is not a known key: ${suggestion(received.slice(1, -1), Object.keys(entries)) ?? known}`;
      }
      return received === "undefined" ? "is missing" : message;
    }),
  );
}

/**
 * The same values without those that are undefined: to a schema an absent key and an undefined value
 * are not the same.
 */
export function withoutUndefined(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

/** Text that passes a check, which returns what is wrong with it, or null. */
export function textWithout(problemOf: (text: string) => string | null) {
  return v.pipe(
    v.string("must be text"),
    v.rawCheck(({ dataset, addIssue }) => {
      const problem = dataset.typed ? problemOf(dataset.value) : null;
      if (problem !== null) addIssue({ message: problem });
    }),
    v.metadata({ checkedBy: problemOf }),
  );
}

/** Text that a function parses, or returns the problem with. */
export function textParsedBy<T extends object>(
  parse: (text: string) => T | { readonly problem: string },
) {
  return v.pipe(
    v.string("must be text"),
    v.rawTransform<string, T>(({ dataset, addIssue, NEVER }) => {
      const parsed = parse(dataset.value);
      if (!("problem" in parsed)) return parsed;
      addIssue({ message: parsed.problem });
      return NEVER;
    }),
    v.metadata({ checkedBy: parse }),
  );
}

/**
 * A duration such as `10s`, as milliseconds.
 *
 * @param shortest - as it is written in a configuration
 * @param longest - likewise
 */
export function durationBetween(shortest: string, longest: string) {
  const minMs = parseDuration(shortest) ?? 0;
  const maxMs = parseDuration(longest) ?? Infinity;
  return v.pipe(
    v.string('must be a duration such as "10s" or "5m"'),
    v.rawTransform<string, number>(({ dataset, addIssue, NEVER }) => {
      const durationMs = parseDuration(dataset.value);
      if (durationMs === null) {
        addIssue({
          message: `${quote(dataset.value)}is not a duration: ${durationMeantBy(dataset.value)}`,
        });
        return NEVER;
      }
      if (durationMs < minMs || durationMs > maxMs) {
        addIssue({
          message: `${quote(dataset.value)}is out of range: from ${shortest} to ${longest}`,
        });
        return NEVER;
      }
      return durationMs;
    }),
    v.metadata({ shortest, longest }),
  );
}

/** What to write in place of a duration in other words, such as `10 sec`. */
function durationMeantBy(text: string): string {
  const [, count, unit] =
    /^(\d+(?:\.\d+)?)\s*(ms|s|m(?!s|il|on)|h|d)[a-z]*$/.exec(text.trim().toLowerCase()) ?? [];
  return count === undefined
    ? "write for example 500ms, 10s or 5m"
    : `did you mean ${count}${unit}?`;
}

/** The message for what is no switch. YAML 1.2 has no other words for true and false. */
export function mustBeSwitch({ input }: { readonly input: unknown }): string {
  const word = String(input).toLowerCase();
  const meant = ["yes", "on", "true"].includes(word)
    ? ": did you mean true?"
    : ["no", "off", "false"].includes(word)
      ? ": did you mean false?"
      : "";
  return `must be true or false${meant}`;
}

/** A switch. */
export const trueOrFalse = v.boolean(mustBeSwitch);

/** A whole number from 1, also written as text. */
export function wholeNumberUpTo(max: number) {
  const range = `must be a whole number from 1 to ${max}`;
  return v.pipe(
    v.union([v.number(), v.pipe(v.string(), v.digits(), v.transform(Number))], range),
    v.integer(range),
    v.minValue(1, range),
    v.maxValue(max, range),
  );
}

/** A day of the calendar, such as `2027-03-31`. */
export const day = v.pipe(
  v.string('must be a day, such as "2027-03-31"'),
  v.check(isDay, "is not a day of the calendar: write it as 2027-03-31"),
);

/** Whether a text is a day of the calendar. */
export function isDay(text: string): boolean {
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : NaN;
  return !Number.isNaN(ms) && dayOf(ms) === text;
}

/** The day of a moment in UTC, such as `2027-03-31`. */
export function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
