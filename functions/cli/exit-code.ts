import type { Summary } from "../../shared/audit/report.ts";

/** The exit codes: a contract with the scripts that read them. */
export const EXIT_CODES = {
  ALL_WELL: 0,
  NON_COMPLIANT: 1,
  INCOMPLETE: 2,
  COULD_NOT_RUN: 3,
} as const;

export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES];

/** The exit code for what an audit found. */
export function exitCodeOf(summary: Summary): ExitCode {
  if (summary.nonCompliant > 0) return EXIT_CODES.NON_COMPLIANT;
  if (summary.insufficientData > 0) return EXIT_CODES.INCOMPLETE;
  return EXIT_CODES.ALL_WELL;
}
