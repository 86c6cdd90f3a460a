import Table from "cli-table3";
import picocolors from "picocolors";

import type { Finding, Status } from "../audit/finding.ts";
import { type Report, type Summary, UNKNOWN_ACCOUNT } from "../audit/report.ts";
import type { Format } from "./format.ts";

type Paint = (text: string) => string;
type Colors = ReturnType<typeof picocolors.createColors>;

const HEAD = ["STATUS", "REGION", "REASON", "REQUEST ID"];

/** One line a region, then what to do about those that are not compliant, then the sum. */
export const table: Format = (report, { color }) => {
  const colors = picocolors.createColors(color);
  return [
    renderRows(report.findings, colors),
    ...renderAdvice(report.findings, colors),
    renderSummary(report, colors),
    "",
  ].join("\n");
};

function renderRows(findings: readonly Finding[], colors: Colors): string {
  const rows = new Table({
    chars: NO_BORDERS,
    style: { head: [], "padding-left": 0, "padding-right": 3 },
  });
  rows.push(HEAD.map((title) => colors.dim(title)));
  for (const { status, regionId, reason, evidence } of findings) {
    const { mark, paint } = lookOf(status, colors);
    rows.push([
      paint(`${mark} ${status}`),
      regionId,
      reason.code,
      colors.dim(evidence.requestId ?? "-"),
    ]);
  }
  return rows
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}

function renderAdvice(findings: readonly Finding[], colors: Colors): string[] {
  const open = findings.filter(({ status }) => status !== "COMPLIANT");
  if (open.length === 0) return [""];
  const width = Math.max(...open.map(({ regionId }) => regionId.length));
  return [
    "",
    ...open.map(({ regionId, status, reason }) => {
      const { mark, paint } = lookOf(status, colors);
      return `${paint(`${mark} ${regionId.padEnd(width)}`)}  ${reason.message}`;
    }),
    "",
  ];
}

function renderSummary({ summary, caller, startedAt, finishedAt }: Report, colors: Colors): string {
  const seconds = ((Date.parse(finishedAt) - Date.parse(startedAt)) / 1_000).toFixed(1);
  const account = caller?.accountId ?? UNKNOWN_ACCOUNT;
  const counts = countsOf(summary)
    .filter(([count]) => count > 0)
    .map(([count, words, status]) => lookOf(status, colors).paint(`${count} ${words}`));
  const regions = summary.total === 1 ? "1 region" : `${summary.total} regions`;
  return `${colors.bold(regions)} of account ${account}: ${counts.join(", ")} ${colors.dim(`(${seconds} s)`)}`;
}

function countsOf(summary: Summary): readonly (readonly [number, string, Status])[] {
  return [
    [summary.compliant, "compliant", "COMPLIANT"],
    [summary.nonCompliant, "not compliant", "NON_COMPLIANT"],
    [summary.insufficientData, "could not be read", "INSUFFICIENT_DATA"],
    [summary.notApplicable, "not applicable", "NOT_APPLICABLE"],
    [summary.ignored, "ignored", "IGNORED"],
  ];
}

/** A mark beside the colour, for those who see no colours. */
function lookOf(status: Status, colors: Colors): { readonly mark: string; readonly paint: Paint } {
  switch (status) {
    case "COMPLIANT":
      return { mark: "✔", paint: colors.green };
    case "NON_COMPLIANT":
      return { mark: "✖", paint: colors.red };
    case "INSUFFICIENT_DATA":
      return { mark: "?", paint: colors.yellow };
    case "NOT_APPLICABLE":
    case "IGNORED":
      return { mark: "-", paint: colors.dim };
  }
}

const NO_BORDERS = Object.fromEntries(
  [
    ...["top", "top-mid", "top-left", "top-right", "bottom", "bottom-mid", "bottom-left"],
    ...["bottom-right", "left", "left-mid", "mid", "mid-mid", "right", "right-mid", "middle"],
  ].map((part) => [part, ""]),
);
