import { type Alert, isExempted, isOver } from "../../alerts/alert.ts";
import { groupBy } from "../../audit/group-by.ts";
import { accountEntry, accountName, accountsOf, groupByAccount } from "./account-groups.ts";
import {
  type BlockOptions,
  reasonCodeOf,
  reasonSpans,
  saysReason,
  showsConsole,
} from "./change-block.ts";
import type { Line, ListEntry, Span, SubjectList } from "./draft.ts";
import { isToMend, type Notice } from "./notice.ts";
import { remedyOf, remedyPattern } from "./remedy.ts";
import type { RuleText } from "./rule-text.ts";
import { capitalize, joined, wordsSpan } from "./spans.ts";
import { listedSubject } from "./subject-name.ts";
import { commonNoun, countSubjects, nounOfFinding } from "./subject-noun.ts";
import type { Words } from "./words.ts";

export interface ListOptions extends BlockOptions {
  /** Whether there is room for the names of the subjects. */
  readonly withNames: boolean;
}

/**
 * Lists many subjects in the same state by their ids alone: what they share is said once.
 *
 * @param notices - of one kind, rule and account
 */
export function changeList(
  notices: readonly Notice[],
  rule: RuleText,
  alert: Alert,
  words: Words,
  options: ListOptions,
): ListEntry[] {
  const { heading, withNames } = options;
  return groupsAlike(notices, rule).flatMap((group) => {
    const list = listOf(group, rule, alert, words, options);
    return group.map((notice): ListEntry => ({
      kind: "entry",
      heading,
      list,
      entry: listedSubject(notice.finding, alert, words, withNames),
      covers: notice.changes,
      subjects: 1,
      noun: nounOfFinding(notice.finding, rule.card),
    }));
  });
}

export interface AccountListOptions extends BlockOptions {
  /** Maximum number of subjects of an account that are named. */
  readonly maxNames: number;
}

/**
 * Lists many subjects in the same state by account: how many there are in each, those with the most
 * first.
 *
 * @param notices - of one kind and rule
 */
export function accountList(
  notices: readonly Notice[],
  rule: RuleText,
  alert: Alert,
  words: Words,
  options: AccountListOptions,
): ListEntry[] {
  const { heading, maxNames } = options;
  return groupsAlike(notices, rule).flatMap((group) => {
    const list = listOf(group, rule, alert, words, { ...options, byAccount: true });
    return groupByAccount(group, ({ finding }) => finding.accountId).map(
      ([accountId, own]): ListEntry => {
        const findings = own.map(({ finding }) => finding);
        return {
          kind: "entry",
          heading,
          list,
          entry: accountEntry(accountId, findings, rule.card, alert, words, maxNames),
          covers: own.flatMap(({ changes }) => changes),
          subjects: own.length,
          noun: commonNoun(findings, rule.card),
          accountId,
        };
      },
    );
  });
}

function groupsAlike(notices: readonly Notice[], rule: RuleText): readonly (readonly Notice[])[] {
  return [...groupBy(notices, (notice) => sharedBy(notice, rule)).values()];
}

/**
 * What subjects must have in common to be in one list: the reason, whether they are resources, and
 * whether unreadable ones were open when last read.
 */
function sharedBy(notice: Notice, rule: RuleText): string {
  const { finding, wasOpen } = notice;
  const code = saysReason(notice, rule) ? reasonCodeOf(finding) : "";
  return JSON.stringify([code, finding.resource?.type ?? "", wasOpen !== null]);
}

function listOf(
  notices: readonly Notice[],
  rule: RuleText,
  alert: Alert,
  words: Words,
  options: HeadOptions,
): SubjectList {
  const [first] = notices;
  if (first === undefined) return { lines: () => [] };
  const head = headSpans(notices, first, rule, alert, words, options);
  const remedy = remedyLines(first, rule, words);
  return {
    lines: (entries) =>
      options.byAccount === true
        ? [head, ...entries, ...remedy]
        : [head, joined(entries, words.separator), ...remedy],
  };
}

