import { stripVTControlCharacters } from "node:util";

import type { Environment } from "../shared/environment.ts";

const MASK = "***";
/** Names under which keys and passwords are kept, Serverless Devs' own and anybody's. */
const SECRET_NAME = /access_?key|secret|token|password|_serverless_devs_key$/i;
const ADDRESS_NAME = /^FLOWLOG_GUARD_(WEBHOOK|HEARTBEAT)_/;
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
    secretNames.includes(name) || ADDRESS_NAME.test(name) || SECRET_NAME.test(name);
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
    const secret = firstSecretName(plain, isSecret);
    if (secret !== null) {
      // Its value may stand behind it, however it is written, or in the lines below.
      const rest = plain.slice(secret.end);
      if (/^[\s"'\\]*[:=]?[>]?\s*([|>][+-]?\d*)?\s*$/.test(rest)) blockIndent = indent;
      return `${values.reduce((text, value) => text.replaceAll(value, MASK), plain.slice(0, secret.end))}: ${MASK}`;
    }
    if (!values.some((value) => plain.includes(value))) return line;
    return values.reduce((text, value) => text.replaceAll(value, MASK), plain);
  };
}

/** Where the first name of a secret ends that is followed by what may be its value. */
function firstSecretName(
  line: string,
  isSecret: (name: string) => boolean,
): { readonly end: number } | null {
  for (const match of line.matchAll(/[A-Za-z_][\w.-]*(?=["'\\]*\s*[:=,])/g)) {
    const [name] = match;
    if (isSecret(name)) return { end: match.index + name.length };
  }
  return null;
}

/** A value as it is, as others may write it, and what is in it: lines, and the texts of an object. */
function formsOf(value: string): string[] {
  const lines = value.split("\n").map((line) => line.trim());
  const parts = [value, ...lines, ...textsIn(value)].flatMap((part) => [part, ...partsOfUrl(part)]);
  const forms = parts.flatMap((part) => [
    part,
    JSON.stringify(part).slice(1, -1),
    // As Go writes it.
    JSON.stringify(part)
      .slice(1, -1)
      .replaceAll(/[&<>]/g, (mark) => `\\u00${mark.charCodeAt(0).toString(16)}`),
    encodeURIComponent(part),
    Buffer.from(part).toString("base64"),
  ]);
  return [...new Set(forms)];
}

/** An address without its host, as a log of requests has it; a bare "/" says nothing. */
function partsOfUrl(text: string): string[] {
  if (!URL.canParse(text)) return [];
  const { pathname, search } = new URL(text);
  return [`${pathname}${search}`, pathname, search.slice(1)];
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
