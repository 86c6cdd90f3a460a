import { failureTexts, UNKNOWN_ADVICE } from "../../audit/failure-texts.ts";
import type { Finding, Reason, Status } from "../../audit/finding.ts";
import type { SkippedAccount } from "../../audit/report.ts";
import { ownReason, type RuleCard, type RuleSummary } from "../../audit/rule-card.ts";
import { controlSentences } from "../control-sentences.ts";
import { findingRemedy } from "../finding-remedy.ts";
import { STATUS_WORDS } from "../html/report-words.ts";
import { cellText } from "../table/cell-text.ts";
import { chineseAdvice } from "./zh-advice.ts";
import { SKIPPED_ZH } from "./zh-skipped.ts";

/**
 * What a finding says, in Chinese: the meaning of its code, and what to do. The report's own message is in
 * English; where this version does not know the code, it stays as it is.
 */
export function messageZh(finding: Finding, cards: readonly RuleCard[]): string {
  const { exemption } = finding;
  if (exemption === undefined) return observationZh(finding, finding, cards);
  const { owner, reason, expires, observed } = exemption;
  const { status } = observed;
  const soon = exemption.endsSoon ? "（一周内到期）" : "";
  return `豁免至 ${expires}${soon}，负责人：${cellText(owner)}，原因：${cellText(reason)}。实际状态：${STATUS_WORDS[status].name.zh}，${observationZh(finding, observed, cards)}`;
}

function observationZh(
  finding: Finding,
  { status, reason }: { readonly status: Status; readonly reason: Reason },
  cards: readonly RuleCard[],
): string {
  const card = cards.find(({ id }) => id === finding.ruleId);
  const own = ownReason(reason.code, card);
  if (own === undefined) return failureZh(finding, reason, card) ?? reason.message;
  if (status === "INSUFFICIENT_DATA") return `${own.zh}。${withoutMarks(UNKNOWN_ADVICE.zh)}`;
  if (status !== "NON_COMPLIANT") return `${own.zh}。`;
  // An exempt finding has no remedy of its own to show.
  const command = finding.status === status ? commandOf(finding, cards) : null;
  const advice = finding.status === status ? chineseAdvice(reason.code, command) : "";
  return `${own.zh}。${advice}`;
}

/** The command that the report has; else that of the card. */
function commandOf(finding: Finding, cards: readonly RuleCard[]): string | null {
  return findingRemedy(finding, cards)?.command ?? null;
}

function failureZh(finding: Finding, { code }: Reason, card: RuleCard | undefined): string | null {
  const texts = failureTexts(code);
  if (texts === null) return null;
  const { httpStatus } = finding.evidence;
  const status = httpStatus === null ? "" : `（HTTP ${httpStatus}）`;
  const actions = card?.permissions.map(({ action }) => action) ?? [];
  const needed =
    code === "ACCESS_DENIED" && actions.length > 0
      ? `该规则需要的权限：${actions.join("、")}。`
      : "";
  return `${texts.meaning.zh}${status}。${needed}${withoutMarks(texts.advice.zh)}`;
}

function withoutMarks(text: string): string {
  return text.replaceAll("`", "");
}

/** Why an account was not audited. A newer function may name another reason, which stays as it is. */
export function skippedMessageZh({ code, message }: SkippedAccount["reason"]): string {
  return Object.hasOwn(SKIPPED_ZH, code) ? SKIPPED_ZH[code] : cellText(message);
}

/** See {@link import("../rule-meaning.ts").ruleMeaning}. */
export function ruleMeaningZh(rule: RuleSummary, card: RuleCard | undefined): string {
  return [
    `合规是指：${card?.words.zh.title ?? cellText(rule.title)}。`,
    ...controlSentences(rule).map(({ zh }) => zh),
    ...(card === undefined ? [] : [`不能证明${card.words.zh.doesNotProve}。`]),
  ].join("");
}
