import type { Alert } from "../../alerts/alert.ts";
import { failureTexts } from "../../audit/failure-texts.ts";
import type { ReasonCode } from "../../audit/finding.ts";
import { type Noun, ownReason, type RuleCard, type RuleWords } from "../../audit/rule-card.ts";
import { cleanText } from "../../text/clean-text.ts";
import { escapeMarks } from "./escape-marks.ts";
import { nounOfRule } from "./subject-noun.ts";
import type { RulePhrases, Words } from "./words.ts";

/** Bytes of the id of an unknown rule in a title. */
const MAX_ID_BYTES = 60;

/** The texts about a rule in one language. */
export interface RuleText {
  readonly id: string;
  /** Null for a rule that this version does not know. */
  readonly card: RuleCard | null;
  readonly own: RuleWords;
  readonly phrases: RulePhrases;
  /** How the rule's subjects are counted. */
  readonly noun: Noun;
}

/**
 * The texts of an alert's rules, each made once. A rule that is not known has neutral words: those
 * of another rule would be wrong.
 */
export function ruleTextsOf(
  { rules }: Pick<Alert, "rules">,
  words: Words,
): (ruleId: string) => RuleText {
  const cards = new Map(rules.map(({ id, card }) => [id, card]));
  const texts = new Map<string, RuleText>();
  return (ruleId) => {
    const text = texts.get(ruleId) ?? toRuleText(ruleId, cards.get(ruleId) ?? null, words);
    texts.set(ruleId, text);
    return text;
  };
}

function toRuleText(id: string, card: RuleCard | null, words: Words): RuleText {
  const own =
    card === null
      ? words.unknownRule(escapeMarks(cleanText(id, MAX_ID_BYTES)))
      : card.words[words.language];
  return { id, card, own, phrases: words.phrasesOf(own), noun: nounOfRule(card) };
}

/** What a reason's code means: a code of the rule's own, or one that every rule has. */
export function meaningOf(code: ReasonCode, { card }: RuleText, words: Words): string {
  return (
    ownReason(code, card)?.[words.language] ??
    failureTexts(code)?.meaning[words.language] ??
    new Map(Object.entries(words.reason)).get(code) ??
    code
  );
}

/** Whether a code is one of a rule's own for a subject of which neither yes nor no is known. */
export function isOwnUnknown(code: ReasonCode, card: RuleCard | null): boolean {
  return ownReason(code, card)?.status === "INSUFFICIENT_DATA";
}

/**
 * Whether a code says more than that a subject is not compliant: it is one of several that the rule
 * has for that. A state may have a code that the card does not have any more.
 */
export function isOneOfSeveralReasons(code: ReasonCode, { card }: RuleText): boolean {
  const open = Object.entries(card?.reasons ?? {})
    .filter(([, { status }]) => status === "NON_COMPLIANT")
    .map(([own]) => own);
  return open.length > 1 && open.includes(code);
}
