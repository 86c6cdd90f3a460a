import type { Report } from "../audit/report.ts";
import { keyOf } from "../audit/subject.ts";

/**
 * Whether a report is complete: for every account, region and rule in scope there is one
 * finding about the region, or one for each of its resources; never both, none twice, and none about
 * anything else.
 */
export function isComplete({ accounts, findings }: Pick<Report, "accounts" | "findings">): boolean {
  const regionsOf = regionSets(accounts);
  const ruleIds = new Set(findings.map(({ ruleId }) => ruleId));
  const subjects = new Set<string>();
  /** By account, region and rule: whether the findings there are about resources. */
  const answered = new Map<string, boolean>();
  for (const finding of findings) {
    const { ruleId, accountId, regionId, resource } = finding;
    if (regionsOf.get(accountId)?.has(regionId) !== true) return false;
    subjects.add(keyOf(finding));
    const region = keyOf({ ruleId, accountId, regionId });
    const isAboutResources = resource !== undefined;
    if ((answered.get(region) ?? isAboutResources) !== isAboutResources) return false;
    answered.set(region, isAboutResources);
  }
  // Compares counts, since a forged scope may expand to more than fits into memory.
  const regionCount = accounts.reduce((count, { regions }) => count + regions.length, 0);
  return (
    findings.length > 0 &&
    subjects.size === findings.length &&
    answered.size === regionCount * ruleIds.size
  );
}

/**
 * The regions of each account. Accounts of one list share one set: the report of an older function has
 * one list for all of them.
 */
function regionSets(accounts: Report["accounts"]): ReadonlyMap<string, ReadonlySet<string>> {
  const sets = new Map<readonly string[], ReadonlySet<string>>();
  return new Map(
    accounts.map(({ id, regions }) => {
      const set = sets.get(regions) ?? new Set(regions);
      sets.set(regions, set);
      return [id, set];
    }),
  );
}
