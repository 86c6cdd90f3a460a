import { type Finding, NO_EVIDENCE } from "../audit/finding.ts";
import { type Subject, subjectOf } from "../audit/subject.ts";
import type { Condition } from "./alert.ts";

const STATUSES = { open: "NON_COMPLIANT", unreadable: "INSUFFICIENT_DATA" } as const;

const LAST_READ = {
  open: "It was not compliant when it was last read.",
  unreadable: "It could not be read when it last was.",
} as const;

/** Codes for a condition whose code is not in the state. */
const UNKNOWN_CODES = { open: "NON_COMPLIANT", unreadable: "SERVICE_ERROR" } as const;

/**
 * The finding that stands for a condition whose subject is no longer checked.
 *
 * @param code - why the condition began; null where that is not known any more
 */
export function lastKnownFinding(
  subject: Subject,
  condition: Condition,
  code: string | null = null,
): Finding {
  return {
    ...subjectOf(subject),
    status: STATUSES[condition],
    reason: {
      code: code ?? UNKNOWN_CODES[condition],
      message: `It is no longer checked. ${LAST_READ[condition]}`,
    },
    evidence: NO_EVIDENCE,
  };
}
