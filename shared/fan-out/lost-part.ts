import type { ScopedAccount } from "../audit/account-scope.ts";
import { type Finding, NO_EVIDENCE } from "../audit/finding.ts";
import type { RuleId } from "../rules/rule-ids.ts";
import { cleanText } from "../text/clean-text.ts";

/** The cause is in every finding of the part. */
const MAX_CAUSE_BYTES = 300;

/**
 * The findings for a part that failed for good: nothing is known of its accounts, regions and rules.
 *
 * @param cause - one or more sentences without secrets
 */
export function findingsOfLostPart(
  accounts: readonly ScopedAccount[],
  rules: readonly RuleId[],
  functionName: string,
  cause: string,
): readonly Finding[] {
  const reason = {
    code: "PART_FAILED",
    message: `The part of the run that this account is in gave no report: ${cleanText(cause, MAX_CAUSE_BYTES)} Look at the log of the function ${functionName}; where it lacks time or memory, give it more, or raise fanOut.parts.`,
  };
  return accounts.flatMap(({ id: accountId, regionIds }) =>
    regionIds.flatMap((regionId) =>
      rules.map((ruleId): Finding => ({
        ruleId,
        accountId,
        regionId,
        status: "INSUFFICIENT_DATA",
        reason,
        evidence: NO_EVIDENCE,
      })),
    ),
  );
}
