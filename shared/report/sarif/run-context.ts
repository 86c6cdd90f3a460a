import type { Finding } from "../../audit/finding.ts";
import { accountNamesOf, type Report } from "../../audit/report.ts";
import type { RuleCard, Severity } from "../../audit/rule-card.ts";

/** What is the same for all findings of a run. */
export interface RunContext {
  /** The rules of the report by id, with their place among the descriptors. */
  readonly rules: ReadonlyMap<string, { readonly index: number; readonly severity: Severity }>;
  readonly cards: readonly RuleCard[];
  /** Names of accounts by id. */
  readonly accountNames: ReadonlyMap<string, string>;
}

/** Looks up what the findings of a report have in common. */
export function runContextOf(report: Report, cards: readonly RuleCard[]): RunContext {
  const rules = report.rules.map(({ id, severity }, index) => [id, { index, severity }] as const);
  return { rules: new Map(rules), cards, accountNames: accountNamesOf(report) };
}

/** What a program may want to know of a finding: exact values, in the report's words. */
export function findingProperties(finding: Finding, { accountNames }: RunContext): object {
  const { status, reason, accountId, regionId, resource, remedy, exemption, evidence } = finding;
  const accountName = accountNames.get(accountId);
  return {
    status,
    reasonCode: reason.code,
    accountId,
    ...(accountName !== undefined && { accountName }),
    regionId,
    ...(resource !== undefined && { resource }),
    ...(remedy !== undefined && { remedy }),
    ...(exemption !== undefined && { exemption }),
    evidence,
  };
}
