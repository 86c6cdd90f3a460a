import picocolors from "picocolors";

import { ruleMeaning } from "../report/rule-meaning.ts";
import type { TableStyle } from "../report/table/status-look.ts";
import { EN } from "../report/words/en.ts";
import { marksFor } from "../text/marks.ts";
import type { HistoryFormat, HistoryOptions } from "./history-format.ts";
import type { ControlHistory, History } from "./history.ts";
import { changeLines } from "./table/change-lines.ts";
import { gapLines } from "./table/gap-lines.ts";
import { subjectLines } from "./table/subject-lines.ts";
import { trailLines } from "./table/trail-lines.ts";
import { describeDays, describeTime } from "./table/words.ts";
import { describeDay } from "./utc-day.ts";

/**
 * For each rule its controls and its subjects; then the changes, the days without an observation, and what
 * the history is made of.
 */
function render(history: History, options: HistoryOptions): string {
  const colors = picocolors.createColors(options.color);
  const style = { colors, marks: marksFor(options.showsUnicode ?? true), words: EN };
  const rules = new Map(history.controls.map((control) => [control.ruleId, control]));
  const paragraphs = [
    ...[...rules.values()].map((control) => ruleLines(history, control, options, style)),
    titled("Changes", changeLines(history, options.columns)),
    titled("Who changed flow logs", trailLines(history)),
    titled("Days without an observation", gapLines(history)),
    summaryLines(history, options).map((line) => colors.dim(line)),
  ];
  return `${paragraphs.flatMap((lines) => (lines.length === 0 ? [] : [lines.join("\n")])).join("\n\n")}\n`;
}

function ruleLines(
  history: History,
  { ruleId, accounts }: ControlHistory,
  { cards, columns }: HistoryOptions,
  style: TableStyle,
): string[] {
  const { colors } = style;
  const card = cards.find(({ id }) => id === ruleId);
  const subjects = history.subjects.filter((subject) => subject.ruleId === ruleId);
  return [
    colors.bold(ruleId),
    ...(card === undefined ? [] : [colors.dim(ruleMeaning(card, card))]),
    ...accounts.map(
      ({ accountId, days: { total, covered, compliant } }) =>
        `Account ${accountId}: ${covered} of ${describeDays(total)} covered in full, ${compliant} compliant.`,
    ),
    ...subjectLines(subjects, history.accountNames, columns, style),
  ];
}

function titled(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [title, ...lines];
}

function summaryLines({ window, runs }: History, { evidence }: HistoryOptions): string[] {
  const { used, first, last, unusable } = runs;
  const to = `${describeDay(window.to)}, days in UTC`;
  if (used === 0 || first === null || last === null) {
    const span = window.from === null ? `until ${to}` : `from ${describeDay(window.from)} to ${to}`;
    return [
      `No run is kept in ${evidence} ${span}. Check the address, and whether runs keep evidence there.`,
    ];
  }
  const span = `from ${window.from === null ? "the first run" : describeDay(window.from)} to ${to}`;
  const runCount = used === 1 ? "1 run" : `${used} runs`;
  return [
    `${runCount} of ${evidence} ${span}: the first ${describeTime(first)}, the last ${describeTime(last)}.`,
    ...(unusable.length === 0
      ? []
      : [
          `${unusable.length === 1 ? "1 kept run is" : `${unusable.length} kept runs are`} not used.`,
        ]),
    "A status was observed at these runs; nothing is known of the time between two of them.",
  ];
}

/** For people. */
export const table = { extension: "txt", render } as const satisfies HistoryFormat;
