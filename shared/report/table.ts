import picocolors from "picocolors";

import type { Finding, Status } from "../audit/finding.ts";
import type { Report, Summary } from "../audit/report.ts";
import {
  groupControls,
  type Relation,
  type RuleCard,
  type RuleSummary,
} from "../audit/rule-card.ts";
import { inColumns, longest, type Paint, plain, type Row } from "../text/columns.ts";
import type { Format } from "./format.ts";

type Colors = ReturnType<typeof picocolors.createColors>;

const HEAD = ["STATUS", "REGION", "REASON", "REQUEST ID"];

/**
 * One line a region, then what to do about those that are not compliant, then the sum and what it
 * means to be compliant.
 */
const render: Format["render"] = (report, { color, cards }) => {
  const colors = picocolors.createColors(color);
  return [
    renderRows(report.findings, colors),
    ...renderAdvice(report.findings, cards, colors),
    renderSummary(report, colors),
    ...renderMeanings(report, cards, colors),
    "",
  ].join("\n");
};

function renderRows(findings: readonly Finding[], colors: Colors): string {
  const rows = findings.map(({ status, regionId, reason, evidence }): Row => {
    const { mark, paint } = lookOf(status, colors);
    const cells = [`${mark} ${status}`, regionId, reason.code, evidence.requestId ?? "-"];
    return { cells, paints: [paint, plain, plain, colors.dim] };
  });
  return inColumns([{ cells: HEAD, paints: HEAD.map(() => colors.dim) }, ...rows]);
}

function renderAdvice(
  findings: readonly Finding[],
  cards: readonly RuleCard[],
  colors: Colors,
): string[] {
  const open = findings.filter(({ status }) => status !== "COMPLIANT");
  if (open.length === 0) return [""];
  const width = longest(open.map(({ regionId }) => regionId));
  return [
    "",
    ...open.map(({ regionId, status, reason }) => {
      const { mark, paint } = lookOf(status, colors);
      return `${paint(`${mark} ${regionId.padEnd(width)}`)}  ${reason.message}`;
    }),
    ...notesOf(findings, cards).map((note) => colors.dim(note)),
    "",
  ];
}

/** What to know before what is not compliant is made so, each text once. */
function notesOf(findings: readonly Finding[], cards: readonly RuleCard[]): string[] {
  const open = findings.filter(({ status }) => status === "NON_COMPLIANT");
  const notes = cards.flatMap((card) =>
    open
      .filter(({ ruleId }) => ruleId === card.id)
      .flatMap((finding) => card.remedy(finding).before?.en ?? []),
  );
  return [...new Set(notes)];
}

/** What it proves that a region is compliant, a line for each rule that some region complies with. */
function renderMeanings(
  { rules, findings }: Report,
  cards: readonly RuleCard[],
  colors: Colors,
): string[] {
  return rules
    .filter(({ id }) => hasStatus(findings, id, "COMPLIANT"))
    .map((rule) => {
      const limits = cards.find(({ id }) => id === rule.id)?.doesNotProve;
      const sentences = [
        `COMPLIANT means: ${[rule.title, ...bearings(rule)].join(", ")}.`,
        ...(limits === undefined ? [] : [`It does not prove ${limits}.`]),
      ];
      return colors.dim(sentences.join(" "));
    });
}

const BEARINGS: Readonly<Record<Relation, string>> = {
  implements: "which meets",
  precondition: "a precondition of",
};

/** How a rule bears on the controls of frameworks. */
function bearings({ controls }: RuleSummary): string[] {
  return groupControls(controls).map(({ relation, framework, ids }) => {
    const noun = ids.length === 1 ? "control" : "controls";
    return `${BEARINGS[relation]} ${framework} ${noun} ${new Intl.ListFormat("en").format(ids)}`;
  });
}

function hasStatus(findings: readonly Finding[], ruleId: string, status: Status): boolean {
  return findings.some((finding) => finding.ruleId === ruleId && finding.status === status);
}

/** How many regions there are of each status, in a line without its end. */
export function describeSummary(report: Report): string {
  return renderSummary(report, picocolors.createColors(false));
}

function renderSummary(report: Report, colors: Colors): string {
  const { summary, scope, startedAt, finishedAt } = report;
  const seconds = ((Date.parse(finishedAt) - Date.parse(startedAt)) / 1_000).toFixed(1);
  const account = `${scope.accounts.join(", ")}${report.accountAssumed === true ? " (assumed)" : ""}`;
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

/** For people: a line a region, the remedy, the summary and what it proves. */
export const table: Format = {
  contentType: "text/plain; charset=utf-8",
  extension: "txt",
  render,
};
