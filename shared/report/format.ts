import type { Report } from "../audit/report.ts";
import type { RuleCard } from "../audit/rule-card.ts";

export interface FormatOptions {
  /** Whether the reader shows ANSI colours. */
  readonly color: boolean;
  /** What this version knows of rules; a report from elsewhere may be of another one. */
  readonly cards: readonly RuleCard[];
}

/** Writes a report for a person or a program; the text ends with a line end. */
export type Format = (report: Report, options: FormatOptions) => string;
