import type { Finding } from "../../audit/finding.ts";
import { columnsIn, fitColumns, linesInColumns, resourceColumns, widthOf } from "./column.ts";
import { type LaidOutRows, splitLike } from "./laid-out-rows.ts";
import { linesByRegion, type RowOptions } from "./lines-by-region.ts";

/**
 * The lines of the table and their heads: a line for each finding, which has all of its columns where
 * they fit. Where they do not, the request ids are left out, then the ids of the resources are
 * shortened, then their names. Where that is not enough, regions are headings, and findings of the same
 * status, rule and reason share a line with their resources below it.
 *
 * @param regions - the findings of each region; none is without findings
 */
export function layOutRows(
  regions: readonly (readonly Finding[])[],
  options: RowOptions,
): LaidOutRows {
  const { style, withRules, accountLabel, limit } = options;
  const findings = regions.flat();
  if (findings.length === 0) return { heads: [], regions: [] };
  const { status, account, rule, region, reason, requestId } = columnsIn(style);
  const columns = [
    status,
    ...(accountLabel === null ? [] : [account(accountLabel)]),
    ...(withRules ? [rule] : []),
    region,
    ...resourceColumns(findings, style),
    reason,
  ];
  const all = [...columns, requestId];
  const fitted =
    widthOf(all, findings) <= limit
      ? { columns: all, fits: true }
      : fitColumns(columns, findings, limit);
  if (!fitted.fits) return linesByRegion(regions, options);
  const [head = "", ...lines] = linesInColumns(fitted.columns, findings, style);
  return { heads: [head], regions: splitLike(lines, regions) };
}
