import type { Transport } from "../http/transport.ts";
import type { Language, Mentions, ReceiverSettings } from "./receiver-options.ts";
import type { Receiver } from "./receiver.ts";
import type { VendorDomain } from "./vendor-domain.ts";

/** Says what is wrong with a text, or null. Never quotes it: it may be a secret. */
export type ProblemOf = (text: string) => string | null;

/** An option of one type alone: a duration. */
export interface DurationOption {
  readonly kind: "duration";
  /** As written in a configuration, such as `1m`. */
  readonly shortest: string;
  readonly longest: string;
  /** Milliseconds, where it is left out. */
  readonly defaultMs: number;
}

/** An option of one type alone: texts by name, all of them secrets. */
export interface TextsOption {
  readonly kind: "texts";
  readonly problemOfName: ProblemOf;
  readonly problemOfText: ProblemOf;
}

/** The options of one type alone, by their key in the configuration. */
export type OwnOptions = Readonly<Record<string, DurationOption | TextsOption>>;

/** What such options are configured as: a duration `key` is in milliseconds, as `keyMs`. */
export type OwnSettings<O extends OwnOptions> = {
  readonly [
    K in keyof O & string as O[K]["kind"] extends "duration" ? `${K}Ms` : K
  ]?: O[K]["kind"] extends "duration" ? number : Readonly<Record<string, string>>;
};

/**
 * Everything about one type of receiver that only this type knows: configuration, checks, address
 * inference and creation all go by it. What is left out the type does not support; configuring it
 * is an error, since it would have no effect.
 */
export interface ReceiverDescriptor {
  /** Its name in a configuration. */
  readonly type: string;
  /** What messages call one, with its article. */
  readonly called: string;
  /** The vendor's hosts. Every type also allows the user's own host. */
  readonly domains?: readonly VendorDomain[];
  /** The default language of its messages; left out where people do not read them. */
  readonly language?: Language;
  /** How its messages are signed. */
  readonly signature?: {
    readonly problemOfSecret: ProblemOf;
    /** Whether several secrets may sign at once. */
    readonly takesSeveralSecrets: boolean;
  };
  /** The kinds of mention that it has. */
  readonly mentions?: readonly (keyof Mentions)[];
  /** Whether people read it in a chat, which may drop messages without a keyword. */
  readonly isChat?: boolean;
  /** Whether it is the user's own server, which may need authentication and headers, or have no TLS. */
  readonly isOwnServer?: boolean;
  readonly ownOptions?: OwnOptions;
  /** Creates a receiver of the type, which sends through the transport. */
  readonly create: (settings: ReceiverSettings, transport: Transport) => Receiver;
}
