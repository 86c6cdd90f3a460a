import type { Status } from "../audit/finding.ts";
import type { Report } from "../audit/report.ts";
import type { RuleCard } from "../audit/rule-card.ts";
import type { WayToAsk } from "./not-asked.ts";
import type { ReportWords } from "./words/report-words.ts";

export interface RenderOptions {
  /** Whether the reader shows ANSI colours. */
  readonly color: boolean;
  /** Whether the reader shows characters beyond ASCII; other formats than tables ignore it. @default true */
  readonly showsUnicode?: boolean;
  /**
   * The words of the reader's language. A format for programs ignores them; a page has both languages, and
   * shows that of the words first. @default English; of a page, the language that the browser prefers
   */
  readonly words?: ReportWords;
  /** What this version knows of rules; a report from elsewhere may be of another version. */
  readonly cards: readonly RuleCard[];
  /**
   * The width of the reader's terminal, in characters; null where lines may have any length, as in a
   * file or a pipe. @default null
   */
  readonly columns?: number | null;
  /** The statuses of the findings to show; null for all. A format for programs ignores it. @default null */
  readonly only?: readonly Status[] | null;
  /**
   * How the reader asks for the rules that were not chosen; null where that is not to be said. A format
   * for programs ignores it. @default "parameter"
   */
  readonly wayToAsk?: WayToAsk | null;
  /**
   * How many bytes the text may have; null for any number. A format that has no way to say what it left
   * out ignores it. @default null
   */
  readonly maxBytes?: number | null;
  /** What has a series of its own in metrics; other formats ignore it. @default "finding" */
  readonly metricsBy?: MetricsBy;
}

/** Whether metrics have series for each finding, or only for each account and rule. */
export const METRICS_BY = ["finding", "account"] as const;
export type MetricsBy = (typeof METRICS_BY)[number];

/** A way to write a report for a person or a program. */
export interface Format {
  /** Value of the HTTP header Content-Type. */
  readonly contentType: string;
  /** Of a file in this format, without the dot before it; it may have one in it. */
  readonly extension: string;
  /** Whether people read it in their language; left out of a format for programs. */
  readonly hasLanguages?: true;
  /** Writes a report; the text ends with a line end. A promise where what it needs loads on first use. */
  readonly render: (report: Report, options: RenderOptions) => string | Promise<string>;
}
