import { groupBy } from "../../audit/group-by.ts";
import { cellText } from "../../report/table/cell-text.ts";
import { inColumns, longest } from "../../text/columns.ts";
import type { History, Period, SubjectHistory } from "../history.ts";
import { describeSubject, describeTime } from "./words.ts";

/** A change between two runs. */
interface Change {
  readonly subject: SubjectHistory;
  readonly before: Period;
  readonly after: Period;
}

/** A line for each change of what was observed, the oldest first, with the two runs between which it was. */
export function changeLines({ subjects }: History, columns: number | null): string[] {
  const changes = subjects.flatMap(changesOf).toSorted((a, b) => compareTimes(a.after, b.after));
  if (changes.length === 0) return [];
  const hasRules = groupBy(subjects, ({ ruleId }) => ruleId).size > 1;
  const hasAccounts = groupBy(subjects, ({ accountId }) => accountId).size > 1;
  const rows = changes.map(({ subject, before, after }) => [
    `${describeTime(before.to)} to ${describeTime(after.from)}`,
    `${describePeriod(before)} to ${describePeriod(after)}`,
    ...(hasRules ? [cellText(subject.ruleId)] : []),
    ...(hasAccounts ? [cellText(subject.accountId)] : []),
    describeSubject(subject),
  ]);
  const lines = inColumns(rows.map((cells) => ({ cells, paints: [] }))).split("\n");
  return longest(lines) <= (columns ?? Infinity) ? lines : rows.map((cells) => cells.join("\n  "));
}

function changesOf(subject: SubjectHistory): Change[] {
  return subject.periods.slice(1).flatMap((after, index) => {
    const before = subject.periods[index];
    return before === undefined ? [] : [{ subject, before, after }];
  });
}

function compareTimes(a: Period, b: Period): number {
  return Date.parse(a.from) - Date.parse(b.from);
}

function describePeriod({ status, exemption }: Period): string {
  return exemption === null ? status : `${status} (exempt)`;
}
