import { createHash } from "node:crypto";

import type { Route } from "../audit/route.ts";

export const LANGUAGES = ["zh", "en"] as const;
export type Language = (typeof LANGUAGES)[number];

/** The users to mention, so that the chat notifies them. */
export interface Mentions {
  readonly mobiles?: readonly string[];
  readonly userIds?: readonly string[];
  readonly everyone?: boolean;
}

/** The options that several types of receiver share; each type has those that its descriptor names. */
export interface CommonOptions {
  readonly url: string;
  /** @default the type, and the beginning of a hash of the address */
  readonly name?: string;
  /** Signs what is sent, where the type can sign. Several sign where the type allows it. */
  readonly secret?: string | readonly string[];
  /** @default the language of the vendor's host, else that of the type */
  readonly language?: Language;
  /** Begins every message, where the vendor drops those without it. */
  readonly keyword?: string;
  readonly mentions?: Mentions;
  /** Headers that each request carries, by name. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly basicAuth?: { readonly username: string; readonly password: string };
  readonly bearerToken?: string;
  /** Whether the address may be plain http beyond loopback. */
  readonly insecure?: boolean;
  /** What it is sent. @default everything */
  readonly only?: Route;
}

/** What a receiver is created from: the options, with the defaults filled in. */
export interface ReceiverSettings extends CommonOptions {
  readonly type: string;
  readonly name: string;
  readonly language: Language;
}

/** The secrets of a receiver; the first is the newest. */
export function secretsOf({ secret }: CommonOptions): readonly string[] {
  return secret === undefined ? [] : [secret].flat();
}

/**
 * The name of a receiver in reports and in the state. Where none is configured it is derived from the
 * address, so it changes only with the address. Names that look alike because they differ in their Unicode
 * form only are the same one (NFC).
 */
export function receiverName({
  type,
  url,
  name,
}: Pick<CommonOptions, "url" | "name"> & { readonly type: string }): string {
  return (
    name?.normalize("NFC") ??
    `${type}-${createHash("sha256").update(url).digest("hex").slice(0, 8)}`
  );
}

/**
 * Letters, marks and digits of any script, and what names of teams have between them. No other space than
 * one U+0020 between two words, and nothing that is not seen, such as a zero-width joiner or a filler; nor
 * anything without which no address can be written: a name is shown, and an address is a secret.
 *
 * The source of a regular expression, which is made where there is a name: the sets of characters of a
 * literal take more than a millisecond of every cold start.
 */
export const RECEIVER_NAME = String.raw`^(?!.*\p{DI})(?=[\p{L}\p{N}_-])(?: ?[\p{L}\p{M}\p{N}_\-·()（）、]){1,32}$`;

/** Characters of a name, spaces included. */
const MAX_NAME = 32;

/** Says what is wrong with the name of a receiver, or null. */
export function problemOfReceiverName(name: string): string | null {
  const isWellFormed = new RegExp(RECEIVER_NAME, "u").test(name);
  return isWellFormed && Array.from(name.normalize("NFC")).length <= MAX_NAME
    ? null
    : `is not a name: write up to ${MAX_NAME} letters and digits of any script, - _ · ( ) and single spaces between them, with a letter or a digit first (value not shown)`;
}
