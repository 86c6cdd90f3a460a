import { failureTexts, UNKNOWN_ADVICE } from "../../audit/failure-texts.ts";
import {
  EXEMPT,
  type Finding,
  observedOf,
  type ReasonCode,
  type Status,
} from "../../audit/finding.ts";
import type { Report } from "../../audit/report.ts";
import { ownReason, type RuleCard, type Texts } from "../../audit/rule-card.ts";
import { type ChineseAdvice, chineseAdviceOn } from "../words/zh-advice.ts";

/** What a reason's code means, for findings of one rule. */
export interface ReasonTexts {
  readonly ruleId: string;
  readonly code: ReasonCode;
  readonly meaning: Texts;
  /** What to do where nothing could be read. Text in backticks is code. */
  readonly advice: Texts | null;
  /** What the message of a finding says beside the meaning, in Chinese; absent for nothing. */
  readonly chinese?: Pick<ChineseAdvice, "before" | "byHand">;
}

/** What the page's script knows besides the report: plain data, embedded as JSON. */
export interface PageFacts {
  readonly reasons: readonly ReasonTexts[];
  /** The statuses that the page shows at first; null for all. */
  readonly only: readonly Status[] | null;
}

/** @param cards - of the rules that this version knows */
export function pageFacts(
  { findings }: Pick<Report, "findings">,
  cards: readonly RuleCard[],
  only: PageFacts["only"],
): PageFacts {
  const reasons = new Map<string, ReasonTexts>();
  for (const { ruleId, reason, exemption } of findings) {
    for (const { code } of [
      reason,
      ...(exemption === undefined ? [] : [exemption.observed.reason]),
    ]) {
      const key = keyOfReason(ruleId, code);
      if (reasons.has(key)) continue;
      const meaning = meaningOf(
        code,
        cards.find(({ id }) => id === ruleId),
      );
      if (meaning !== null) reasons.set(key, { ruleId, code, ...meaning });
    }
  }
  return { reasons: [...reasons.values()], only };
}

function meaningOf(
  code: ReasonCode,
  card: RuleCard | undefined,
): Pick<ReasonTexts, "meaning" | "advice" | "chinese"> | null {
  const own = ownReason(code, card);
  if (own !== undefined) {
    const { en, zh, status } = own;
    const { before = null, byHand = null } = chineseAdviceOn(code) ?? {};
    return {
      meaning: { en, zh },
      advice: status === "INSUFFICIENT_DATA" ? UNKNOWN_ADVICE : null,
      ...((before ?? byHand) !== null && { chinese: { before, byHand } }),
    };
  }
  if (code === EXEMPT) return { meaning: { en: "an exemption holds", zh: "已豁免" }, advice: null };
  return failureTexts(code);
}

/** What a finding's code means: that of the observation where an exemption covers it. */
export type ExplainReason = (finding: Finding) => ReasonTexts | null;

/** Finds the meaning of codes. */
export function explainReasons({ reasons }: PageFacts): ExplainReason {
  const byKey = new Map(reasons.map((one) => [keyOfReason(one.ruleId, one.code), one]));
  return (finding) =>
    byKey.get(keyOfReason(finding.ruleId, observedOf(finding).reason.code)) ?? null;
}

function keyOfReason(ruleId: string, code: ReasonCode): string {
  return JSON.stringify([ruleId, code]);
}
