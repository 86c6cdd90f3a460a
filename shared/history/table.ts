import picocolors from "picocolors";

import type { TableStyle } from "../report/table/status-look.ts";
import { marksFor } from "../text/marks.ts";
import type { HistoryFormat, HistoryOptions } from "./history-format.ts";
import type { ControlHistory, History } from "./history.ts";
import { changeLines } from "./table/change-lines.ts";
import { gapLines } from "./table/gap-lines.ts";
import { subjectLines } from "./table/subject-lines.ts";
import { trailLines } from "./table/trail-lines.ts";
import type { HistoryWords } from "./words/history-words.ts";
import { HISTORY_WORDS } from "./words/words-of.ts";

/**
 * For each rule its controls and its subjects; then the changes, the days without an observation, and what
 * the history is made of.
 */
function render(history: History, options: HistoryOptions): string {
  const colors = picocolors.createColors(options.color);
  const words = HISTORY_WORDS[options.language ?? "en"];
  const style = { colors, marks: marksFor(options.showsUnicode ?? true), words: words.report };
  const rules = new Map(history.controls.map((control) => [control.ruleId, control]));
  const paragraphs = [
    ...[...rules.values()].map((control) => ruleLines(history, control, options, style, words)),
    titled(words.titles.changes, changeLines(history, options.columns, words)),
    titled(words.titles.trail, trailLines(history, words)),
    titled(words.titles.gaps, gapLines(history, words)),
    summaryLines(history, options, words).map((line) => colors.dim(line)),
  ];
  return `${paragraphs.flatMap((lines) => (lines.length === 0 ? [] : [lines.join("\n")])).join("\n\n")}\n`;
}

function ruleLines(
  history: History,
  { ruleId, accounts }: ControlHistory,
  { cards, columns }: HistoryOptions,
  style: TableStyle,
  words: HistoryWords,
): string[] {
  const { colors } = style;
  const card = cards.find(({ id }) => id === ruleId);
  const subjects = history.subjects.filter((subject) => subject.ruleId === ruleId);
  return [
    colors.bold(ruleId),
    ...(card === undefined ? [] : [colors.dim(words.report.meaning(card, card))]),
    ...accounts.map(({ accountId, days }) => words.accountDays(accountId, days)),
    ...subjectLines(subjects, history.accountNames, columns, style, words),
  ];
}

function titled(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [title, ...lines];
}

function summaryLines(
  { window, runs }: History,
  { evidence }: HistoryOptions,
  words: HistoryWords,
): string[] {
  const { used, first, last, unusable } = runs;
  if (used === 0 || first === null || last === null) return [words.noRun(evidence, window)];
  return [
    words.runs({ used, first, last }, evidence, window),
    ...(unusable.length === 0 ? [] : [words.unused(unusable.length)]),
    words.proof,
  ];
}

/** For people. */
export const table = {
  extension: "txt",
  hasLanguages: true,
  render,
} as const satisfies HistoryFormat;
