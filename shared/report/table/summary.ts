import picocolors from "picocolors";

import type { Status } from "../../audit/finding.ts";
import { isOneFindingPerRegion, type Report, type Summary } from "../../audit/report.ts";
import { type Colors, lookOf } from "./status-look.ts";

/** How many findings there are of each status, in a line without its end and without colours. */
export function describeSummary(report: Report): string {
  return summaryLine(report, picocolors.createColors(false));
}

/** How many findings there are of each status, whatever the table shows of them. */
export function summaryLine(report: Report, colors: Colors): string {
  const { summary, scope, startedAt, finishedAt } = report;
  const seconds = ((Date.parse(finishedAt) - Date.parse(startedAt)) / 1_000).toFixed(1);
  const account = `${scope.accounts.join(", ")}${report.accountAssumed === true ? " (assumed)" : ""}`;
  const counts = countsOf(summary)
    .filter(([count]) => count > 0)
    .map(([count, words, status]) => lookOf(status, colors).paint(`${count} ${words}`));
  return `${colors.bold(describeTotal(report))} of account ${account}: ${counts.join(", ")} ${colors.dim(`(${seconds} s)`)}`;
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

function countsOf(summary: Summary): readonly (readonly [number, string, Status])[] {
  return [
    [summary.compliant, "compliant", "COMPLIANT"],
    [summary.nonCompliant, "not compliant", "NON_COMPLIANT"],
    [summary.insufficientData, "could not be read", "INSUFFICIENT_DATA"],
    [summary.notApplicable, "not applicable", "NOT_APPLICABLE"],
    [summary.ignored, "ignored", "IGNORED"],
  ];
}
