import { type Finding, observedOf } from "./finding.ts";
import { groupBy } from "./group-by.ts";
import { patternMatcher } from "./scope.ts";

/** The rule of an exemption that names none; it was once the only rule. */
export const DEFAULT_EXEMPT_RULE = "flow-log-service-activated";

/**
 * An agreed exception: findings that do not count until a day. Each of `region`, `account`, `rule` and
 * `resource` is an id, or a pattern of ids in which `*` matches any text.
 */
export interface Exemption {
  readonly region: string;
  /** An account's id, or `*` for every account. */
  readonly account: string;
  readonly rule: string;
  /** `*`: every resource, and the region as a whole. Anything else is about resources only. */
  readonly resource: string;
  /** Who answers for it. */
  readonly owner: string;
  readonly reason: string;
  /** Its last day, UTC: `2027-03-31`. */
  readonly expires: string;
  /** The first day of the warning that it ends soon, UTC: `2027-03-24`. */
  readonly warnsFrom: string;
}

/** Findings after exemptions, and the problems of those exemptions. */
export interface ExemptionsApplied {
  readonly findings: readonly Finding[];
  /** A sentence for each exemption that ends soon, has ended, or covers nothing in scope. */
  readonly warnings: readonly string[];
}

/**
 * Marks the findings that an exemption covers as `IGNORED`, whatever was observed; the observation
 * stays in the finding. An exemption changes nothing after its last day.
 *
 * @param at - ISO 8601, UTC
 */
export function applyExemptions(
  findings: readonly Finding[],
  exemptions: readonly Exemption[],
  at: string,
): ExemptionsApplied {
  if (exemptions.length === 0) return { findings, warnings: [] };
  const today = at.slice(0, 10);
  const exemptionsOf = indexExemptions(exemptions);
  const inScope = new Set<Exemption>();
  const exempted = findings.map((finding) => {
    const covering = exemptionsOf(finding);
    for (const exemption of covering) inScope.add(exemption);
    const valid = covering.find(({ expires }) => today <= expires);
    return valid === undefined ? finding : exempt(finding, valid, today);
  });
  const hidden = exemptionsOfHidden(findings, exemptions);
  return {
    findings: exempted,
    warnings: exemptions.flatMap((exemption) =>
      warningsOf(exemption, inScope.has(exemption) || hidden.has(exemption), today),
    ),
  };
}

/**
 * The exemptions of resources in regions whose resources could not be read: such an exemption may cover
 * one of them, so no warning says that it covers nothing.
 */
function exemptionsOfHidden(
  findings: readonly Finding[],
  exemptions: readonly Exemption[],
): ReadonlySet<Exemption> {
  const unreadable = findings.filter(
    (finding) =>
      finding.resource === undefined && observedOf(finding).status === "INSUFFICIENT_DATA",
  );
  const ofResources = exemptions.filter(({ resource }) => resource !== "*");
  if (unreadable.length === 0 || ofResources.length === 0) return new Set();
  const original = new Map(
    ofResources.map((exemption) => [{ ...exemption, resource: "*" }, exemption]),
  );
  const exemptionsOf = indexExemptions([...original.keys()]);
  const hidden = unreadable.flatMap(exemptionsOf).map((widened) => original.get(widened));
  return new Set(hidden.filter((exemption) => exemption !== undefined));
}

interface Listed {
  readonly exemption: Exemption;
  /** Its place in the list: the first that is valid counts. */
  readonly place: number;
  readonly covers: (finding: Finding) => boolean;
}

/**
 * Returns a function that finds the exemptions which cover a finding, in their order. Ids are looked
 * up; only patterns are tried one by one, so that long lists of ids stay fast.
 */
function indexExemptions(exemptions: readonly Exemption[]): (finding: Finding) => Exemption[] {
  const listed = exemptions.map((exemption, place): Listed => ({
    exemption,
    place,
    covers: coverage(exemption),
  }));
  const byIds = groupBy(listed, ({ exemption: { account, region, resource } }) =>
    indexKey(account, idOrAny(region), idOrAny(resource)),
  );
  return (finding) => {
    const { accountId, regionId, resource } = finding;
    const resources = resource === undefined ? ["*"] : ["*", resource.id];
    const candidates = ["*", accountId].flatMap((account) =>
      ["*", regionId].flatMap((region) =>
        resources.flatMap((id) => byIds.get(indexKey(account, region, id)) ?? []),
      ),
    );
    return candidates
      .filter(({ covers }) => covers(finding))
      .toSorted((a, b) => a.place - b.place)
      .map(({ exemption }) => exemption);
  };
}

function indexKey(account: string, region: string, resource: string): string {
  return `${account} ${region} ${resource}`;
}

/** All patterns share one key. */
function idOrAny(pattern: string): string {
  return pattern.includes("*") ? "*" : pattern;
}

function coverage({ account, region, rule, resource }: Exemption): Listed["covers"] {
  const isAccount = patternMatcher(account);
  const isRegion = patternMatcher(region);
  const isRule = patternMatcher(rule);
  const isResource = patternMatcher(resource);
  return (finding) =>
    isAccount(finding.accountId) &&
    isRegion(finding.regionId) &&
    isRule(finding.ruleId) &&
    (resource === "*" || (finding.resource !== undefined && isResource(finding.resource.id)));
}

function warningsOf(exemption: Exemption, isInScope: boolean, today: string): string[] {
  const { region, account, rule, resource, owner, expires, warnsFrom } = exemption;
  const ofRegions = rule === DEFAULT_EXEMPT_RULE && resource === "*";
  const about = [
    region,
    `account ${account}`,
    ...(ofRegions ? [] : [`rule ${rule}`, `resource ${resource}`]),
  ].join(", ");
  const subject = `The exemption of ${about}, `;
  if (!isInScope) {
    const nothing = ofRegions ? "no region" : "nothing";
    return [
      `${subject}is about ${nothing} in scope. If the scope is what it always is, correct it or take it out.`,
    ];
  }
  if (today > expires) {
    return [`${subject}ended on ${expires}, and what it covered counts again. Take it out.`];
  }
  if (today < warnsFrom) return [];
  return [`${subject}ends on ${expires}: ask ${owner} whether it is still needed.`];
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
