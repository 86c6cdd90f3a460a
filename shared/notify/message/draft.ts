import type { Change } from "../../audit/alert.ts";

/** A piece of a line, before a chat's own way of writing it. */
export type Span =
  /** Ours: it holds nothing that a chat would act on. */
  | { readonly kind: "words"; readonly text: string }
  /** From outside: cleaned, and to be escaped. */
  | { readonly kind: "outside" | "strong" | "code"; readonly text: string }
  /** The words are ours; what is from outside in the address is percent-encoded. */
  | { readonly kind: "link"; readonly text: string; readonly url: string };

export type Line = readonly Span[];

/** Lines that stand together, and that no message is split between. */
export interface Block {
  /** Written when it is asked for: of thousands of regions, five messages hold few. */
  lines(): readonly Line[];
  /** The news that it tells. */
  readonly covers: readonly Change[];
  /** How many regions it is about. */
  readonly regions: number;
}

/** How bad it is: for the colour. */
export type Tone = "bad" | "doubtful" | "good" | "neutral";

/** What there is to say, before it is cut to a chat's size and written its way. */
export interface Draft {
  /** Begins every message: constant, so that a keyword rule lets all of them pass. */
  readonly prefix: string;
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
  readonly prefix: string;
  /** With the prefix, and the part's number where there are several. */
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
