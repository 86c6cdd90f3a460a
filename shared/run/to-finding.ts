import type { Finding } from "../audit/finding.ts";
import type { Evaluation } from "./evaluate-rule.ts";

/** The finding of an evaluation in an account. */
export function toFinding(
  { ruleId, regionId, resource, status, reason, evidence, remedy }: Evaluation,
  accountId: string,
  localName: string | undefined,
): Finding {
  // The usual finding, of which there are thousands: building it part by part takes longer.
  if (resource === undefined && localName === undefined && remedy === undefined) {
    return { ruleId, accountId, regionId, status, reason, evidence };
  }
  const about = resource === undefined ? {} : { resource };
  const name = localName === undefined ? {} : { localName };
  const withRemedy = remedy === undefined ? {} : { remedy };
  return {
    ruleId,
    accountId,
    regionId,
    ...about,
    ...name,
    status,
    reason,
    evidence,
    ...withRemedy,
  };
}
