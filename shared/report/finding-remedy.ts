import type { Finding } from "../audit/finding.ts";
import type { Remedy, RuleCard } from "../audit/rule-card.ts";
import { safeRemedy } from "./safe-remedy.ts";

/**
 * The remedy of a finding, safe to copy; null where nothing is to be mended, or this version does not know
 * the rule.
 */
export function findingRemedy(finding: Finding, cards: readonly RuleCard[]): Remedy | null {
  const card = cards.find(({ id }) => id === finding.ruleId);
  return finding.status !== "NON_COMPLIANT" || card === undefined
    ? null
    : safeRemedy(finding, card);
}
