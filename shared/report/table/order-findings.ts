import { compareIds } from "../../audit/compare-ids.ts";
import type { Finding } from "../../audit/finding.ts";
import { groupBy } from "../../audit/group-by.ts";
import { isOneFindingPerRegion, type Report } from "../../audit/report.ts";
import { rankOf } from "../status-order.ts";

/** The rank of a region in which nothing is non-compliant or unreadable. */
const RANK_WITHOUT_PROBLEMS = rankOf("IGNORED");

/**
 * Orders findings for a reader: by region, one that is not compliant before one that could not be read
 * before the others; in a region by status, the worst first, then by rule, reason and resource. A report
 * with one finding for each region keeps its order.
 *
 * @returns the findings of each region of each account
 */
export function findingsByRegion(report: Report): readonly (readonly Finding[])[] {
  const regions = [
    ...groupBy(report.findings, ({ accountId, regionId }) => JSON.stringify([accountId, regionId])),
  ].map(([, findings]) => findings);
  if (isOneFindingPerRegion(report)) return regions;
  const placeOfRule = new Map(report.rules.map(({ id }, place) => [id, place]));
  const compare = (a: Finding, b: Finding): number =>
    rankOf(a.status) - rankOf(b.status) ||
    (placeOfRule.get(a.ruleId) ?? 0) - (placeOfRule.get(b.ruleId) ?? 0) ||
    compareIds(a.reason.code, b.reason.code) ||
    compareIds(a.resource?.id ?? "", b.resource?.id ?? "") ||
    compareIds(a.resource?.type ?? "", b.resource?.type ?? "");
  return regions
    .map((findings) => findings.toSorted(compare))
    .toSorted((a, b) => rankOfRegion(a) - rankOfRegion(b));
}

/** The findings of an account, by region. */
export interface AccountFindings {
  readonly accountId: string;
  readonly regions: readonly (readonly Finding[])[];
}

/**
 * Orders the findings of a report with several accounts: accounts in which something is not compliant
 * before those in which something could not be read before the others; then by region, see
 * {@link findingsByRegion}.
 */
export function findingsByAccount(report: Report): readonly AccountFindings[] {
  const regionsOf = groupBy(findingsByRegion(report), ([first]) => first?.accountId ?? "");
  return [...regionsOf]
    .map(([accountId, regions]) => ({
      accountId,
      regions,
      rank: regions.reduce((rank, region) => Math.min(rank, rankOfRegion(region)), Infinity),
    }))
    .toSorted((a, b) => a.rank - b.rank || compareIds(a.accountId, b.accountId));
}

/** @param findings - of one region, the worst first, or one alone */
function rankOfRegion([worst]: readonly Finding[]): number {
  return worst === undefined
    ? RANK_WITHOUT_PROBLEMS
    : Math.min(rankOf(worst.status), RANK_WITHOUT_PROBLEMS);
}
