import type { RuleCard, RuleSummary } from "../audit/rule-card.ts";
import { describeControls } from "./describe-controls.ts";

/**
 * What compliance with a rule proves, its relations to controls included, and what it does not prove.
 *
 * @param card - undefined where this version does not know the rule: then nothing says what it leaves open
 */
export function ruleMeaning(rule: RuleSummary, card: RuleCard | undefined): string {
  const sentences = [
    `COMPLIANT means: ${[rule.title, ...describeControls(rule)].join(", ")}.`,
    ...(card === undefined ? [] : [`It does not prove ${card.doesNotProve}.`]),
  ];
  return sentences.join(" ");
}
