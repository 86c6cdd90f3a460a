import type { Alert } from "../../alerts/alert.ts";
import type { Finding } from "../../audit/finding.ts";
import { groupControls, type Remedy, type RuleCard } from "../../audit/rule-card.ts";
import type { Language } from "../receiver-options.ts";
import type { Words } from "./words.ts";

/**
 * What holds for all regions of an alert, and is said once: what to know before they are mended,
 * and what is left to do in those that are.
 *
 * @param toMend - findings whose remedy the message names
 */
export function notesOf(alert: Alert, toMend: readonly Finding[], language: Language): string[] {
  const resolved = alert.changes
    .filter(({ event }) => event === "resolved")
    .map(({ finding }) => finding);
  return [
    ...notesAbout(alert, toMend, ({ before }) => before[language]),
    ...notesAbout(alert, resolved, ({ after }) => after[language]),
  ];
}

/** That alerts may not have an end, where the state cannot be used. */
export function stateNote({ stateFailed }: Alert, words: Words): string[] {
  return stateFailed === true ? [words.stateFailed] : [];
}

function notesAbout(
  alert: Alert,
  findings: readonly Finding[],
  noteOf: (remedy: Remedy) => string,
): string[] {
  const ruleIds = new Set(findings.map(({ ruleId }) => ruleId));
  return alert.cards.filter(({ id }) => ruleIds.has(id)).map(({ remedy }) => noteOf(remedy));
}

/** How a rule bears on the controls of frameworks; empty where it has none. */
export function describeControls({ controls }: RuleCard, words: Words): string {
  return groupControls(controls)
    .map(({ relation, framework, ids }) => words.bearsOn[relation](framework, ids))
    .join(words.verdictSeparator);
}
