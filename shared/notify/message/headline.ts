import { type Alert, isInapplicable, isOver } from "../../alerts/alert.ts";
import { accountsOf } from "./account-groups.ts";
import type { Tone } from "./draft.ts";
import { escapeMarks } from "./escape-marks.ts";
import { NOTICE_KINDS, type Notice } from "./notice.ts";
import type { RuleText } from "./rule-text.ts";
import { isShared, type Section } from "./sections.ts";
import { capitalize } from "./spans.ts";
import { subjectId } from "./subject-name.ts";
import { countSubjects, nounOfFinding, onlyNoun } from "./subject-noun.ts";
import type { RuleCounts, Words } from "./words.ts";

/** Bytes of an id in a title: region ids of the cloud have 23 at most. */
const MAX_ID_BYTES = 40;

/** Maximum number of sections that a title names: a phone shows its beginning. */
const MAX_SECTIONS = 2;

/** Summarizes an alert in a title's length, the state first. Holds no mark of any chat. */
export function headlineOf(
  { kind, accounts }: Pick<Alert, "kind" | "accounts">,
  sections: readonly Section[],
  words: Words,
): string {
  switch (kind) {
    case "test":
      return capitalize(words.test);
    case "summary":
      return capitalize(summaryHeadline(sections, accounts.length, words));
    case "alert":
      return capitalize(changesHeadline(sections, words));
  }
}

/** The counts of the first rules, and how many other rules there are. */
function summaryHeadline(sections: readonly Section[], accounts: number, words: Words): string {
  const counts = ruleCountsOf(sections, accounts);
  const more = counts.length - MAX_SECTIONS;
  const named = words.summaryOf(counts.slice(0, MAX_SECTIONS));
  return more > 0 ? `${named}${words.headlineSeparator}${words.moreRules(more)}` : named;
}

/** The counts of each rule, on a line of its own where a title does not have them all. */
export function countLines(sections: readonly Section[], accounts: number, words: Words): string[] {
  const counts = ruleCountsOf(sections, accounts);
  if (counts.length <= MAX_SECTIONS) return [];
  return counts.map((rule) => capitalize(`${rule.own.topic} · ${words.countsOf(rule)}`));
}

function ruleCountsOf(sections: readonly Section[], accounts: number): RuleCounts[] {
  return sections
    .filter((section) => !isShared(section))
    .map((section) => countsOf(section, accounts));
}

/** Of the first sections with a notice, the subjects by kind of notice; how many subjects others have. */
function changesHeadline(sections: readonly Section[], words: Words): string {
  const noticed = sections.filter(({ notices }) => notices.length > 0);
  const named = noticed.slice(0, MAX_SECTIONS).map(({ rule, topic, notices }) => {
    const kinds = NOTICE_KINDS.flatMap((kind) => {
      const ofKind = notices.filter((notice) => notice.kind === kind);
      if (ofKind.length === 0) return [];
      return [`${rule.phrases.labels[kind]}${words.colon}${nameOrCount(ofKind, rule, words)}`];
    });
    return `${kinds.join(words.headlineSeparator)} · ${topic}`;
  });
  const others = noticed
    .slice(MAX_SECTIONS)
    .flatMap(({ rule: { card }, notices }) =>
      notices.map(({ finding }) => nounOfFinding(finding, card)),
    );
  const more = others.length === 0 ? [] : [words.more(others.length, onlyNoun(others))];
  return [...named, ...more].join(words.headlineSeparator);
}

/** The id of a single subject, or how many there are, and in how many accounts. */
function nameOrCount(notices: readonly Notice[], { card }: RuleText, words: Words): string {
  const [first, ...others] = notices;
  if (first !== undefined && others.length === 0) {
    return escapeMarks(subjectId(first.finding, MAX_ID_BYTES));
  }
  const findings = notices.map(({ finding }) => finding);
  const count = countSubjects(findings, card, words);
  const accounts = accountsOf(findings).length;
  return accounts > 1 ? words.inAccounts(count, accounts) : count;
}

function countsOf({ rule, rules, alsoOpen, allUnreadable }: Section, accounts: number): RuleCounts {
  const found = rules[0]?.found ?? null;
  const unreadable = allUnreadable.filter(
    (finding) => nounOfFinding(finding, rule.card) === rule.noun,
  ).length;
  return {
    own: rule.own,
    noun: rule.noun,
    subjects: found?.subjects ?? 0,
    accounts,
    open: alsoOpen.length,
    compliant: found?.compliant ?? 0,
    exempt: found?.exempt ?? 0,
    unreadable,
    unreadableRegions: allUnreadable.length - unreadable,
    isEvaluated: found !== null && found.regions > 0,
  };
}

/** A summary is no alarm, whatever it counts; an alert is judged by its worst change. */
export function toneOf({ kind, changes, findings, unreadable, summary }: Alert): Tone {
  if (kind === "test") return "neutral";
  if (kind === "summary") {
    const isGood = findings.length === 0 && unreadable.length === 0 && summary.total > 0;
    return isGood ? "good" : "neutral";
  }
  const urgent = changes.filter((change) => !isOver(change));
  if (urgent.some(({ condition }) => condition === "open")) return "bad";
  if (urgent.length > 0) return "doubtful";
  const isGood = changes.some(
    (change) =>
      (change.event === "resolved" || change.event === "readable") && !isInapplicable(change),
  );
  return isGood ? "good" : "neutral";
}
