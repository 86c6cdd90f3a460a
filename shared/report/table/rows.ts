import type { Finding } from "../../audit/finding.ts";
import { columnsIn, fitColumns, linesInColumns, resourceColumns, widthOf } from "./column.ts";
import { linesByRegion, type RowOptions } from "./lines-by-region.ts";

/**
 * The lines of the table, below their heads: one for each finding, which has all of its columns where
 * they fit. Where they do not, the request ids are left out, then the ids of the resources are
 * shortened, then their names. Where that is not enough, regions are headings, and findings of the same
 * status, rule and reason share a line with their resources below it.
 *
 * @param regions - the findings of each region; none is without findings
 */
export function rowLines(
  regions: readonly (readonly Finding[])[],
  options: RowOptions,
): readonly string[] {
  const { colors, withRules, limit } = options;
  const findings = regions.flat();
  if (findings.length === 0) return [];
  const { status, rule, region, reason, requestId } = columnsIn(colors);
  const columns = [
    status,
    ...(withRules ? [rule] : []),
    region,
    ...resourceColumns(findings, colors),
    reason,
  ];
  const all = [...columns, requestId];
  if (widthOf(all, findings) <= limit) return linesInColumns(all, findings, colors);
  const fitted = fitColumns(columns, findings, limit);
  return fitted.fits
    ? linesInColumns(fitted.columns, findings, colors)
    : linesByRegion(regions, options);
}
