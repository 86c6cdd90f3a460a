import { type AccountSelector, accountSelection } from "./account-selector.ts";
import { accountNamesOf, type Report, summarize, UNKNOWN_ACCOUNT } from "./report.ts";
import type { Severity } from "./rule-card.ts";
import { patternMatcher, type RegionSelector, selectorMatcher } from "./scope.ts";
import type { Subject } from "./subject.ts";

/** The id of a rule, or a pattern of ids in which `*` matches any text; with `!` it excludes rules. */
export type RuleSelector = string;

/** What a receiver is sent; what is left out excludes nothing. */
export interface Route {
  readonly accounts?: readonly AccountSelector[];
  readonly regions?: readonly RegionSelector[];
  readonly rules?: readonly RuleSelector[];
  readonly severity?: readonly Severity[];
}

/** The part of a report that a receiver is sent. */
export interface Share {
  /** Whether the receiver is sent what concerns a subject. */
  readonly takes: (subject: Subject) => boolean;
  /** The report with this part alone, and with the counts of it. */
  readonly report: Report;
}

/**
 * Returns a function that divides a report by routes.
 *
 * An account that is not known is every account's: its findings pass every selection of accounts. A rule
 * that the report does not list has no known severity, and passes every selection of severities.
 */
export function sharesOf(report: Report): (route: Route | undefined) => Share {
  const names = accountNamesOf(report);
  const severities = new Map(report.rules.map(({ id, severity }) => [id, severity]));
  return (route) => {
    if (route === undefined) return { takes: () => true, report };
    const { accounts, regions, rules, severity } = route;
    const isSelected = accounts && accountSelection(accounts);
    const takesAccount = remembered(
      (id) =>
        isSelected === undefined ||
        id === UNKNOWN_ACCOUNT ||
        isSelected({ id, name: names.get(id) ?? null }),
    );
    const takesRegion = remembered(regions ? selectorMatcher(regions) : () => true);
    const isRule = rules ? ruleMatcher(rules) : () => true;
    const takesRule = remembered((id) => {
      const known = severities.get(id);
      return (
        isRule(id) && (severity === undefined || known === undefined || severity.includes(known))
      );
    });
    const takes = ({ accountId, regionId, ruleId }: Subject): boolean =>
      takesRule(ruleId) && takesAccount(accountId) && takesRegion(regionId);
    const findings = report.findings.filter(takes);
    return {
      takes,
      report: {
        ...report,
        scope: {
          accounts: report.scope.accounts.filter(takesAccount),
          regions: report.scope.regions.filter(takesRegion),
        },
        rules: report.rules.filter(({ id }) => takesRule(id)),
        accounts: report.accounts.filter(({ id }) => takesAccount(id)),
        summary: summarize(findings),
        findings,
      },
    };
  };
}

/** Returns a function that decides whether well-formed selectors match a rule. */
export function ruleMatcher(selectors: readonly RuleSelector[]): (ruleId: string) => boolean {
  const isExcluded = selectors.filter((selector) => selector.startsWith("!"));
  const excluding = isExcluded.map((selector) => patternMatcher(selector.slice(1)));
  const including = selectors
    .filter((selector) => !isExcluded.includes(selector))
    .map(patternMatcher);
  return (id) =>
    including.some((matches) => matches(id)) && !excluding.some((matches) => matches(id));
}

/** The same function, which decides of each id once. */
function remembered(decide: (id: string) => boolean): (id: string) => boolean {
  const decided = new Map<string, boolean>();
  return (id) => {
    const known = decided.get(id) ?? decide(id);
    decided.set(id, known);
    return known;
  };
}
