import picocolors from "picocolors";

import type { Finding, Status } from "../../audit/finding.ts";
import { isOneFindingPerRegion, type Report, summarize, type Summary } from "../../audit/report.ts";
import { marksFor } from "../../text/marks.ts";
import { EN } from "../words/en.ts";
import type { ReportWords } from "../words/report-words.ts";
import { accountLabels } from "./account-label.ts";
import { cellText } from "./cell-text.ts";
import { lookOf, type TableStyle } from "./status-look.ts";

/** How many findings there are of each status, in a line without its end and without colours. */
export function describeSummary(report: Report, words: ReportWords = EN): string {
  return summaryLine(report, {
    colors: picocolors.createColors(false),
    marks: marksFor(true),
    words,
  });
}

/** How many findings there are of each status, whatever the table shows of them. */
export function summaryLine(report: Report, style: TableStyle): string {
  const { colors, words } = style;
  const { summary, startedAt, finishedAt } = report;
  const seconds = ((Date.parse(finishedAt) - Date.parse(startedAt)) / 1_000).toFixed(1);
  const counts = countsOf(summary).map(([count, status]) =>
    lookOf(status, style).paint(words.statusCount(count, status)),
  );
  return words.summary(
    colors.bold(describeTotal(report, words)),
    describeAccounts(report, words),
    counts,
    colors.dim(words.seconds(seconds)),
  );
}

/** How many of some findings are of each status: `28 compliant, 2 not applicable`. */
export function describeStatuses(findings: readonly Finding[], words: ReportWords): string {
  return countsOf(summarize(findings))
    .map(([count, status]) => words.statusCount(count, status))
    .join(words.separator);
}

/** The accounts, and where another account's role is assumed, who assumes it. */
function describeAccounts(report: Report, words: ReportWords): string {
  const { accounts, caller, accountAssumed = false } = report;
  const audited = accounts.filter(({ status }) => status === "audited");
  const [first] = audited;
  const isByRole = audited.some((account) => "roleArn" in account);
  const only = audited.length === 1 && first !== undefined ? first : null;
  return words.accounts({
    only: only === null ? null : accountLabels(report)(only.id),
    audited: audited.length,
    skipped: accounts.length - audited.length,
    isAssumed: only !== null && accountAssumed,
    caller: isByRole && caller !== null ? cellText(caller.arn ?? caller.accountId) : null,
  });
}

function describeTotal(report: Report, words: ReportWords): string {
  const { accounts, summary } = report;
  const regions = accounts.reduce((count, account) => count + account.regions.length, 0);
  return words.total(regions, isOneFindingPerRegion(report) ? null : summary.total);
}

/** The counts that are not 0. */
function countsOf(summary: Summary): readonly (readonly [number, Status])[] {
  const counts: readonly (readonly [number, Status])[] = [
    [summary.compliant, "COMPLIANT"],
    [summary.nonCompliant, "NON_COMPLIANT"],
    [summary.insufficientData, "INSUFFICIENT_DATA"],
    [summary.notApplicable, "NOT_APPLICABLE"],
    [summary.ignored, "IGNORED"],
  ];
  return counts.filter(([count]) => count > 0);
}
