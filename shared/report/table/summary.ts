import picocolors from "picocolors";

import type { Finding, Status } from "../../audit/finding.ts";
import { isOneFindingPerRegion, type Report, summarize, type Summary } from "../../audit/report.ts";
import { marksFor } from "../../text/marks.ts";
import { accountLabels } from "./account-label.ts";
import { cellText } from "./cell-text.ts";
import { lookOf, type TableStyle } from "./status-look.ts";

/** How many findings there are of each status, in a line without its end and without colours. */
export function describeSummary(report: Report): string {
  return summaryLine(report, { colors: picocolors.createColors(false), marks: marksFor(true) });
}

/** How many findings there are of each status, whatever the table shows of them. */
export function summaryLine(report: Report, style: TableStyle): string {
  const { colors } = style;
  const { summary, startedAt, finishedAt } = report;
  const seconds = ((Date.parse(finishedAt) - Date.parse(startedAt)) / 1_000).toFixed(1);
  const counts = countsOf(summary).map(([count, words, status]) =>
    lookOf(status, style).paint(`${count} ${words}`),
  );
  return `${colors.bold(describeTotal(report))} of ${describeAccounts(report)}: ${counts.join(", ")} ${colors.dim(`(${seconds} s)`)}`;
}

/** How many of some findings are of each status: `28 compliant, 2 not applicable`. */
export function describeStatuses(findings: readonly Finding[]): string {
  return countsOf(summarize(findings))
    .map(([count, words]) => `${count} ${words}`)
    .join(", ");
}

/** The accounts, and where another account's role is assumed, who assumes it. */
function describeAccounts(report: Report): string {
  const { accounts, caller, accountAssumed = false } = report;
  const audited = accounts.filter(({ status }) => status === "audited");
  const [first] = audited;
  const subject =
    audited.length === 1 && first !== undefined
      ? `account ${accountLabels(report)(first.id)}${accountAssumed ? " (assumed)" : ""}`
      : `${audited.length} accounts`;
  const skipped = accounts.length - audited.length;
  const isByRole = audited.some((account) => "roleArn" in account);
  return [
    subject,
    ...(skipped === 0 ? [] : [`${describeCount(skipped, "account")} skipped`]),
    ...(isByRole && caller !== null
      ? [`audited by ${cellText(caller.arn ?? caller.accountId)}`]
      : []),
  ].join(", ");
}

function describeTotal(report: Report): string {
  const { accounts, summary } = report;
  const regions = describeCount(
    accounts.reduce((count, account) => count + account.regions.length, 0),
    "region",
  );
  return isOneFindingPerRegion(report)
    ? regions
    : `${describeCount(summary.total, "finding")} in ${regions}`;
}

/** A number and its noun: `1 region`, `2 regions`. */
export function describeCount(count: number, noun: string): string {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}

/** The counts that are not 0. */
function countsOf(summary: Summary): readonly (readonly [number, string, Status])[] {
  const counts: readonly (readonly [number, string, Status])[] = [
    [summary.compliant, "compliant", "COMPLIANT"],
    [summary.nonCompliant, "not compliant", "NON_COMPLIANT"],
    [summary.insufficientData, "could not be read", "INSUFFICIENT_DATA"],
    [summary.notApplicable, "not applicable", "NOT_APPLICABLE"],
    [summary.ignored, "ignored", "IGNORED"],
  ];
  return counts.filter(([count]) => count > 0);
}
