import { groupBy } from "../../audit/group-by.ts";
import { cellText } from "../../report/table/cell-text.ts";
import { inColumns, longest } from "../../text/columns.ts";
import { type Change, changesOf } from "../changes.ts";
import type { History, Period } from "../history.ts";
import type { HistoryWords } from "../words/history-words.ts";
import { describeSubject } from "./describe-subject.ts";

/**
 * A line for each change of what was observed, the oldest first, with the two runs between which it was, and
 * below it who may have made it.
 */
export function changeLines(
  history: History,
  columns: number | null,
  words: HistoryWords,
): string[] {
  const changes = changesOf(history);
  if (changes.length === 0) return [];
  const { subjects } = history;
  const hasRules = groupBy(subjects, ({ ruleId }) => ruleId).size > 1;
  const hasAccounts = groupBy(subjects, ({ accountId }) => accountId).size > 1;
  const rows = changes.map(({ subject, before, after }) => [
    words.span(words.time(before.to), words.time(after.from)),
    words.became(describePeriod(before, words), describePeriod(after, words)),
    ...(hasRules ? [cellText(subject.ruleId)] : []),
    ...(hasAccounts ? [cellText(subject.accountId)] : []),
    describeSubject(subject),
  ]);
  const whole = inColumns(rows.map((cells) => ({ cells, paints: [] }))).split("\n");
  const fits = longest(whole) <= (columns ?? Infinity);
  return changes.flatMap((change, index) => [
    ...(fits
      ? [whole[index] ?? ""]
      : (rows[index] ?? []).map((cell, place) => (place === 0 ? cell : `  ${cell}`))),
    ...deedLines(change, words),
  ]);
}

function deedLines({ events }: Change, words: HistoryWords): string[] {
  return events.map((event) => `  ${words.time(event.at)} ${words.deed(event)}`);
}

function describePeriod({ status, exemption }: Period, words: HistoryWords): string {
  const name = words.report.statuses[status];
  return exemption === null ? name : words.exempt(name);
}
