import type { Member } from "../../audit/organization.ts";
import type { SkippedAccount } from "../../audit/report.ts";

/** Accounts that were never created have nothing to audit. A failed promotion leaves a usable account. */
const NOT_READY = /^Create(Verifying|Failed|Expired|Cancelled)$/;

/**
 * Why a member cannot be audited; null where it is audited. A state that is not known is no reason: the
 * account may well be there.
 *
 * @see https://www.alibabacloud.com/help/en/resource-management/resource-directory/developer-reference/api-resourcedirectorymaster-2022-04-19-listaccounts
 */
export function skipReasonOf({
  status,
  deletionStatus,
}: Pick<Member, "status" | "deletionStatus">): SkippedAccount["reason"] | null {
  if (deletionStatus === "Deleting") {
    return { code: "BEING_DELETED", message: "The account is being deleted." };
  }
  if (status === null || !NOT_READY.test(status)) return null;
  return {
    code: "NOT_READY",
    message: `The account was not created, or is not yet: its status is ${status}.`,
  };
}
