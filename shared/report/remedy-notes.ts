import type { Finding } from "../audit/finding.ts";
import { groupBy } from "../audit/group-by.ts";
import type { RuleCard, Texts } from "../audit/rule-card.ts";
import { findingRemedy } from "./finding-remedy.ts";

/** What to know before the remedies of findings are applied, each text once, in the order of the cards. */
export function remedyNotes(
  findings: readonly Finding[],
  cards: readonly RuleCard[],
): readonly Texts[] {
  const byRule = groupBy(findings, ({ ruleId }) => ruleId);
  const notes = cards
    .flatMap(({ id }) => byRule.get(id) ?? [])
    .flatMap((finding) => findingRemedy(finding, cards)?.before ?? []);
  return [...new Map(notes.map((note) => [note.en, note])).values()];
}
