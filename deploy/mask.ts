import { stripVTControlCharacters } from "node:util";

import type { Environment } from "../shared/environment.ts";

const MASK = "***";
/** Names under which keys and passwords are kept, Serverless Devs' own and anybody's. */
const SECRET_NAME = /access_?key|secret|token|password|_serverless_devs_key$/i;
const WEBHOOK_NAME = /^FLOWLOG_GUARD_WEBHOOK_/;
/** Shorter ones, such as "true" and "unset", stand everywhere; they are hidden by their name only. */
const MIN_SECRET_LENGTH = 6;

/**
 * Makes what hides secrets in the lines that a tool prints: every value that is one, wherever it
 * stands, and whatever stands behind a name that holds one. The latter is for what is deployed
 * already, which a tool shows when it differs from what is new, and which nobody here knows.
 *
 * @param env - the whole environment
 * @param secretNames - names of variables that hold a secret, beside those that look like it
 */
export function createMask(env: Environment, secretNames: readonly string[]) {
  const isSecret = (name: string): boolean =>
    secretNames.includes(name) || WEBHOOK_NAME.test(name) || SECRET_NAME.test(name);
  const values = Object.entries(env)
    .filter(([name]) => isSecret(name))
    .flatMap(([, value = ""]) => formsOf(value))
    .filter((value) => value.length >= MIN_SECRET_LENGTH)
    // A secret that begins as another one does is hidden to its end.
    .toSorted((a, b) => b.length - a.length);
  /** The indentation of a name whose value stands in the lines below it. */
  let blockIndent: number | null = null;

  /** @returns the line as it may be shown, or null for one that holds nothing but a secret */
  return (line: string): string | null => {
    const plain = stripVTControlCharacters(line);
    // What marks a line of a difference stands before the indentation.
    const indent = /^[+-]?\s*/.exec(plain)?.[0].length ?? 0;
    if (blockIndent !== null) {
      if (plain.trim() === "" || indent > blockIndent) return null;
      blockIndent = null;
    }
    const named = /^([^:=]*?["']?([\w.-]+)["']?\s*[:=]+>?)\s*(.*)$/.exec(plain);
    const [, head, name = "", rest = ""] = named ?? [];
    if (head !== undefined && isSecret(name)) {
      if (/^[|>][+-]?\d*$/.test(rest)) blockIndent = indent;
      return `${head} ${MASK}`;
    }
    const inline = plain.replaceAll(
      /(["']?)(\w+)\1(\s*[:=]\s*)("(?:[^"\\]|\\.)*"|'[^']*'|(?![{[])[^\s,}]+)/g,
      (pair, quote: string, name: string, between: string) =>
        isSecret(name) ? `${quote}${name}${quote}${between}${MASK}` : pair,
    );
    const changed = inline !== plain || values.some((value) => plain.includes(value));
    if (!changed) return line;
    return values.reduce((text, value) => text.replaceAll(value, MASK), inline);
  };
}

/** A value as it is, as others may write it, and what is in it: lines, and the texts of an object. */
function formsOf(value: string): string[] {
  const parts = [value, ...value.split("\n").map((line) => line.trim()), ...textsIn(value)];
  const forms = parts.flatMap((part) => [
    part,
    JSON.stringify(part).slice(1, -1),
    encodeURIComponent(part),
    Buffer.from(part).toString("base64"),
  ]);
  return [...new Set(forms)];
}

function textsIn(value: string): string[] {
  try {
    const parsed: unknown = JSON.parse(value);
    if (typeof parsed !== "object" || parsed === null) return [];
    return Object.entries(parsed).flatMap(([name, entry]) =>
      typeof entry === "string" && name !== "AccountID" ? [entry] : [],
    );
  } catch {
    return [];
  }
}
