import type { Condition } from "./alert.ts";
import { type Finding, NO_EVIDENCE, type Reason, type Status } from "../audit/finding.ts";
import { type Subject, subjectOf } from "../audit/subject.ts";

/** No receiver shows the codes: which one it was is not kept once a thing has left the scope. */
const LAST_KNOWN: Readonly<
  Record<Condition, { readonly status: Status; readonly reason: Reason }>
> = {
  open: {
    status: "NON_COMPLIANT",
    reason: {
      code: "NOT_ACTIVATED",
      message: "It is no longer checked. It was not compliant when it was last read.",
    },
  },
  unreadable: {
    status: "INSUFFICIENT_DATA",
    reason: {
      code: "SERVICE_ERROR",
      message: "It is no longer checked. It could not be read when it last was.",
    },
  },
};

/**
 * Stands for what a run would have found of something that it does not look at any more: what a
 * condition that receivers were told of says of it.
 */
export function lastKnownFinding(entry: Subject, condition: Condition): Finding {
  return {
    ...subjectOf(entry),
    ...LAST_KNOWN[condition],
    evidence: NO_EVIDENCE,
  };
}
