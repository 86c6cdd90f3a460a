import type { Alert, AlertRule } from "../../alerts/alert.ts";
import type { Finding } from "../../audit/finding.ts";
import { groupBy } from "../../audit/group-by.ts";
import { SEVERITIES } from "../../audit/rule-card.ts";
import { keyOf } from "../../audit/subject.ts";
import { NOTICE_KINDS, type Notice, noticesOf } from "./notice.ts";
import { type RuleText, ruleTextsOf } from "./rule-text.ts";
import { divideShared, type SharedSubjects } from "./shared-subjects.ts";
import { REGION } from "./subject-noun.ts";
import type { Words } from "./words.ts";

/** What a message says about one rule, or about subjects for which it says the same of several rules. */
export interface Section {
  readonly rule: RuleText;
  /** What the section is about, at the end of a title. */
  readonly topic: string;
  /** The rule, or the rules that share the section. */
  readonly rules: readonly FoundRule[];
  /** The most urgent one first. */
  readonly notices: readonly Notice[];
  /** Findings that are not compliant, and of which no notice says so. */
  readonly alsoOpen: readonly Finding[];
  /** Findings that could not be read, and that neither a notice nor a shared section is about. */
  readonly alsoUnreadable: readonly Finding[];
  /** Findings that could not be read, shared ones included, and that no notice is about. */
  readonly allUnreadable: readonly Finding[];
  readonly endingExemptions: readonly Finding[];
}

/** A rule, and what this run found of it; null where only a change is about it. */
export interface FoundRule {
  readonly rule: RuleText;
  readonly found: AlertRule | null;
}

/** Up to this number of rules that share a section are named in a title. */
const MAX_TOPICS_IN_TITLE = 2;

/**
 * Divides what an alert says by rule: the most urgent notice first, then the most severe rule. A
 * summary has a section for every rule of the run, another alert only for rules that it has something to
 * say of.
 */
export function sectionsOf(alert: Alert, words: Words): Section[] {
  const { kind, rules, findings, unreadable, endingExemptions } = alert;
  const textOf = ruleTextsOf(alert, words);
  const found = new Map(rules.map((rule) => [rule.id, rule]));
  const foundRule = (id: string): FoundRule => ({ rule: textOf(id), found: found.get(id) ?? null });
  const notices = noticesOf(alert);
  const isNoticed = new Set(notices.map(({ finding }) => keyOf(finding)));
  // A subject that is readable again may still be open.
  const isNoticedOpen = new Set(
    notices
      .filter(({ changes }) => changes.some(({ condition }) => condition === "open"))
      .map(({ finding }) => keyOf(finding)),
  );
  const allUnreadable = unreadable.filter((finding) => !isNoticed.has(keyOf(finding)));
  const { shared, ...own } = divideShared(alert, notices, allUnreadable);
  const byRule = {
    notices: groupBy(own.notices, ({ finding }) => finding.ruleId),
    alsoOpen: groupBy(
      findings.filter((finding) => !isNoticedOpen.has(keyOf(finding))),
      ({ ruleId }) => ruleId,
    ),
    alsoUnreadable: groupBy(own.alsoUnreadable, ({ ruleId }) => ruleId),
    endingExemptions: groupBy(endingExemptions, ({ ruleId }) => ruleId),
  };
  const unreadableOf = groupBy(allUnreadable, ({ ruleId }) => ruleId);
  const mentioned = Object.values(byRule).flatMap((groups) => [...groups.keys()]);
  const ids = new Set([
    ...rules.map(({ id }) => id).filter((id) => kind === "summary" || mentioned.includes(id)),
    ...mentioned,
  ]);
  const sections = [...ids].map((id): Section => ({
    rule: textOf(id),
    topic: textOf(id).phrases.topic,
    rules: [foundRule(id)],
    notices: byRule.notices.get(id) ?? [],
    alsoOpen: byRule.alsoOpen.get(id) ?? [],
    alsoUnreadable: byRule.alsoUnreadable.get(id) ?? [],
    allUnreadable: unreadableOf.get(id) ?? [],
    endingExemptions: byRule.endingExemptions.get(id) ?? [],
  }));
  return [
    ...sections,
    ...shared.map((subjects) => sharedSection(subjects, subjects.ruleIds.map(foundRule), words)),
  ].toSorted((a, b) => urgencyOf(a) - urgencyOf(b) || severityOf(a) - severityOf(b));
}

/** Whether a section is about several rules. */
export function isShared({ rules }: Section): boolean {
  return rules.length > 1;
}

/** A section with neutral words: those of one of its rules would be wrong. */
function sharedSection(
  { ruleIds, notices, alsoUnreadable }: SharedSubjects,
  rules: readonly FoundRule[],
  words: Words,
): Section {
  const topic = rules.map(({ rule }) => rule.phrases.topic).join(words.separator);
  const own = { ...words.unknownRule(""), topic };
  return {
    rule: { id: ruleIds.join(), card: null, own, phrases: words.phrasesOf(own), noun: REGION },
    topic: rules.length > MAX_TOPICS_IN_TITLE ? words.rules(rules.length) : topic,
    rules,
    notices,
    alsoOpen: [],
    alsoUnreadable,
    allUnreadable: alsoUnreadable,
    endingExemptions: [],
  };
}

function urgencyOf({ notices: [first] }: Section): number {
  return first === undefined ? NOTICE_KINDS.length : NOTICE_KINDS.indexOf(first.kind);
}

/** Rules that are not known come after those that are, and shared sections last. */
function severityOf(section: Section): number {
  const { card } = section.rule;
  if (isShared(section)) return SEVERITIES.length + 1;
  return card === null ? SEVERITIES.length : SEVERITIES.indexOf(card.severity);
}
