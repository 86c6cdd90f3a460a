import { groupControls, type Relation, type RuleSummary } from "../audit/rule-card.ts";

const RELATION_WORDS: Readonly<Record<Relation, string>> = {
  implements: "which meets",
  precondition: "a precondition of",
};

/** The relations of a rule to controls of frameworks, each a clause that can follow the rule's title. */
export function describeControls({ controls }: Pick<RuleSummary, "controls">): string[] {
  return groupControls(controls).map(({ relation, framework, ids }) => {
    const noun = ids.length === 1 ? "control" : "controls";
    return `${RELATION_WORDS[relation]} ${framework} ${noun} ${new Intl.ListFormat("en").format(ids)}`;
  });
}
