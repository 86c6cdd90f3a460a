import type { Report } from "../../audit/report.ts";
import {
  groupControls,
  type Relation,
  type RuleCard,
  type RuleSummary,
} from "../../audit/rule-card.ts";

/** What compliance proves, a line for each rule that some finding is compliant with. */
export function meaningLines(
  { rules, findings }: Report,
  cards: readonly RuleCard[],
): readonly string[] {
  return rules
    .filter(({ id }) =>
      findings.some(({ ruleId, status }) => ruleId === id && status === "COMPLIANT"),
    )
    .map((rule) => {
      const limits = cards.find(({ id }) => id === rule.id)?.doesNotProve;
      const sentences = [
        `COMPLIANT means: ${[rule.title, ...describeControls(rule)].join(", ")}.`,
        ...(limits === undefined ? [] : [`It does not prove ${limits}.`]),
      ];
      return sentences.join(" ");
    });
}

const RELATION_WORDS: Readonly<Record<Relation, string>> = {
  implements: "which meets",
  precondition: "a precondition of",
};

/** The relations of a rule to controls of frameworks. */
function describeControls({ controls }: RuleSummary): string[] {
  return groupControls(controls).map(({ relation, framework, ids }) => {
    const noun = ids.length === 1 ? "control" : "controls";
    return `${RELATION_WORDS[relation]} ${framework} ${noun} ${new Intl.ListFormat("en").format(ids)}`;
  });
}
