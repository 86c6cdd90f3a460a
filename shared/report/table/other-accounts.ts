import type { Finding } from "../../audit/finding.ts";
import type { Report } from "../../audit/report.ts";
import { needsAttention } from "../status-order.ts";

const CHANGE =
  "Run each command with credentials of its account: the role that the audit assumes there only reads.";
const READ =
  "In another account, the identity that needs the permission is the role that the audit assumes there: see flowlog-guard policy --member.";

/**
 * What to know about findings in accounts that are audited by a role: whose credentials a command needs,
 * and who lacks a permission.
 *
 * @param findings - those that are shown
 */
export function otherAccountNotes(
  { accounts }: Pick<Report, "accounts">,
  findings: readonly Finding[],
): readonly string[] {
  const others = new Set(accounts.flatMap((account) => ("roleArn" in account ? account.id : [])));
  const theirs = findings.filter(({ accountId }) => others.has(accountId)).filter(needsAttention);
  return [
    ...(theirs.some(({ status }) => status === "NON_COMPLIANT") ? [CHANGE] : []),
    ...(theirs.some(({ reason }) => reason.code === "ACCESS_DENIED") ? [READ] : []),
  ];
}
