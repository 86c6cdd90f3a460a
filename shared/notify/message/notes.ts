import { type Alert, type AlertRule, isInapplicable } from "../../alerts/alert.ts";
import type { Finding } from "../../audit/finding.ts";
import { groupBy } from "../../audit/group-by.ts";
import { groupControls, type Remedy, type RuleCard, type Texts } from "../../audit/rule-card.ts";
import type { Language } from "../receiver-options.ts";
import { remedyOf } from "./remedy.ts";
import type { Words } from "./words.ts";

/** A command names no account, and with the credentials of the audit it would change another one. */
const OWN_CREDENTIALS: Texts = {
  en: "Run each command with credentials of its account.",
  zh: "请使用命令所针对账号的凭证执行。",
};

/**
 * What is true of all subjects, and is said once: what to know before they are made compliant, and
 * what is left to do in those that are.
 *
 * @param toMend - findings whose remedy the message names
 */
export function notesOf(
  { rules, changes }: Pick<Alert, "rules" | "changes">,
  toMend: readonly Finding[],
  language: Language,
): string[] {
  const resolved = changes
    .filter((change) => change.event === "resolved" && !isInapplicable(change))
    .map(({ finding }) => finding);
  const isOfMany = new Set(toMend.map(({ accountId }) => accountId)).size > 1;
  return [
    ...notesAbout(rules, toMend, language, ({ before }) => before),
    ...(isOfMany ? [OWN_CREDENTIALS[language]] : []),
    ...notesAbout(rules, resolved, language, ({ after }) => after?.note ?? null),
  ];
}

/** That the end of an alert may never be sent, where the state cannot be used. */
export function stateNote({ stateFailed, rules }: Alert, words: Words): string[] {
  if (stateFailed !== true) return [];
  const [first, ...others] = rules;
  const card = others.length === 0 && first?.card?.subject === "region" ? first.card : null;
  return [words.stateFailed(card?.words[words.language] ?? null)];
}

/** In the order of the rules, each text once. */
function notesAbout(
  rules: readonly AlertRule[],
  findings: readonly Finding[],
  language: Language,
  noteOf: (remedy: Remedy) => Texts | null,
): string[] {
  // Findings alike in these have the same notes.
  const alike = groupBy(findings, ({ ruleId, reason, resource, remedy }) =>
    JSON.stringify([ruleId, reason.code, resource?.type ?? null, remedy?.command ?? null]),
  );
  const examples = [...alike.values()].flatMap(([first]) => first ?? []);
  const notes = rules.flatMap(({ id, card }) =>
    card === null
      ? []
      : examples
          .filter(({ ruleId }) => ruleId === id)
          .flatMap((finding) => noteOf(remedyOf(card, finding))?.[language] ?? []),
  );
  return [...new Set(notes)];
}

/** The relations of a rule to controls of frameworks; empty where it has none. */
export function describeControls({ controls }: RuleCard, words: Words): string {
  return groupControls(controls)
    .map(({ relation, framework, ids }) => words.bearsOn[relation](framework, ids))
    .join(words.headlineSeparator);
}
