import type { Finding } from "../../audit/finding.ts";
import { clipText } from "../../text/clean-text.ts";
import { COLUMN_GAP, inColumns, longest, type Paint, plain } from "../../text/columns.ts";
import { displayWidth } from "../../text/display-width.ts";
import { shortenMiddle } from "../../text/shorten-middle.ts";
import type { AccountLabel } from "./account-label.ts";
import { cellText } from "./cell-text.ts";
import { lookOf, type TableStyle } from "./status-look.ts";

/** A column of the table. */
export interface Column {
  readonly head: string;
  readonly cellOf: (finding: Finding) => string;
  readonly paintOf: (finding: Finding) => Paint;
  /** How its cells become shorter where lines have a limit. Those of other columns stay whole. */
  readonly shortening?: Shortening;
}

interface Shortening {
  /** The width that is left to it at least, in characters. */
  readonly minWidth: number;
  readonly shorten: (text: string, width: number) => string;
}

/** In place of what a finding does not have. */
const NONE = "-";

/** The columns that the table may have. */
export function columnsIn(style: TableStyle) {
  const { colors, marks, words } = style;
  const { heads } = words;
  const column = (head: string, cellOf: Column["cellOf"], paint: Paint = plain): Column => ({
    head,
    cellOf,
    paintOf: () => paint,
  });
  return {
    status: {
      head: heads.status,
      cellOf: ({ status }) => `${lookOf(status, style).mark} ${words.statuses[status]}`,
      paintOf: ({ status }) => lookOf(status, style).paint,
    },
    account: (label: AccountLabel) => column(heads.account, ({ accountId }) => label(accountId)),
    rule: column(heads.rule, ({ ruleId }) => cellText(ruleId)),
    region: column(heads.region, ({ regionId }) => cellText(regionId)),
    resource: {
      ...column(heads.resource, ({ resource }) => cellText(resource?.id ?? "") || NONE),
      shortening: {
        minWidth: 13,
        shorten: (text, width) => shortenMiddle(text, width, marks.ellipsis),
      },
    },
    name: {
      ...column(heads.name, ({ resource }) => cellText(resource?.name ?? "") || NONE),
      shortening: {
        minWidth: 12,
        shorten: (text, width) => clipText(text, width, displayWidth, marks.ellipsis),
      },
    },
    reason: column(heads.reason, ({ reason }) => cellText(reason.code)),
    requestId: column(
      heads.requestId,
      ({ evidence }) => cellText(evidence.requestId ?? "") || NONE,
      colors.dim,
    ),
  } satisfies Record<string, Column | ((label: AccountLabel) => Column)>;
}

/** The columns that say which resource a finding is about, where some finding is about one. */
export function resourceColumns(
  findings: readonly Finding[],
  style: TableStyle,
): readonly Column[] {
  const { resource, name } = columnsIn(style);
  const isNamed = findings.some((finding) => cellText(finding.resource?.name ?? "") !== "");
  const isAboutResources = findings.some((finding) => finding.resource !== undefined);
  return [...(isAboutResources ? [resource] : []), ...(isNamed ? [name] : [])];
}

/** The width of a line in columns, in characters. */
export function widthOf(columns: readonly Column[], findings: readonly Finding[]): number {
  return sumWithGaps(columns.map((column) => cellWidthOf(column, findings)));
}

function cellWidthOf({ head, cellOf }: Column, findings: readonly Finding[]): number {
  return longest([head, ...findings.map(cellOf)]);
}

function sumWithGaps(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, COLUMN_GAP.length * (widths.length - 1));
}

/** Columns whose cells are as short as a limit asks for, and whether a line can be that short. */
export interface FittedColumns {
  readonly columns: readonly Column[];
  readonly fits: boolean;
}

/**
 * Shortens columns one after another, as far as they can be, until no line is wider than a limit.
 *
 * @param limit - in characters
 */
export function fitColumns(
  columns: readonly Column[],
  findings: readonly Finding[],
  limit: number,
): FittedColumns {
  const widths = columns.map((column) => cellWidthOf(column, findings));
  let excess = sumWithGaps(widths) - limit;
  const fitted = columns.map((column, index): Column => {
    const { cellOf, shortening } = column;
    if (excess <= 0 || shortening === undefined) return column;
    const width = widths[index] ?? 0;
    const shorter = Math.max(Math.min(width, shortening.minWidth), width - excess);
    excess -= width - shorter;
    return { ...column, cellOf: (finding) => shortening.shorten(cellOf(finding), shorter) };
  });
  return { columns: fitted, fits: excess <= 0 };
}

/** The heads of columns and a line for each finding. */
export function linesInColumns(
  columns: readonly Column[],
  findings: readonly Finding[],
  { colors }: TableStyle,
): string[] {
  const head = { cells: columns.map((it) => it.head), paints: columns.map(() => colors.dim) };
  const rows = findings.map((finding) => ({
    cells: columns.map(({ cellOf }) => cellOf(finding)),
    paints: columns.map(({ paintOf }) => paintOf(finding)),
  }));
  return inColumns([head, ...rows]).split("\n");
}
