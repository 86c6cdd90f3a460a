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

export interface LastKnown {
  /** Why the condition began; null where that is not known any more. @default null */
  readonly code?: string | null;
  /** False where the subject is still checked, and only this run has not read it. @default true */
  readonly isUnscoped?: boolean;
}

/** The finding made of a condition, where a run has none about the subject. */
export function lastKnownFinding(
  subject: Subject,
  condition: Condition,
  { code = null, isUnscoped = true }: LastKnown = {},
): Finding {
  const now = isUnscoped ? "It is no longer checked." : "It was not read in this run.";
  return {
    ...subjectOf(subject),
    status: STATUSES[condition],
    reason: {
      code: code ?? UNKNOWN_CODES[condition],
      message: `${now} ${LAST_READ[condition]}`,
    },
    evidence: NO_EVIDENCE,
  };
}
