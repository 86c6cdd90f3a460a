import type { Status } from "../../audit/finding.ts";
import { isOneFindingPerRegion, type Report, type Summary } from "../../audit/report.ts";
import { marksFor } from "../../text/marks.ts";
import { STATUSES_WORST_FIRST } from "../status-order.ts";
import { markOf } from "../table/status-look.ts";
import type { ReportWords } from "../words/report-words.ts";
import { nameAndId } from "./findings-table.ts";
import { codeSpan, tableRow } from "./markdown-text.ts";

const MARKS = marksFor(true);

/** The verdict, the counts, and what was asked by whom and when, in blocks. */
export function overview(report: Report, words: ReportWords): readonly string[] {
  const skipped = report.accounts.filter(({ status }) => status === "skipped").length;
  const more = skipped === 0 ? "" : words.markdown.notAudited(skipped);
  return [
    `## ${verdictOf(report, words)}${more}`,
    countsTable(report.summary, words),
    facts(report, words),
  ];
}

/** The worst that is known of anything in scope. It is good only where nothing in scope is unknown. */
function verdictOf(report: Report, { markdown }: ReportWords): string {
  const noun = isOneFindingPerRegion(report) ? "region" : "finding";
  const counts = { ...report.summary, noun } as const;
  if (counts.nonCompliant > 0) return `${MARKS.bad} ${markdown.nonCompliant(counts)}`;
  if (counts.insufficientData > 0) return `${MARKS.unknown} ${markdown.incomplete(counts)}`;
  if (counts.compliant === 0 && counts.ignored === 0) {
    return `${MARKS.neutral} ${markdown.nothingToJudge(counts)}`;
  }
  const mark = counts.ignored > 0 ? MARKS.neutral : MARKS.good;
  return `${mark} ${markdown.compliant(counts)}`;
}

function countsTable(summary: Summary, { statuses, markdown }: ReportWords): string {
  const counts: Readonly<Record<Status, number>> = {
    NON_COMPLIANT: summary.nonCompliant,
    INSUFFICIENT_DATA: summary.insufficientData,
    IGNORED: summary.ignored,
    COMPLIANT: summary.compliant,
    NOT_APPLICABLE: summary.notApplicable,
  };
  return [
    tableRow(markdown.countHeads),
    tableRow(["---", "---", "--:"]),
    ...STATUSES_WORST_FIRST.map((status) =>
      tableRow([
        `${markOf(status, MARKS)} ${statuses[status]}`,
        markdown.meanings[status],
        String(counts[status]),
      ]),
    ),
  ].join("\n");
}

function facts(report: Report, words: ReportWords): string {
  const { accounts, scope, rules, caller, startedAt, finishedAt, runId, tool } = report;
  const { fact, facts: names, assumed, callerUnknown, fromTo } = words.markdown;
  const audited = accounts.filter(({ status }) => status === "audited");
  const [first] = audited;
  const isOne = audited.length === 1 && first !== undefined;
  const account = isOne ? nameAndId(first.name, first.id) : String(audited.length);
  const by = caller === null ? callerUnknown : codeSpan(caller.arn ?? caller.accountId);
  const time = (iso: string): string => codeSpan(words.time(iso));
  return [
    fact(
      isOne ? names.account : names.accounts,
      `${account}${report.accountAssumed === true ? assumed : ""}`,
    ),
    fact(names.regions, String(scope.regions.length)),
    fact(names.rules, rules.map(({ id }) => codeSpan(id)).join(words.separator)),
    fact(names.auditedBy, by),
    fact(names.time, fromTo(time(startedAt), time(finishedAt))),
    fact(
      names.run,
      [codeSpan(runId), codeSpan(`${tool.name} ${tool.version}`)].join(words.separator),
    ),
  ]
    .map((line) => `- ${line}`)
    .join("\n");
}
