import type { Report } from "../../audit/report.ts";
import type { RuleCard } from "../../audit/rule-card.ts";
import type { ReportWords } from "../words/report-words.ts";

/** What compliance proves, a line for each rule that some finding is compliant with. */
export function meaningLines(
  { rules, findings }: Report,
  cards: readonly RuleCard[],
  words: ReportWords,
): readonly string[] {
  return rules
    .filter(({ id }) =>
      findings.some(({ ruleId, status }) => ruleId === id && status === "COMPLIANT"),
    )
    .map((rule) =>
      words.meaning(
        rule,
        cards.find(({ id }) => id === rule.id),
      ),
    );
}
