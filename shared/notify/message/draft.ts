import type { Change } from "../../alerts/alert.ts";
import type { Noun } from "../../audit/rule-card.ts";

/** A piece of a line, before it is written in a chat's markup. */
export type Span =
  /** Text of this program, without any chat's markup. */
  | { readonly kind: "words"; readonly text: string }
  /** Text from outside: cleaned, still to be escaped. */
  | { readonly kind: "outside" | "strong" | "code"; readonly text: string }
  /** Text of this program; what is from outside in the address is percent-encoded. */
  | { readonly kind: "link"; readonly text: string; readonly url: string };

export type Line = readonly Span[];

/** A part of a draft that no message is split within. */
export type Block = Paragraph | ListEntry;

/** The heading of blocks about one rule, repeated in each message with any of them. */
export interface Heading {
  readonly line: Line;
}

interface BlockBase {
  /** Null where the whole message is about one rule. */
  readonly heading: Heading | null;
  /** The changes that it says. */
  readonly covers: readonly Change[];
  /** How many subjects it is about. */
  readonly subjects: number;
  /** How its subjects are counted; null where they are of several kinds. */
  readonly noun: Noun | null;
  /** The account of all its subjects, where it stands for an account. */
  readonly accountId?: string;
}

/** Lines that are kept together. */
export interface Paragraph extends BlockBase {
  readonly kind: "paragraph";
  /** Written on demand: five messages have room for few of thousands of subjects. */
  lines(): readonly Line[];
}

/** One subject of a list. Entries of one list that share a message become one paragraph. */
export interface ListEntry extends BlockBase {
  readonly kind: "entry";
  readonly list: SubjectList;
  readonly entry: Line;
}

/** What many subjects have in common. */
export interface SubjectList {
  /** Writes the paragraph of the entries that share a message. */
  lines(entries: readonly Line[]): readonly Line[];
}

/** The severity of a message, for its colour. */
export type Tone = "bad" | "doubtful" | "good" | "neutral";

/** The content of a message, before it is split and written for a chat. */
export interface Draft {
  /** Part of every message, so that a robot's keyword rule accepts all of them. */
  readonly keyword: string;
  readonly headline: string;
  readonly tone: Tone;
  /** Whether the message needs attention, so that the mentioned users are called. */
  readonly calls: boolean;
  readonly blocks: readonly Block[];
  /** The end of the last message, whatever else is left out of it. */
  readonly closing: readonly Line[];
}

/** One message's share of a draft. */
export interface Part extends PartText {
  readonly covers: readonly Change[];
}

/** What one message says of a draft. */
export interface PartText {
  readonly keyword: string;
  /** With the part's number where there are several. Holds no mark of any chat. */
  readonly headline: string;
  /** The headline, then the keyword: a phone shows only the beginning of a title. */
  readonly title: string;
  readonly tone: Tone;
  /** Only the first part calls the mentioned users. */
  readonly calls: boolean;
  /** Lines that are kept together, closing lines included. */
  readonly blocks: readonly (readonly Line[])[];
  /** From 1. */
  readonly number: number;
  /** How many blocks no message has room for: of the last one only. */
  readonly leftOut: number;
}
