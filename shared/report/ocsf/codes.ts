import type { Status } from "../../audit/finding.ts";
import type { Severity } from "../../audit/rule-card.ts";

/** A number of an enumeration, and its caption. */
export interface Code {
  readonly id: number;
  readonly caption: string;
}

/**
 * What was observed, as `compliance.status_id`. What could not be read is Unknown, and never Warning: a
 * warning is a weak yes. IGNORED is no observation, and of a finding whose observation is not known.
 */
export const COMPLIANCE_STATUSES: Readonly<Record<Status, Code>> = {
  COMPLIANT: { id: 1, caption: "Pass" },
  NON_COMPLIANT: { id: 3, caption: "Fail" },
  INSUFFICIENT_DATA: { id: 0, caption: "Unknown" },
  NOT_APPLICABLE: { id: 99, caption: "Not Applicable" },
  IGNORED: { id: 0, caption: "Unknown" },
};

/** Of a failure, by the severity of its rule. */
const SEVERITIES: Readonly<Record<Severity, Code>> = {
  critical: { id: 5, caption: "Critical" },
  high: { id: 4, caption: "High" },
  medium: { id: 3, caption: "Medium" },
  low: { id: 2, caption: "Low" },
};
const UNKNOWN: Code = { id: 0, caption: "Unknown" };
const INFORMATIONAL: Code = { id: 1, caption: "Informational" };

/**
 * How bad an event is: a failure as bad as its rule says, and what could not be read is not known.
 *
 * @param observed - what the finding is, or would be without an exemption
 * @param severity - undefined where the report does not describe the rule
 */
export function severityCode(observed: Status, severity: Severity | undefined): Code {
  if (observed === "COMPLIANT" || observed === "NOT_APPLICABLE") return INFORMATIONAL;
  if (observed !== "NON_COMPLIANT" || severity === undefined) return UNKNOWN;
  return SEVERITIES[severity];
}

/** The status of the event itself. An exemption suppresses it; nothing here knows whether anybody works on it. */
export function eventStatus(status: Status): Code {
  return status === "IGNORED" ? { id: 3, caption: "Suppressed" } : { id: 1, caption: "New" };
}
