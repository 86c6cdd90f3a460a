import type { createColors } from "picocolors";

import { cleanText } from "../../../../shared/text/clean-text.ts";
import { longest, type Paint, plain } from "../../../../shared/text/columns.ts";
import { displayWidth } from "../../../../shared/text/display-width.ts";
import type { Marks } from "../../../../shared/text/marks.ts";
import type { DoctorReport, ReportedCheck } from "./doctor-report.ts";
import type { CheckStatus } from "./outcome.ts";

export interface DescribeOptions {
  readonly colors: ReturnType<typeof createColors>;
  readonly marks: Marks;
  /** Columns of the terminal; null not to wrap lines. */
  readonly width: number | null;
  /** Only problems. */
  readonly quiet: boolean;
  /** Also the endpoint, the request id and the duration. */
  readonly verbose: boolean;
}

/** Bytes of a line: texts from outside are shorter. */
const MAX_LINE_BYTES = 4_000;
/** Between the title and what was found. */
const GAP = "  ";
/** A narrower column is hard to read, so a line rather exceeds the terminal. */
const MIN_TEXT_COLUMNS = 30;

/** The report for people: a line a check, and what to do below it. */
export function describeReport(report: DoctorReport, options: DescribeOptions): string {
  const { colors, quiet } = options;
  const shown = report.checks.filter(({ status }) => !quiet || status === "problem");
  const titleWidth = longest(shown.map(({ title }) => title));
  const lines = shown.flatMap((check) => describeCheck(check, titleWidth, options));
  if (quiet) return lines.map((line) => `${line}\n`).join("");
  const hasReceivers = report.checks.some(({ id }) => id.startsWith("receiver:"));
  const notes = [
    "",
    describeSummary(report),
    ...(hasReceivers
      ? [colors.dim("A connection proves no delivery: flowlog-guard alert test sends a message.")]
      : []),
  ];
  return [...lines, ...notes].map((line) => `${line}\n`).join("");
}

function describeCheck(
  check: ReportedCheck,
  titleWidth: number,
  { colors, marks, width, verbose }: DescribeOptions,
): string[] {
  const { status, title, detail, lines, fix } = check;
  const [mark, paint] = lookOf(status, marks, colors);
  const indent = displayWidth(mark) + 1 + titleWidth + GAP.length;
  const columns = width === null ? Infinity : Math.max(MIN_TEXT_COLUMNS, width - indent - 1);
  const wrapped = (text: string, first: string, paintText: Paint): string[] =>
    wrap(cleanText(text, MAX_LINE_BYTES), columns - first.length).map((line, index) =>
      paintText(`${index === 0 ? first : " ".repeat(first.length)}${line}`),
    );
  const body = [
    ...wrapped(detail, "", status === "ok" || status === "skipped" ? colors.dim : plain),
    ...lines.flatMap((line) => wrapped(line, "- ", plain)),
    ...(fix === null ? [] : wrapped(fix, "-> ", colors.bold)),
    ...(verbose ? [colors.dim(describeExchange(check))] : []),
  ];
  const head = `${paint(mark)} ${title}${" ".repeat(titleWidth - displayWidth(title))}${GAP}`;
  return body.map((line, index) => `${index === 0 ? head : " ".repeat(indent)}${line}`);
}

function describeExchange(check: ReportedCheck): string {
  const { endpoint, httpStatus, requestId, durationMs, code } = check;
  return [
    code,
    endpoint,
    httpStatus === null ? null : `HTTP ${httpStatus}`,
    requestId === null ? null : `request ${requestId}`,
    `${durationMs} ms`,
  ]
    .filter((part) => part !== null)
    .join(", ");
}

function lookOf(
  status: CheckStatus,
  { good, warning, bad, neutral }: Marks,
  colors: DescribeOptions["colors"],
): readonly [mark: string, paint: Paint] {
  switch (status) {
    case "ok":
      return [good, colors.green];
    case "warning":
      return [warning, colors.yellow];
    case "problem":
      return [bad, colors.red];
    case "skipped":
      return [neutral, colors.dim];
  }
}

function describeSummary({ summary }: DoctorReport): string {
  const { ok, warning, problem, skipped } = summary;
  const parts = [
    problem > 0 && (problem === 1 ? "1 problem" : `${problem} problems`),
    warning > 0 && (warning === 1 ? "1 warning" : `${warning} warnings`),
    skipped > 0 && `${skipped} not tried`,
    `${ok} fine`,
  ].filter((part) => part !== false);
  return `${problem === 0 ? "Nothing is wrong" : "Something is wrong"}: ${parts.join(", ")}.`;
}

/** Divides a text into lines between words. */
function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && displayWidth(longer) > columns) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}
