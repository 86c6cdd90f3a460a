import type { Alert } from "../../alerts/alert.ts";
import { failureTexts, UNKNOWN_ADVICE } from "../../audit/failure-texts.ts";
import type { ReasonCode } from "../../audit/finding.ts";
import { groupBy } from "../../audit/group-by.ts";
import type { RuleCard, Texts } from "../../audit/rule-card.ts";
import type { Line, Span } from "./draft.ts";
import { isOwnUnknown } from "./rule-text.ts";
import type { Words } from "./words.ts";

/** What to do about everything that could not be read, once for each reason. */
export function readingNotes(
  { unreadable, rules }: Pick<Alert, "unreadable" | "rules">,
  words: Words,
): Line[] {
  const cards = new Map(rules.map(({ id, card }) => [id, card]));
  const byCode = groupBy(unreadable, ({ reason }) => reason.code);
  const [before, after] = words.whatToDo;
  return [...byCode].flatMap(([code, findings]): Line[] => {
    const [remedy] = [...new Set(findings.map(({ ruleId }) => ruleId))].flatMap(
      (ruleId) => readingRemedyIn(code, cards.get(ruleId) ?? null, words.language) ?? [],
    );
    if (remedy === undefined) return [];
    return [
      [
        { kind: "words", text: before },
        { kind: "code", text: code },
        { kind: "words", text: after },
        ...spansOf(remedy),
      ],
    ];
  });
}

/**
 * What to do about one reason, as plain text; null where the reason is neither a failure nor one of the
 * rule's own for what is not known.
 */
export function readingRemedy(
  code: ReasonCode,
  card: RuleCard | null,
  words: Words,
): string | null {
  return readingRemedyIn(code, card, words.language)?.replaceAll("`", "") ?? null;
}

function readingRemedyIn(
  code: ReasonCode,
  card: RuleCard | null,
  language: keyof Texts,
): string | null {
  if (isOwnUnknown(code, card)) return UNKNOWN_ADVICE[language];
  return failureTexts(code)?.advice[language] ?? null;
}

function spansOf(text: string): Span[] {
  return text
    .split("`")
    .map((piece, index): Span => ({ kind: index % 2 === 0 ? "words" : "code", text: piece }))
    .filter((span) => span.text !== "");
}
