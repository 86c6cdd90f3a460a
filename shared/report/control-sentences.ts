import { groupControls, type Relation, type RuleSummary, type Texts } from "../audit/rule-card.ts";

const RELATIONS: Readonly<Record<Relation, (what: Texts) => Texts>> = {
  implements: ({ en, zh }) => ({ en: `This meets ${en}.`, zh: `满足 ${zh}。` }),
  precondition: ({ en, zh }) => ({
    en: `This is a precondition of ${en}, and not sufficient.`,
    zh: `这是 ${zh} 的前提条件，并不充分。`,
  }),
};

/** What compliance with a rule means for controls of frameworks, a sentence each. */
export function controlSentences({ controls }: Pick<RuleSummary, "controls">): readonly Texts[] {
  return groupControls(controls).map(({ relation, framework, ids }) =>
    RELATIONS[relation]({
      en: `${framework} ${ids.length === 1 ? "control" : "controls"} ${new Intl.ListFormat("en").format(ids)}`,
      zh: `${framework} 控制项 ${ids.join("、")}`,
    }),
  );
}
