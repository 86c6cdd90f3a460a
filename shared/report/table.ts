import picocolors from "picocolors";

import { isOneFindingPerRegion } from "../audit/report.ts";
import type { Format } from "./format.ts";
import { describeNotAsked } from "./not-asked.ts";
import { adviceLines } from "./table/advice.ts";
import { meaningLines } from "./table/meanings.ts";
import { findingsByRegion } from "./table/order-findings.ts";
import { rowLines } from "./table/rows.ts";
import { describeCount, summaryLine } from "./table/summary.ts";

/**
 * The findings, then what to do about those that are not compliant, then the summary, what compliance
 * proves, and what was not asked. Rules and resources have a column where they distinguish findings.
 */
const render: Format["render"] = (report, options) => {
  const { color, cards, columns = null, only = null, wayToAsk = "parameter" } = options;
  const colors = picocolors.createColors(color);
  const regions = findingsByRegion(report)
    .map((findings) => findings.filter(({ status }) => only?.includes(status) ?? true))
    .filter((findings) => findings.length > 0);
  const shown = regions.flat();
  const hidden = report.findings.length - shown.length;
  const notAsked = wayToAsk === null ? null : describeNotAsked(report, wayToAsk);
  const paragraphs: readonly (readonly string[])[] = [
    [
      ...rowLines(regions, {
        colors,
        withRules: report.rules.length > 1,
        limit: columns ?? Infinity,
      }),
      ...(hidden === 0
        ? []
        : [colors.dim(`${describeCount(hidden, "finding")} not shown (--only)`)]),
    ],
    adviceLines(shown, { colors, cards, isShared: !isOneFindingPerRegion(report) }),
    [
      summaryLine(report, colors),
      ...meaningLines(report, cards).map((line) => colors.dim(line)),
      ...(notAsked === null ? [] : [colors.dim(notAsked)]),
    ],
  ];
  const texts = paragraphs.filter((lines) => lines.length > 0).map((lines) => lines.join("\n"));
  return `${texts.join("\n\n")}\n`;
};

/** For people: a line for each finding, the remedy, the summary and what it proves. */
export const table: Format = {
  contentType: "text/plain; charset=utf-8",
  extension: "txt",
  render,
};
