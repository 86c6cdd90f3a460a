import type { Finding } from "../../audit/finding.ts";
import { accountNamesOf, type Report } from "../../audit/report.ts";
import type { RuleCard } from "../../audit/rule-card.ts";
import { marksFor } from "../../text/marks.ts";
import { markOf } from "../table/status-look.ts";
import type { ReportWords } from "../words/report-words.ts";
import { codeSpan, proseOrCode, tableRow } from "./markdown-text.ts";

/** A table of findings: its head, of two lines, and how a finding is a row. No line has its end. */
export interface FindingsTable {
  readonly head: readonly string[];
  readonly row: (finding: Finding) => string;
}

interface Column {
  readonly title: string;
  readonly cell: (finding: Finding) => string;
}

/** The table for a report's findings: accounts, rules and resources are columns where they distinguish findings. */
export function findingsTable(
  report: Report,
  cards: readonly RuleCard[],
  words: ReportWords,
): FindingsTable {
  const { heads } = words.markdown;
  const names = accountNamesOf(report);
  const columns: readonly Column[] = [
    {
      title: heads.status,
      cell: ({ status }) => `${markOf(status, marksFor(true))} ${words.statuses[status]}`,
    },
    ...(report.accounts.length > 1
      ? [
          {
            title: heads.account,
            cell: ({ accountId }: Finding) => nameAndId(names.get(accountId), accountId),
          },
        ]
      : []),
    { title: heads.region, cell: ({ regionId }) => codeSpan(regionId) },
    ...(report.rules.length > 1
      ? [{ title: heads.rule, cell: ({ ruleId }: Finding) => codeSpan(ruleId) }]
      : []),
    ...(report.findings.some(({ resource }) => resource !== undefined)
      ? [
          {
            title: heads.resource,
            cell: ({ resource }: Finding) =>
              resource === undefined ? "" : nameAndId(resource.name, resource.id),
          },
        ]
      : []),
    { title: heads.reason, cell: ({ reason }) => codeSpan(reason.code) },
    { title: heads.found, cell: (finding) => proseOrCode(words.message(finding, cards)) },
  ];
  return {
    head: [tableRow(columns.map(({ title }) => title)), tableRow(columns.map(() => "---"))],
    row: (finding) => tableRow(columns.map(({ cell }) => cell(finding))),
  };
}

/** A name and the id behind it, or the id alone. */
export function nameAndId(name: string | undefined, id: string): string {
  const shown = codeSpan(name ?? "");
  return shown === "" ? codeSpan(id) : `${shown} (${codeSpan(id)})`;
}
