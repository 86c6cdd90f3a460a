import type { Severity } from "../../audit/rule-card.ts";

/** Levels of a result that is a problem. */
export type Level = "error" | "warning" | "note";

/** How bad a result of a rule is, in SARIF's terms. */
export const LEVELS: Readonly<Record<Severity, Level>> = {
  critical: "error",
  high: "error",
  medium: "warning",
  low: "note",
};

/**
 * How bad it is, in GitHub's terms: above 9.0 is critical, from 7.0 high, from 4.0 medium.
 *
 * @see https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning#reportingdescriptor-object
 */
export const SECURITY_SEVERITIES: Readonly<Record<Severity, string>> = {
  critical: "9.5",
  high: "8.0",
  medium: "5.5",
  low: "2.0",
};
