import picocolors from "picocolors";

import { isOneFindingPerRegion, type Report } from "../audit/report.ts";
import { marksFor } from "../text/marks.ts";
import type { Format, RenderOptions } from "./format.ts";
import { isActivationAlone } from "./not-asked.ts";
import { accountLabels } from "./table/account-label.ts";
import { accountLines } from "./table/account-lines.ts";
import { adviceByReason, adviceLines } from "./table/advice.ts";
import { meaningLines } from "./table/meanings.ts";
import { findingsByAccount } from "./table/order-findings.ts";
import { otherAccountNotes } from "./table/other-accounts.ts";
import { layOutRows } from "./table/rows.ts";
import { managementLines, skippedLines } from "./table/skipped.ts";
import { summaryLine } from "./table/summary.ts";
import { EN } from "./words/en.ts";

/**
 * The findings, then what to do about those that are not compliant, then the summary, what compliance
 * proves, and what was not asked. Rules and resources have a column where they distinguish findings.
 * Several accounts have a column where lines may have any length, and every finding has a line; on a
 * terminal they are headings, and what is the same in all regions of an account is said once.
 */
function render(report: Report, options: RenderOptions): string {
  const { color, showsUnicode = true, cards, words = EN } = options;
  const { columns = null, only = null, wayToAsk = "parameter" } = options;
  const colors = picocolors.createColors(color);
  const style = { colors, marks: marksFor(showsUnicode), words };
  const accounts = findingsByAccount(report);
  const regions = accounts
    .flatMap((account) => account.regions)
    .map((findings) => findings.filter(({ status }) => only?.includes(status) ?? true))
    .filter((findings) => findings.length > 0);
  const shown = regions.flat();
  const hidden = report.findings.length - shown.length;
  const notAsked = wayToAsk !== null && isActivationAlone(report) ? words.notAsked(wayToAsk) : null;
  const hasAccounts = accounts.length > 1;
  const rowOptions = { style, withRules: report.rules.length > 1, limit: columns ?? Infinity };
  const accountLabel = hasAccounts
    ? accountLabels(report, { limit: rowOptions.limit / 2, ellipsis: style.marks.ellipsis })
    : null;
  const rows =
    accountLabel !== null && columns !== null
      ? accountLines(accounts, { ...rowOptions, accountLabel, only })
      : { ...layOutRows(regions, { ...rowOptions, accountLabel }), summarized: 0 };
  const paragraphs: readonly (readonly string[])[] = [
    [
      ...rows.heads,
      ...rows.regions.flat(),
      ...(rows.summarized === 0 ? [] : [colors.dim(words.summarized(rows.summarized))]),
      ...(hidden === 0 ? [] : [colors.dim(words.hidden(hidden))]),
    ],
    [
      ...(accountLabel === null
        ? adviceLines(shown, { style, cards, isShared: !isOneFindingPerRegion(report) })
        : adviceByReason(shown, { style, cards, accountLabel })),
      ...otherAccountNotes(report, shown, words).map((line) => colors.dim(line)),
    ],
    skippedLines(report, style),
    [
      summaryLine(report, style),
      ...managementLines(report, style),
      ...meaningLines(report, cards, words).map((line) => colors.dim(line)),
      ...(notAsked === null ? [] : [colors.dim(notAsked)]),
    ],
  ];
  const texts = paragraphs.filter((lines) => lines.length > 0).map((lines) => lines.join("\n"));
  return `${texts.join("\n\n")}\n`;
}

/** For people: a line for each finding, the remedy, the summary and what it proves. */
export const table = {
  contentType: "text/plain; charset=utf-8",
  extension: "txt",
  render,
  hasLanguages: true,
} as const satisfies Format;
