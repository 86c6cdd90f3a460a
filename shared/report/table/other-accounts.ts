import type { Finding } from "../../audit/finding.ts";
import type { Report } from "../../audit/report.ts";
import { needsAttention } from "../status-order.ts";
import type { ReportWords } from "../words/report-words.ts";

/**
 * What to know about findings in accounts that are audited by a role: whose credentials a command needs,
 * and who lacks a permission.
 *
 * @param findings - those that are shown
 */
export function otherAccountNotes(
  { accounts }: Pick<Report, "accounts">,
  findings: readonly Finding[],
  words: ReportWords,
): readonly string[] {
  const others = new Set(accounts.flatMap((account) => ("roleArn" in account ? account.id : [])));
  const theirs = findings.filter(({ accountId }) => others.has(accountId)).filter(needsAttention);
  return [
    ...(theirs.some(({ status }) => status === "NON_COMPLIANT") ? [words.ownCredentials] : []),
    ...(theirs.some(({ reason }) => reason.code === "ACCESS_DENIED") ? [words.rolePermission] : []),
  ];
}
