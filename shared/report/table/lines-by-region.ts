import type { Finding } from "../../audit/finding.ts";
import { COLUMN_GAP } from "../../text/columns.ts";
import type { AccountLabel } from "./account-label.ts";
import { cellText } from "./cell-text.ts";
import { columnsIn, fitColumns, linesInColumns, resourceColumns } from "./column.ts";
import { type LaidOutRows, splitLike } from "./laid-out-rows.ts";
import type { TableStyle } from "./status-look.ts";

/** How the findings of a table are laid out. */
export interface RowOptions {
  readonly style: TableStyle;
  /** Whether findings of several rules have to be told apart. */
  readonly withRules: boolean;
  /** What a column calls the account of each finding; null where no column tells accounts apart. */
  readonly accountLabel: AccountLabel | null;
  /** The width that no line may exceed, in characters; `Infinity` where there is no limit. */
  readonly limit: number;
}

const INDENT = "  ";

/**
 * The lines of a table that is too narrow for a line with everything: the id of each region, below it
 * each status, rule and reason there, and below these their resources.
 *
 * @param regions - the findings of each region; none is without findings
 */
export function linesByRegion(
  regions: readonly (readonly Finding[])[],
  { style, withRules, limit }: RowOptions,
): LaidOutRows {
  const { colors, words } = style;
  const { status, rule, reason } = columnsIn(style);
  const verdicts = regions.map(verdictsOf);
  const [head = "", ...lines] = linesInColumns(
    [status, ...(withRules ? [rule] : []), reason],
    verdicts.flat().map(({ finding }) => finding),
    style,
  );
  const linesOf = splitLike(lines, verdicts);
  return {
    heads: [
      colors.dim(words.heads.region),
      `${INDENT}${head}`,
      ...headsOfResources(regions.flat(), style),
    ],
    regions: verdicts.map((ofRegion, region) => [
      colors.bold(cellText(ofRegion[0]?.finding.regionId ?? "")),
      ...ofRegion.flatMap(({ resources }, index) => [
        `${INDENT}${linesOf[region]?.[index] ?? ""}`,
        ...resourceLines(resources, limit, style),
      ]),
    ]),
  };
}

/** The findings of a region that share a line, because status, rule and reason are the same. */
interface SharedVerdict {
  /** One of them. */
  readonly finding: Finding;
  /** Those that are about resources. */
  readonly resources: Finding[];
}

function verdictsOf(findings: readonly Finding[]): readonly SharedVerdict[] {
  const verdicts = new Map<string, SharedVerdict>();
  for (const finding of findings) {
    const { status, ruleId, reason, resource } = finding;
    const key = JSON.stringify([status, ruleId, reason.code]);
    const verdict = verdicts.get(key) ?? { finding, resources: [] };
    verdicts.set(key, verdict);
    if (resource !== undefined) verdict.resources.push(finding);
  }
  return [...verdicts.values()];
}

/** Not aligned, since each list of resources has widths of its own. */
function headsOfResources(findings: readonly Finding[], style: TableStyle): readonly string[] {
  const heads = resourceColumns(findings, style).map(({ head }) => style.colors.dim(head));
  return heads.length === 0 ? [] : [`${INDENT}${INDENT}${heads.join(COLUMN_GAP)}`];
}

function resourceLines(
  findings: readonly Finding[],
  limit: number,
  style: TableStyle,
): readonly string[] {
  const indent = `${INDENT}${INDENT}`;
  const columns = resourceColumns(findings, style);
  const fitted = fitColumns(columns, findings, limit - indent.length);
  const [, ...lines] = linesInColumns(fitted.columns, findings, style);
  return lines.map((line) => `${indent}${line}`);
}
