import { type Finding, NO_EVIDENCE } from "../audit/finding.ts";
import { type Subject, subjectOf } from "../audit/subject.ts";

/**
 * The reason code of a resource that is no longer among those which its rule judges in a region that was
 * read: it was deleted, or nothing that the rule looks at uses it any more. Of changes only: a report
 * has no finding about it.
 */
export const GONE = "GONE";

/**
 * The finding that ends the conditions of a resource which its rule no longer judges.
 *
 * @param found - any finding of this run about the region, for the name of the region
 */
export function goneFinding(subject: Subject, { localName }: Finding): Finding {
  return {
    ...subjectOf(subject),
    ...(localName !== undefined && { localName }),
    status: "NOT_APPLICABLE",
    reason: {
      code: GONE,
      message: "It is no longer found in the region, or no longer used there.",
    },
    evidence: NO_EVIDENCE,
  };
}
