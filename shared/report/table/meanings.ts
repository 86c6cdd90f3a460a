import type { Report } from "../../audit/report.ts";
import type { RuleCard } from "../../audit/rule-card.ts";
import type { ReportWords } from "../words/report-words.ts";
import { cellText } from "./cell-text.ts";

/**
 * What compliance proves, a line for each rule that some finding is compliant with. Of several rules, each line
 * names its own.
 */
export function meaningLines(
  { rules, findings }: Report,
  cards: readonly RuleCard[],
  words: ReportWords,
): readonly string[] {
  return rules
    .filter(({ id }) =>
      findings.some(({ ruleId, status }) => ruleId === id && status === "COMPLIANT"),
    )
    .map((rule) => {
      const card = cards.find(({ id }) => id === rule.id);
      const meaning = words.meaning(rule, card);
      return rules.length === 1 ? meaning : words.ofRule(cellText(rule.id), meaning);
    });
}
