import picocolors from "picocolors";

import type { Finding, Status } from "../audit/finding.ts";
import { isOneFindingPerRegion, type Report, type Summary } from "../audit/report.ts";
import {
  groupControls,
  type Relation,
  type RuleCard,
  type RuleSummary,
} from "../audit/rule-card.ts";
import { inColumns, longest, type Paint, plain, type Row } from "../text/columns.ts";
import type { Format } from "./format.ts";

type Colors = ReturnType<typeof picocolors.createColors>;

/**
 * One line a finding, then what to do about those that are not compliant, then the summary and what
 * compliance proves. Rules and resources have a column where they distinguish findings.
 */
const render: Format["render"] = (report, { color, cards }) => {
  const colors = picocolors.createColors(color);
  return [
    renderRows(report, colors),
    ...renderAdvice(report.findings, cards, colors),
    renderSummary(report, colors),
    ...renderMeanings(report, cards, colors),
    "",
  ].join("\n");
};

interface Column {
  readonly head: string;
  readonly cellOf: (finding: Finding) => string;
  readonly paintOf: (finding: Finding) => Paint;
}

function renderRows({ rules, findings }: Report, colors: Colors): string {
  const column = (head: string, cellOf: Column["cellOf"], paint: Paint = plain): Column => ({
    head,
    cellOf,
    paintOf: () => paint,
  });
  const columns: readonly Column[] = [
    {
      head: "STATUS",
      cellOf: ({ status }) => `${lookOf(status, colors).mark} ${status}`,
      paintOf: ({ status }) => lookOf(status, colors).paint,
    },
    ...(rules.length > 1 ? [column("RULE", ({ ruleId }) => ruleId)] : []),
    column("REGION", ({ regionId }) => regionId),
    ...(findings.some(({ resource }) => resource !== undefined)
      ? [column("RESOURCE", ({ resource }) => resource?.id ?? "-")]
      : []),
    column("REASON", ({ reason }) => reason.code),
    column("REQUEST ID", ({ evidence }) => evidence.requestId ?? "-", colors.dim),
  ];
  const head = { cells: columns.map((it) => it.head), paints: columns.map(() => colors.dim) };
  const rows = findings.map((finding): Row => ({
    cells: columns.map(({ cellOf }) => cellOf(finding)),
    paints: columns.map(({ paintOf }) => paintOf(finding)),
  }));
  return inColumns([head, ...rows]);
}

function renderAdvice(
  findings: readonly Finding[],
  cards: readonly RuleCard[],
  colors: Colors,
): string[] {
  const open = findings.filter(
    ({ status }) => status !== "COMPLIANT" && status !== "NOT_APPLICABLE",
  );
  if (open.length === 0) return [""];
  const width = longest(open.map(placeOf));
  return [
    "",
    ...open.map((finding) => {
      const { mark, paint } = lookOf(finding.status, colors);
      return `${paint(`${mark} ${placeOf(finding).padEnd(width)}`)}  ${finding.reason.message}`;
    }),
    ...notesOf(findings, cards).map((note) => colors.dim(note)),
    "",
  ];
}

/** The notes to read before applying a remedy, each text once. */
function notesOf(findings: readonly Finding[], cards: readonly RuleCard[]): string[] {
  const open = findings.filter(({ status }) => status === "NON_COMPLIANT");
  const notes = cards.flatMap((card) =>
    open
      .filter(({ ruleId }) => ruleId === card.id)
      .flatMap((finding) => card.remedy(finding).before?.en ?? []),
  );
  return [...new Set(notes)];
}

/** The region, and the resource where the finding is about one. */
function placeOf({ regionId, resource }: Finding): string {
  return resource === undefined ? regionId : `${regionId} ${resource.id}`;
}

/** What compliance proves, a line for each rule that some finding is compliant with. */
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

/** The relations of a rule to controls of frameworks. */
function bearings({ controls }: RuleSummary): string[] {
  return groupControls(controls).map(({ relation, framework, ids }) => {
    const noun = ids.length === 1 ? "control" : "controls";
    return `${BEARINGS[relation]} ${framework} ${noun} ${new Intl.ListFormat("en").format(ids)}`;
  });
}

function hasStatus(findings: readonly Finding[], ruleId: string, status: Status): boolean {
  return findings.some((finding) => finding.ruleId === ruleId && finding.status === status);
}

/** How many findings there are of each status, in a line without its end. */
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
  return `${colors.bold(describeTotal(report))} of account ${account}: ${counts.join(", ")} ${colors.dim(`(${seconds} s)`)}`;
}

function describeTotal(report: Report): string {
  const { accounts, summary } = report;
  const regions = describeCount(
    accounts.reduce((count, account) => count + account.regions.length, 0),
    "region",
  );
  return isOneFindingPerRegion(report)
    ? regions
    : `${describeCount(summary.total, "finding")} in ${regions}`;
}

function describeCount(count: number, noun: string): string {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
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

/** A mark beside the colour, for readers and terminals without colours. */
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