interface HeadOptions extends BlockOptions {
  /** Whether each entry is an account. @default false: each is a subject of one account */
  readonly byAccount?: boolean;
}

/** The state, the account or accounts, since when, and what unreadable subjects were when last read. */
function headSpans(
  notices: readonly Notice[],
  first: Notice,
  rule: RuleText,
  alert: Alert,
  words: Words,
  { isInTitle, byAccount = false }: HeadOptions,
): Line {
  const { finding, kind } = first;
  const reason = saysReason(first, rule) ? reasonSpans(reasonCodeOf(finding), rule, words) : [];
  const isLabelled = !isInTitle || reason.length > 0;
  const parts: Span[][] = [
    isLabelled ? [wordsSpan(capitalize(rule.phrases.labels[kind])), ...reason] : [],
    byAccount
      ? [wordsSpan(countInAccounts(notices, rule, words))]
      : [
          wordsSpan(isLabelled ? words.account : capitalize(words.account)),
          ...accountName(finding.accountId, alert, words),
        ],
    sinceSpans(notices, words),
    wasOpenSpans(notices, rule, words),
  ];
  return joined(
    parts.filter((part) => part.length > 0),
    " · ",
  );
}

function countInAccounts(notices: readonly Notice[], { card }: RuleText, words: Words): string {
  const findings = notices.map(({ finding }) => finding);
  const count = countSubjects(findings, card, words);
  return words.inAccounts(count, accountsOf(findings).length);
}

function sinceSpans(notices: readonly Notice[], words: Words): Span[] {
  const changes = notices.flatMap(({ changes: [change], wasOpen }) =>
    // The time of an open change is not the time since which a subject cannot be read.
    change === undefined || (wasOpen !== null && change.condition === "open") ? [] : change,
  );
  const times = [...new Set(changes.flatMap(({ sinceMs }) => sinceMs ?? []))];
  const [first] = changes;
  if (first === undefined || times.length === 0) return [];
  if (isOver(first) && !isExempted(first)) {
    const shown = [...new Set(times.map(words.time))];
    return shown.length > 1 ? [] : shown.map((time) => wordsSpan(words.hadBeenSince(time)));
  }
  return [wordsSpan(sinceEarliest(times, words))];
}

function sinceEarliest(times: readonly number[], words: Words): string {
  const shown = new Set(times.map(words.time));
  const earliest = words.time(times.reduce((a, b) => Math.min(a, b)));
  return shown.size > 1 ? words.sinceFirst(earliest) : words.since(earliest);
}

/** Of unreadable subjects that were open when last read, said once for all of them. */
function wasOpenSpans(notices: readonly Notice[], { phrases }: RuleText, words: Words): Span[] {
  const open = notices.flatMap(({ wasOpen }) => wasOpen ?? []);
  if (open.length === 0) return [];
  const times = open.flatMap(({ sinceMs }) => sinceMs ?? []);
  const since = times.length === 0 ? "" : `${words.comma}${sinceEarliest(times, words)}`;
  return [wordsSpan(`${phrases.wasOpenMark}${since}`)];
}

/** One pattern for all subjects of the list. */
function remedyLines(first: Notice, { card }: RuleText, words: Words): Line[] {
  if (card === null) return [];
  const { finding } = first;
  const { command, page } = remedyPattern(card, finding);
  const pageSpan = { kind: "code", text: page } as const;
  if (first.kind === "resolved") {
    const { after } = remedyOf(card, finding);
    if (after === null) return [];
    return [[wordsSpan(`${after.linkText[words.language]}${words.colon}`), pageSpan]];
  }
  const consoleLine: Line = [wordsSpan(`${words.console}${words.colon}`), pageSpan];
  if (!isToMend(first)) return showsConsole(first, card) ? [consoleLine] : [];
  const fix = finding.resource === undefined ? words.fixEachRegion : words.fixEachResource;
  return [
    ...(command === null
      ? []
      : [[wordsSpan(`${fix}${words.colon}`), { kind: "code", text: command } as const]]),
    consoleLine,
  ];
}
