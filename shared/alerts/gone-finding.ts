import { type Finding, GONE, NO_EVIDENCE } from "../audit/finding.ts";
import { type Subject, subjectOf } from "../audit/subject.ts";

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
