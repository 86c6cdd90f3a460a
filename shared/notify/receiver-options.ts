import { createHash } from "node:crypto";

import { isLark } from "./receiver-address.ts";
import type { ReceiverType } from "./receiver.ts";

export const LANGUAGES = ["zh", "en"] as const;
export type Language = (typeof LANGUAGES)[number];

/** Who is called by name, so that the chat rings. */
export interface Mentions {
  readonly mobiles?: readonly string[];
  readonly userIds?: readonly string[];
  readonly everyone?: boolean;
}

/** How long an alert at an Alertmanager lasts where the schedule is not known: a few hourly runs. */
export const DEFAULT_VALID_FOR_MS = 4 * 3_600_000;

/** What the configuration says of one receiver. */
export interface ReceiverOptions {
  readonly type: ReceiverType;
  readonly url: string;
  /** @default the type, and the beginning of a hash of the address */
  readonly name?: string;
  /** Signs what is sent, where the type can sign. Several sign where the type takes several. */
  readonly secret?: string | readonly string[];
  /** @default Chinese for the vendors in China, else English */
  readonly language?: Language;
  /** Begins every message, where the vendor drops those without it. */
  readonly keyword?: string;
  readonly mentions?: Mentions;
  /**
   * Milliseconds that an alert at an Alertmanager lasts unless a run renews it.
   *
   * @default {@link DEFAULT_VALID_FOR_MS}
   */
  readonly validForMs?: number;
  /** Of every request, by name. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly basicAuth?: { readonly username: string; readonly password: string };
  readonly bearerToken?: string;
  /** Of every alert at an Alertmanager, by name. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Whether the address may be plain http beyond loopback. */
  readonly insecure?: boolean;
}

/** The secrets of a receiver; the first is the newest. */
export function secretsOf({ secret }: ReceiverOptions): readonly string[] {
  return secret === undefined ? [] : [secret].flat();
}

/** What a receiver is known by, in the state too: so it must not change while the address stays. */
export function receiverName({ type, url, name }: ReceiverOptions): string {
  return name ?? `${type}-${createHash("sha256").update(url).digest("hex").slice(0, 8)}`;
}

/** Says what is wrong with the name of a receiver, or null. */
export function problemOfReceiverName(name: string): string | null {
  return /^[\w-]{1,32}$/.test(name)
    ? null
    : "is not a name: write up to 32 letters, digits, - and _ (value not shown)";
}

/** The language of a receiver's messages. */
export function receiverLanguage({ type, url, language }: ReceiverOptions): Language {
  if (language !== undefined) return language;
  const inChina = type === "dingtalk" || type === "wecom" || type === "feishu";
  return inChina && !isLark(url) ? "zh" : "en";
}
