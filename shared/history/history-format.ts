import type { RuleCard } from "../audit/rule-card.ts";
import type { ReportLanguage } from "../report/words/report-words.ts";
import type { History } from "./history.ts";

/** What a history is rendered with. */
export interface HistoryOptions {
  /** The address of the evidence, as it is shown to people. */
  readonly evidence: string;
  /** When the history was made: ISO 8601, UTC. */
  readonly madeAt: string;
  /** The cards of all rules in it. */
  readonly cards: readonly RuleCard[];
  /** Whether the reader shows ANSI colours. */
  readonly color: boolean;
  /** Whether the reader shows characters beyond ASCII; other formats than tables ignore it. @default true */
  readonly showsUnicode?: boolean;
  /**
   * The language of the reader. A format for programs ignores it; a page has both, and shows this one
   * first. @default English; of a page, the one that the browser prefers
   */
  readonly language?: ReportLanguage;
  /** The width of the reader's terminal, in characters; null where lines may have any length. */
  readonly columns: number | null;
}

/** A way to write a history for a person or a program. */
export interface HistoryFormat {
  /** Of a file in this format, without the dot before it. */
  readonly extension: string;
  /** Whether people read it in their language; left out of a format for programs. */
  readonly hasLanguages?: true;
  /** Writes a history; the text ends with a line end. */
  readonly render: (history: History, options: HistoryOptions) => string | Promise<string>;
}
