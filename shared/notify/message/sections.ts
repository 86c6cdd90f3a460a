import type { Alert, AlertRule } from "../../alerts/alert.ts";
import type { Finding } from "../../audit/finding.ts";
import { groupBy } from "../../audit/group-by.ts";
import { keyOf } from "../../audit/subject.ts";
import { type Notice, noticesOf } from "./notice.ts";
import { type RuleText, ruleTextsOf } from "./rule-text.ts";
import type { Words } from "./words.ts";

/** What a message says about one rule. */
export interface Section {
  readonly rule: RuleText;
  /** What this run found of the rule; null where only a change is about it. */
  readonly found: AlertRule | null;
  /** The most urgent one first. */
  readonly notices: readonly Notice[];
  /** Findings that are not compliant, and of which no notice says so. */
  readonly alsoOpen: readonly Finding[];
  /** Findings that could not be read, and that no notice is about. */
  readonly alsoUnreadable: readonly Finding[];
  readonly endingExemptions: readonly Finding[];
}

/**
 * Divides what an alert says by rule, the rule with the most urgent notice first. A summary has a
 * section for every rule of the run, another alert only for rules that it has something to say of.
 */
export function sectionsOf(alert: Alert, words: Words): Section[] {
  const { kind, rules, findings, unreadable, endingExemptions } = alert;
  const textOf = ruleTextsOf(alert, words);
  const notices = noticesOf(alert);
  const isNoticed = new Set(notices.map(({ finding }) => keyOf(finding)));
  // A subject that is readable again may still be open.
  const isNoticedOpen = new Set(
    notices
      .filter(({ changes }) => changes.some(({ condition }) => condition === "open"))
      .map(({ finding }) => keyOf(finding)),
  );
  const byRule = {
    notices: groupBy(notices, ({ finding }) => finding.ruleId),
    alsoOpen: groupBy(
      findings.filter((finding) => !isNoticedOpen.has(keyOf(finding))),
      ({ ruleId }) => ruleId,
    ),
    alsoUnreadable: groupBy(
      unreadable.filter((finding) => !isNoticed.has(keyOf(finding))),
      ({ ruleId }) => ruleId,
    ),
    endingExemptions: groupBy(endingExemptions, ({ ruleId }) => ruleId),
  };
  const found = new Map(rules.map((rule) => [rule.id, rule]));
  const mentioned = [
    byRule.notices,
    byRule.alsoOpen,
    byRule.alsoUnreadable,
    byRule.endingExemptions,
  ].flatMap((groups) => [...groups.keys()]);
  const ids = new Set([
    ...byRule.notices.keys(),
    ...rules.map(({ id }) => id).filter((id) => kind === "summary" || mentioned.includes(id)),
    ...mentioned,
  ]);
  return [...ids].map((id) => ({
    rule: textOf(id),
    found: found.get(id) ?? null,
    notices: byRule.notices.get(id) ?? [],
    alsoOpen: byRule.alsoOpen.get(id) ?? [],
    alsoUnreadable: byRule.alsoUnreadable.get(id) ?? [],
    endingExemptions: byRule.endingExemptions.get(id) ?? [],
  }));
}
