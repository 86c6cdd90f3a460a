import type { Control } from "../audit/rule-card.ts";
import { safeRow } from "../report/csv/safe-row.ts";
import { writeCsv } from "../report/csv/write-csv.ts";
import { changesOf } from "./changes.ts";
import type { HistoryFormat } from "./history-format.ts";
import type { ControlHistory, Gap, History, SubjectHistory } from "./history.ts";
import { describeDay } from "./utc-day.ts";
import { HISTORY_EN } from "./words/en.ts";

/**
 * The columns, in their order. Readers depend on it: a new column comes last.
 *
 * - `account_id` begins with a tab, so that Excel keeps its 16 digits: programs take it off.
 * - `status` is empty for a resource that is not there any more.
 * - `days_total`, `days_covered` and `days_compliant` count days in UTC.
 * - `gaps` are divided by `; `, each with its first and last day and the reason.
 * - `changed_by` has, divided by `; `, the events of ActionTrail that may have been the changes.
 */
const COLUMNS = [
  "framework",
  "framework_version",
  "control",
  "relation",
  "rule",
  "account_id",
  "account_name",
  "region",
  "resource_type",
  "resource_id",
  "resource_name",
  "status",
  "since",
  "last_known",
  "first_observed",
  "last_observed",
  "first_compliant",
  "last_compliant",
  "days_total",
  "days_covered",
  "days_compliant",
  "gaps",
  "changes",
  "exemption_owner",
  "exemption_expires",
  "changed_by",
] as const;

type Row = Readonly<Record<(typeof COLUMNS)[number], string | number | null>>;

/**
 * A row for each subject under each control of its rule, so that one control is one filter.
 */
function render(history: History): string {
  const { controls, subjects, accountNames } = history;
  const deeds = deedsBySubject(history);
  const rows = controls.flatMap((control) =>
    subjects
      .filter(({ ruleId }) => ruleId === control.ruleId)
      .map((subject) =>
        rowOf(
          control,
          subject,
          accountNames.get(subject.accountId) ?? null,
          deeds.get(subject) ?? [],
        ),
      ),
  );
  return writeCsv(COLUMNS, rows);
}

function rowOf(
  { control, ruleId }: ControlHistory,
  subject: SubjectHistory,
  accountName: string | null,
  deeds: readonly string[],
): Row {
  const { resource, days, gaps, periods } = subject;
  const exemption = subject.status === "IGNORED" ? periods.at(-1)?.exemption : null;
  return safeRow({
    ...rowOfControl(control),
    rule: ruleId,
    account_id: subject.accountId,
    account_name: accountName,
    region: subject.regionId,
    resource_type: resource?.type ?? null,
    resource_id: resource?.id ?? null,
    resource_name: resource?.name ?? null,
    status: subject.status,
    since: subject.since,
    last_known: subject.lastKnown,
    first_observed: subject.firstObserved,
    last_observed: subject.lastObserved,
    first_compliant: subject.firstCompliant,
    last_compliant: subject.lastCompliant,
    days_total: days.total,
    days_covered: days.covered,
    days_compliant: days.compliant,
    gaps: gaps.map(describeGap).join("; "),
    changes: Math.max(0, periods.length - 1),
    exemption_owner: exemption?.owner ?? null,
    exemption_expires: exemption?.expires ?? null,
    changed_by: deeds.join("; "),
  });
}

/** Who may have changed what, the oldest first, where ActionTrail was asked. */
function deedsBySubject(history: History): ReadonlyMap<SubjectHistory, readonly string[]> {
  const deeds = new Map<SubjectHistory, string[]>();
  for (const { subject, events } of changesOf(history)) {
    const found = events.map((event) => `${event.at} ${HISTORY_EN.deed(event)}`);
    deeds.set(subject, [...(deeds.get(subject) ?? []), ...found]);
  }
  return deeds;
}

function rowOfControl(control: Control | null) {
  return {
    framework: control?.framework ?? null,
    framework_version: control?.version ?? null,
    control: control?.id ?? null,
    relation: control?.relation ?? null,
  };
}

function describeGap({ from, to, reason }: Gap): string {
  return `${describeDay(from)} ${describeDay(to)} ${reason}`;
}

/** For Excel and for programs. */
export const csv = { extension: "csv", render } as const satisfies HistoryFormat;
