import type { Finding, Status } from "../../audit/finding.ts";
import type { ReportWords } from "../words/report-words.ts";
import type { AccountLabel } from "./account-label.ts";
import {
  type AccountView,
  type FineAccount,
  type OneReasonAccount,
  viewOf,
} from "./account-view.ts";
import { cellText } from "./cell-text.ts";
import type { LaidOutRows } from "./laid-out-rows.ts";
import type { RowOptions } from "./lines-by-region.ts";
import type { AccountFindings } from "./order-findings.ts";
import { layOutRows } from "./rows.ts";
import { lookOf, type TableStyle } from "./status-look.ts";
import { describeStatuses } from "./summary.ts";

export interface AccountLineOptions extends RowOptions {
  readonly accountLabel: AccountLabel;
  /** The statuses of the findings to show; null for those that need attention, and a count of the rest. */
  readonly only: readonly Status[] | null;
}

/** The lines of a table of several accounts; those of each account in the place of a region's. */
export interface AccountLines extends LaidOutRows {
  /** How many findings share a line with others, or are only counted. */
  readonly summarized: number;
}

/** If more accounts than this are without a problem, they share one line. */
const MAX_FINE_ACCOUNTS = 20;

const INDENT = "  ";

/**
 * The lines of several accounts, few enough to be read on a terminal: below each account its findings
 * that need attention. An account has one line where one reason holds in all of its regions, as with a
 * role that is refused, and where nothing is wrong.
 *
 * @param accounts - see `findingsByAccount`
 */
export function accountLines(
  accounts: readonly AccountFindings[],
  options: AccountLineOptions,
): AccountLines {
  const { accountLabel: label, style, limit, only } = options;
  const { colors, words } = style;
  const views = accounts.map((account) => viewOf(account, only)).filter((view) => view !== null);
  const { heads, regions } = layOutRows(
    views.flatMap((view) => (view.kind === "listed" ? view.regions : [])),
    { ...options, accountLabel: null, limit: limit - INDENT.length },
  );
  const rows = regions.values();
  const linesOf = (view: AccountView): readonly string[] => {
    if (view.kind === "fine") return [];
    if (view.kind === "one-reason") return [oneReasonLine(view, label, style)];
    const counts =
      view.counted.length === 0 ? "" : words.andCounts(describeStatuses(view.counted, words));
    return [
      `${colors.bold(label(view.accountId))}${colors.dim(counts)}`,
      ...view.regions.flatMap(() => rows.next().value ?? []).map((line) => `${INDENT}${line}`),
    ];
  };
  return {
    heads: [
      ...(heads.length === 0 ? [] : [colors.dim(words.heads.account)]),
      ...heads.map((head) => `${INDENT}${head}`),
    ],
    regions: [
      ...views.map(linesOf),
      fineLines(
        views.filter((view) => view.kind === "fine"),
        label,
        style,
      ),
    ],
    summarized: views
      .map((view) => (view.kind === "listed" ? view.counted : view.findings).length)
      .reduce((sum, count) => sum + count, 0),
  };
}

function oneReasonLine(
  { accountId, regionCount, findings: [finding] }: OneReasonAccount,
  label: AccountLabel,
  style: TableStyle,
): string {
  const { mark, paint } = lookOf(finding?.status ?? "INSUFFICIENT_DATA", style);
  const code = cellText(finding?.reason.code ?? "");
  const { colors, words } = style;
  return `${paint(mark)} ${words.inAllRegions(colors.bold(label(accountId)), paint(code), regionCount)}`;
}

function fineLines(
  accounts: readonly FineAccount[],
  label: AccountLabel,
  style: TableStyle,
): readonly string[] {
  const { colors, words } = style;
  const line = (subject: string, some: readonly FineAccount[]): string => {
    const isAnyCompliant = some.some(({ findings }) => findings.some(isCompliant));
    const { mark, paint } = lookOf(isAnyCompliant ? "COMPLIANT" : "NOT_APPLICABLE", style);
    return `${paint(mark)} ${words.fine(subject, describeFine(some, words))}`;
  };
  return accounts.length > MAX_FINE_ACCOUNTS
    ? [line(colors.bold(words.counted(accounts.length, "account")), accounts)]
    : accounts.map((account) => line(colors.bold(label(account.accountId)), [account]));
}

/** What is known of accounts in which nothing is wrong: `30 regions compliant`. */
function describeFine(accounts: readonly FineAccount[], words: ReportWords): string {
  const findings = accounts.flatMap((account) => account.findings);
  const regionCount = accounts.reduce((sum, account) => sum + account.regionCount, 0);
  return findings.length === regionCount && findings.every(isCompliant)
    ? words.regionsCompliant(regionCount)
    : words.countsInRegions(describeStatuses(findings, words), regionCount);
}

function isCompliant({ status }: Finding): boolean {
  return status === "COMPLIANT";
}
