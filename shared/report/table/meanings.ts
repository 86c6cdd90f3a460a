import type { Report } from "../../audit/report.ts";
import type { RuleCard } from "../../audit/rule-card.ts";
import { ruleMeaning } from "../rule-meaning.ts";

/** What compliance proves, a line for each rule that some finding is compliant with. */
export function meaningLines(
  { rules, findings }: Report,
  cards: readonly RuleCard[],
): readonly string[] {
  return rules
    .filter(({ id }) =>
      findings.some(({ ruleId, status }) => ruleId === id && status === "COMPLIANT"),
    )
    .map((rule) =>
      ruleMeaning(
        rule,
        cards.find(({ id }) => id === rule.id),
      ),
    );
}
