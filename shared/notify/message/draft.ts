import type { Change } from "../../alerts/alert.ts";

/** A piece of a line, before a chat's own way of writing it. */
export type Span =
  /** Ours: it holds nothing that a chat would act on. */
  | { readonly kind: "words"; readonly text: string }
  /** From outside: cleaned, and to be escaped. */
  | { readonly kind: "outside" | "strong" | "code"; readonly text: string }
  /** The words are ours; what is from outside in the address is percent-encoded. */
  | { readonly kind: "link"; readonly text: string; readonly url: string };

export type Line = readonly Span[];

/** What no message is split within. */
export type Block = Paragraph | ListEntry;

interface BlockBase {
  /** The changes that it tells. */
  readonly covers: readonly Change[];
  /** How many regions it is about. */
  readonly regions: number;
}

/** Lines that stand together. */
export interface Paragraph extends BlockBase {
  readonly kind: "paragraph";
  /** Written when it is asked for: of thousands of regions, five messages hold few. */
  lines(): readonly Line[];
}

/** One region of a list. Entries of one list that share a message become one paragraph. */
export interface ListEntry extends BlockBase {
  readonly kind: "entry";
  readonly list: RegionList;
  readonly entry: Line;
}

/** What is said once of many regions. */
export interface RegionList {
  /** Writes the paragraph of the entries that share a message. */
  lines(entries: readonly Line[]): readonly Line[];
}

/** How bad it is: for the colour. */
export type Tone = "bad" | "doubtful" | "good" | "neutral";

/** What there is to say, before it is cut to a chat's size and written its way. */
export interface Draft {
  /** Stands in every message: constant, so that a keyword rule lets all of them pass. */
  readonly keyword: string;
  readonly verdict: string;
  readonly tone: Tone;
  /** Whether somebody has to look, so that whoever is mentioned is called. */
  readonly calls: boolean;
  readonly blocks: readonly Block[];
  /** Ends the last message, whatever else is left out of it. */
  readonly closing: readonly Line[];
}

/** One message's share of a draft. */
export interface Part {
  readonly keyword: string;
  /** With the part's number where there are several. Holds no mark of any chat. */
  readonly verdict: string;
  /** The verdict, and after it the keyword: a phone shows only how a title begins. */
  readonly title: string;
  readonly tone: Tone;
  /** Only the first part calls. */
  readonly calls: boolean;
  /** What stands together, closing lines included. */
  readonly blocks: readonly (readonly Line[])[];
  readonly covers: readonly Change[];
  /** From 1. */
  readonly number: number;
}
