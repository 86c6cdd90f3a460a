import type { Finding, Status } from "../../audit/finding.ts";

/** What the list shows. */
export interface FindingFilter {
  /** Empty for all. */
  readonly statuses: ReadonlySet<Status>;
  /** Words that a finding has, all of them; as the reader types them. */
  readonly query: string;
}

/** A list that is searched more than once. */
export interface SearchableFindings {
  filter(filter: FindingFilter): readonly Finding[];
}

/**
 * Prepares findings for a search by what the list shows of them: account, region, rule, resource, reason,
 * request id. The texts are made on the first search, which most readers never make.
 *
 * @param accountNames - by id
 */
export function searchable(
  findings: readonly Finding[],
  accountNames: ReadonlyMap<string, string>,
): SearchableFindings {
  let texts: readonly string[] | null = null;
  return {
    filter({ statuses, query }) {
      const words = query
        .toLowerCase()
        .split(/\s+/)
        .filter((word) => word !== "");
      const isShown = ({ status }: Finding): boolean => statuses.size === 0 || statuses.has(status);
      if (words.length === 0) return findings.filter(isShown);
      texts ??= findings.map((finding) => textOf(finding, accountNames.get(finding.accountId)));
      const known = texts;
      return findings.filter(
        (finding, index) =>
          isShown(finding) && words.every((word) => known[index]?.includes(word) === true),
      );
    },
  };
}

/** The parts are apart, so that no word matches the end of one and the beginning of the next. */
function textOf(finding: Finding, accountName = ""): string {
  const { ruleId, accountId, regionId, localName = "", resource, reason, evidence } = finding;
  return [
    accountId,
    accountName,
    regionId,
    localName,
    ruleId,
    resource?.id ?? "",
    resource?.name ?? "",
    reason.code,
    reason.message,
    evidence.requestId ?? "",
  ]
    .join("\n")
    .toLowerCase();
}
