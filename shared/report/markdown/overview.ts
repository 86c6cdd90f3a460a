import type { Status } from "../../audit/finding.ts";
import { isOneFindingPerRegion, type Report, type Summary } from "../../audit/report.ts";
import { marksFor } from "../../text/marks.ts";
import { markOf } from "../table/status-look.ts";
import { describeCount } from "../table/summary.ts";
import { nameAndId } from "./findings-table.ts";
import { codeSpan, tableRow } from "./markdown-text.ts";

const marks = marksFor(true);

/** The verdict, the counts, and what was asked by whom and when, in blocks. */
export function overview(report: Report): readonly string[] {
  const skipped = report.accounts.filter(({ status }) => status === "skipped").length;
  const more = skipped === 0 ? "" : `; ${describeCount(skipped, "account")} not audited`;
  return [`## ${verdictOf(report)}${more}`, countsTable(report.summary), facts(report)];
}

/** The worst that is known of anything in scope. It is good only where nothing in scope is unknown. */
function verdictOf(report: Report): string {
  const { total, compliant, nonCompliant, insufficientData, ignored } = report.summary;
  const noun = isOneFindingPerRegion(report) ? "region" : "finding";
  const all = describeCount(total, noun);
  const isOrAre = (count: number): string => (count === 1 ? "is" : "are");
  if (nonCompliant > 0) {
    return `${marks.bad} ${nonCompliant} of ${all} ${isOrAre(nonCompliant)} not compliant`;
  }
  if (insufficientData > 0) {
    return `${marks.unknown} Incomplete: ${insufficientData} of ${all} could not be read`;
  }
  if (compliant === 0 && ignored === 0) {
    return `${marks.neutral} Nothing to judge: ${all} not applicable`;
  }
  return ignored > 0
    ? `${marks.neutral} ${compliant} of ${all} compliant, ${ignored} ignored by an exemption`
    : `${marks.good} ${compliant} of ${all} compliant`;
}

function countsTable(summary: Summary): string {
  const counts: readonly (readonly [Status, string, number])[] = [
    ["NON_COMPLIANT", "not compliant", summary.nonCompliant],
    ["INSUFFICIENT_DATA", "could not be read", summary.insufficientData],
    ["IGNORED", "ignored: an exemption applies", summary.ignored],
    ["COMPLIANT", "compliant", summary.compliant],
    ["NOT_APPLICABLE", "not applicable", summary.notApplicable],
  ];
  return [
    tableRow(["Status", "Meaning", "Findings"]),
    tableRow(["---", "---", "--:"]),
    ...counts.map(([status, words, count]) =>
      tableRow([`${markOf(status, marks)} ${status}`, words, String(count)]),
    ),
  ].join("\n");
}

function facts(report: Report): string {
  const { accounts, scope, rules, caller, startedAt, finishedAt, runId, tool } = report;
  const audited = accounts.filter(({ status }) => status === "audited");
  const [first] = audited;
  const isOne = audited.length === 1 && first !== undefined;
  const account = isOne ? nameAndId(first.name, first.id) : String(audited.length);
  const assumed = report.accountAssumed === true ? ", assumed: the caller is not known" : "";
  const by = caller === null ? "not known" : codeSpan(caller.arn ?? caller.accountId);
  return [
    `- ${isOne ? "Account" : "Accounts"}: ${account}${assumed}`,
    `- Regions: ${scope.regions.length}`,
    `- Rules: ${rules.map(({ id }) => codeSpan(id)).join(", ")}`,
    `- Audited by: ${by}`,
    `- Time: ${codeSpan(startedAt)} to ${codeSpan(finishedAt)}`,
    `- Run: ${codeSpan(runId)}, ${codeSpan(`${tool.name} ${tool.version}`)}`,
  ].join("\n");
}
