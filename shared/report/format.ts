import type { Report } from "../audit/report.ts";

export interface FormatOptions {
  /** Whether the reader shows ANSI colours. */
  readonly color: boolean;
}

/** Writes a report for a person or a program; the text ends with a line end. */
export type Format = (report: Report, options: FormatOptions) => string;
