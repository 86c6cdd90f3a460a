import type { Report } from "../audit/report.ts";
import type { RuleCard } from "../audit/rule-card.ts";

export interface RenderOptions {
  /** Whether the reader shows ANSI colours. */
  readonly color: boolean;
  /** What this version knows of rules; a report from elsewhere may be of another version. */
  readonly cards: readonly RuleCard[];
}

/** A way to write a report for a person or a program. */
export interface Format {
  /** Value of the HTTP header Content-Type. */
  readonly contentType: string;
  /** Of a file in this format, without the dot. */
  readonly extension: string;
  /** Writes a report; the text ends with a line end. */
  readonly render: (report: Report, options: RenderOptions) => string;
}
