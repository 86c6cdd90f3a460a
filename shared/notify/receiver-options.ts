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
 * address, so it changes only with the address.
 */
export function receiverName({
  type,
  url,
  name,
}: Pick<CommonOptions, "url" | "name"> & { readonly type: string }): string {
  return name ?? `${type}-${createHash("sha256").update(url).digest("hex").slice(0, 8)}`;
}

/** Says what is wrong with the name of a receiver, or null. */
export function problemOfReceiverName(name: string): string | null {
  return /^[\w-]{1,32}$/.test(name)
    ? null
    : "is not a name: write up to 32 letters, digits, - and _ (value not shown)";
}
