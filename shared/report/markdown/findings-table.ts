import type { Finding } from "../../audit/finding.ts";
import { accountNamesOf, type Report } from "../../audit/report.ts";
import { marksFor } from "../../text/marks.ts";
import { markOf } from "../table/status-look.ts";
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
export function findingsTable(report: Report): FindingsTable {
  const names = accountNamesOf(report);
  const columns: readonly Column[] = [
    { title: "Status", cell: ({ status }) => `${markOf(status, marksFor(true))} ${status}` },
    ...(report.accounts.length > 1
      ? [
          {
            title: "Account",
            cell: ({ accountId }: Finding) => nameAndId(names.get(accountId), accountId),
          },
        ]
      : []),
    { title: "Region", cell: ({ regionId }) => codeSpan(regionId) },
    ...(report.rules.length > 1
      ? [{ title: "Rule", cell: ({ ruleId }: Finding) => codeSpan(ruleId) }]
      : []),
    ...(report.findings.some(({ resource }) => resource !== undefined)
      ? [
          {
            title: "Resource",
            cell: ({ resource }: Finding) =>
              resource === undefined ? "" : nameAndId(resource.name, resource.id),
          },
        ]
      : []),
    { title: "Reason", cell: ({ reason }) => codeSpan(reason.code) },
    { title: "What was found", cell: ({ reason }) => proseOrCode(reason.message) },
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
