import type { Finding } from "./finding.ts";
import { groupBy } from "./group-by.ts";
import { idMatcher } from "./scope.ts";

/** An agreed exception: a region in which no rule has to be complied with until a day. */
export interface Exemption {
  /** A region id, or a pattern of ids with `*`. */
  readonly region: string;
  /** An account's id, or `*` for every account. */
  readonly account: string;
  /** Who answers for it. */
  readonly owner: string;
  readonly reason: string;
  /** Its last day, UTC: `2027-03-31`. */
  readonly expires: string;
  /** The first day on which it is said to end soon, UTC: `2027-03-24`. */
  readonly warnsFrom: string;
}

/** Findings with the exemptions that hold for them, and what is the matter with exemptions. */
export interface ExemptionsApplied {
  readonly findings: readonly Finding[];
  /** A sentence for each exemption that ends soon, has ended, or is about nothing in scope. */
  readonly warnings: readonly string[];
}

/**
 * Marks the findings that an exemption holds for as `IGNORED`, whatever was observed; that stays
 * with the finding. An exemption whose last day is over changes nothing.
 *
 * @param at - ISO 8601, UTC
 */
export function applyExemptions(
  findings: readonly Finding[],
  exemptions: readonly Exemption[],
  at: string,
): ExemptionsApplied {
  const today = at.slice(0, 10);
  const exemptionsFor = indexExemptions(exemptions);
  const about = new Set<Exemption>();
  const exempted = findings.map((finding) => {
    const mine = exemptionsFor(finding);
    for (const exemption of mine) about.add(exemption);
    const held = mine.find(({ expires }) => today <= expires);
    return held === undefined ? finding : exempt(finding, held, today);
  });
  return {
    findings: exempted,
    warnings: exemptions.flatMap((exemption) => warningsOf(exemption, about.has(exemption), today)),
  };
}

interface Listed {
  readonly exemption: Exemption;
  /** Its place in the list: the first that holds counts. */
  readonly place: number;
}

/**
 * Tells which exemptions are about a finding, in their order. Accounts and ids of regions are looked
 * up; only an account's patterns are tried one by one.
 */
function indexExemptions(exemptions: readonly Exemption[]): (finding: Finding) => Exemption[] {
  const listed = exemptions.map((exemption, place): Listed => ({ exemption, place }));
  const byAccount = groupBy(listed, ({ exemption }) => exemption.account);
  const indexed = new Map<string, (regionId: string) => Exemption[]>();
  return ({ accountId, regionId }) => {
    const forRegion =
      indexed.get(accountId) ??
      indexByRegion([...(byAccount.get("*") ?? []), ...(byAccount.get(accountId) ?? [])]);
    indexed.set(accountId, forRegion);
    return forRegion(regionId);
  };
}

function indexByRegion(listed: readonly Listed[]): (regionId: string) => Exemption[] {
  const byRegion = groupBy(listed, ({ exemption }) => exemption.region);
  const patterns = listed
    .filter(({ exemption }) => exemption.region.includes("*"))
    .map((entry) => ({ ...entry, matches: idMatcher(entry.exemption.region) }));
  return (regionId) =>
    [...(byRegion.get(regionId) ?? []), ...patterns.filter(({ matches }) => matches(regionId))]
      .toSorted((a, b) => a.place - b.place)
      .map(({ exemption }) => exemption);
}

function warningsOf(
  { region, account, owner, expires, warnsFrom }: Exemption,
  isAboutSomething: boolean,
  today: string,
): string[] {
  const told = `The exemption of ${region}, account ${account}, `;
  if (!isAboutSomething) {
    return [
      `${told}is about no region in scope. If the scope is what it always is, correct it or take it out.`,
    ];
  }
  if (today > expires) {
    return [`${told}ended on ${expires}, and what it covered counts again. Take it out.`];
  }
  if (today < warnsFrom) return [];
  return [`${told}ends on ${expires}: ask ${owner} whether it is still needed.`];
}

function exempt(finding: Finding, exemption: Exemption, today: string): Finding {
  const { owner, reason, expires, warnsFrom } = exemption;
  const { status, reason: found } = finding;
  const endsSoon = today >= warnsFrom;
  const until = endsSoon ? `until ${expires} only` : `until ${expires}`;
  return {
    ...finding,
    status: "IGNORED",
    reason: {
      code: "EXEMPT",
      message: `Exempt ${until} (${owner}: ${reason}). Observed: ${found.message}`,
    },
    exemption: { owner, reason, expires, endsSoon, observed: { status, reason: found } },
  };
}
