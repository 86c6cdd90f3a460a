import { groupBy } from "../../audit/group-by.ts";
import { cellText } from "../../report/table/cell-text.ts";
import { lookOf, markOf, type TableStyle } from "../../report/table/status-look.ts";
import { inColumns, longest, type Paint, plain } from "../../text/columns.ts";
import { shortenMiddle } from "../../text/shorten-middle.ts";
import type { SubjectHistory } from "../history.ts";
import type { HistoryWords } from "../words/history-words.ts";

/** A column of the table. */
interface Column {
  readonly head: string;
  readonly cellOf: (subject: SubjectHistory) => string;
}

/** In place of what a subject does not have. */
const NONE = "-";
/** The width to which ids of resources become shorter where lines have a limit. */
const MIN_RESOURCE_WIDTH = 13;

/**
 * A line for each subject under the heads of the columns. Accounts and resources have a column where they
 * distinguish subjects. Where a line would be longer than the terminal is wide, each subject has a block.
 */
export function subjectLines(
  subjects: readonly SubjectHistory[],
  accountNames: ReadonlyMap<string, string>,
  columns: number | null,
  style: TableStyle,
  words: HistoryWords,
): string[] {
  const { ellipsis } = style.marks;
  const limit = columns ?? Infinity;
  const whole = columnsFor(subjects, accountNames, style, words, (id) => id);
  const lines = linesIn(whole, subjects, style);
  if (longest(lines.plain) <= limit) return lines.painted;
  const shorter = columnsFor(subjects, accountNames, style, words, (id) =>
    shortenMiddle(id, MIN_RESOURCE_WIDTH, ellipsis),
  );
  const shorterLines = linesIn(shorter, subjects, style);
  if (longest(shorterLines.plain) <= limit) return shorterLines.painted;
  return subjects.flatMap((subject) => blockOf(whole, subject, style, words));
}

function columnsFor(
  subjects: readonly SubjectHistory[],
  accountNames: ReadonlyMap<string, string>,
  style: TableStyle,
  words: HistoryWords,
  shorten: (id: string) => string,
): readonly Column[] {
  const { heads } = words;
  const hasAccounts = groupBy(subjects, ({ accountId }) => accountId).size > 1;
  const hasResources = subjects.some(({ resource }) => resource !== null);
  return [
    { head: heads.status, cellOf: (subject) => statusOf(subject, style, words) },
    ...(hasAccounts
      ? [{ head: heads.account, cellOf: (it: SubjectHistory) => accountOf(it, accountNames) }]
      : []),
    { head: heads.region, cellOf: ({ regionId }) => cellText(regionId) },
    ...(hasResources
      ? [
          {
            head: heads.resource,
            cellOf: ({ resource }: SubjectHistory) => shorten(cellText(resource?.id ?? NONE)),
          },
        ]
      : []),
    { head: heads.since, cellOf: ({ since }) => words.time(since) },
    { head: heads.days, cellOf: ({ days }) => `${days.covered}/${days.total}` },
    { head: heads.first, cellOf: ({ firstObserved }) => firstObserved?.slice(0, 10) ?? NONE },
    { head: heads.last, cellOf: ({ lastObserved }) => lastObserved?.slice(0, 10) ?? NONE },
  ];
}

/** What was known before is said of a subject that is not readable, exempt or gone. */
function statusOf(
  { status, lastKnown }: SubjectHistory,
  { marks }: TableStyle,
  words: HistoryWords,
): string {
  const { statuses } = words.report;
  const mark = status === null ? marks.neutral : markOf(status, marks);
  const word = `${mark} ${status === null ? words.gone : statuses[status]}`;
  const isSaid = status !== null && status === lastKnown;
  return isSaid || lastKnown === null ? word : `${word} (${statuses[lastKnown]})`;
}

function accountOf({ accountId }: SubjectHistory, names: ReadonlyMap<string, string>): string {
  const name = cellText(names.get(accountId) ?? "");
  return name === "" ? cellText(accountId) : `${name} (${cellText(accountId)})`;
}

function linesIn(
  columns: readonly Column[],
  subjects: readonly SubjectHistory[],
  style: TableStyle,
): { readonly plain: readonly string[]; readonly painted: string[] } {
  const heads = columns.map(({ head }) => head);
  const rows = subjects.map((subject) => ({
    cells: columns.map(({ cellOf }) => cellOf(subject)),
    paints: [paintOf(subject, style)],
  }));
  const all = (headPaint: Paint) => [{ cells: heads, paints: heads.map(() => headPaint) }, ...rows];
  const bare = all(plain).map((row) => ({ ...row, paints: [] }));
  return {
    plain: inColumns(bare).split("\n"),
    painted: inColumns(all(style.colors.dim)).split("\n"),
  };
}

function blockOf(
  columns: readonly Column[],
  subject: SubjectHistory,
  style: TableStyle,
  words: HistoryWords,
): string[] {
  const [status, ...rest] = columns;
  return [
    paintOf(subject, style)(status?.cellOf(subject) ?? ""),
    ...rest.map(({ head, cellOf }) => `  ${words.label(head)} ${cellOf(subject)}`),
  ];
}

function paintOf({ status }: SubjectHistory, style: TableStyle): Paint {
  return status === null ? style.colors.dim : lookOf(status, style).paint;
}
