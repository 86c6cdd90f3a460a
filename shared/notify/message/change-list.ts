import { type Alert, isExempted, isOver } from "../../alerts/alert.ts";
import { groupBy } from "../../audit/group-by.ts";
import { cleanText } from "../../text/clean-text.ts";
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
import { nounOfFinding } from "./subject-noun.ts";
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
  return [...groupBy(notices, (notice) => sharedBy(notice, rule)).values()].flatMap((group) => {
    const list = listOf(group, rule, words, options);
    return group.map((notice): ListEntry => ({
      kind: "entry",
      heading,
      list,
      entry: entryOf(notice, rule, alert, words, withNames),
      covers: notice.changes,
      subjects: 1,
      noun: nounOfFinding(notice.finding, rule.card),
    }));
  });
}

/** What subjects must have in common to be in one list: the reason, and whether they are resources. */
function sharedBy(notice: Notice, rule: RuleText): string {
  const { finding } = notice;
  const code = saysReason(notice, rule) ? reasonCodeOf(finding) : "";
  return JSON.stringify([code, finding.resource?.type ?? ""]);
}

function entryOf(
  { finding, wasOpen }: Notice,
  { phrases }: RuleText,
  alert: Alert,
  words: Words,
  withNames: boolean,
): Line {
  const [opening, closing] = words.brackets;
  return [
    ...listedSubject(finding, alert, words, withNames),
    ...(wasOpen === null ? [] : [wordsSpan(`${opening}${phrases.wasOpenMark}${closing}`)]),
  ];
}

function listOf(
  notices: readonly Notice[],
  rule: RuleText,
  words: Words,
  options: BlockOptions,
): SubjectList {
  const [first] = notices;
  if (first === undefined) return { lines: () => [] };
  const head = headSpans(notices, first, rule, words, options);
  const remedy = remedyLines(first, rule, words);
  return { lines: (entries) => [head, joined(entries, words.separator), ...remedy] };
}

/** The state, the account, and since when. */
function headSpans(
  notices: readonly Notice[],
  first: Notice,
  rule: RuleText,
  words: Words,
  { isInTitle }: BlockOptions,
): Line {
  const { finding, kind } = first;
  const reason = saysReason(first, rule) ? reasonSpans(reasonCodeOf(finding), rule, words) : [];
  const isLabelled = !isInTitle || reason.length > 0;
  const parts: Span[][] = [
    isLabelled ? [wordsSpan(capitalize(rule.phrases.labels[kind])), ...reason] : [],
    [
      wordsSpan(isLabelled ? words.account : capitalize(words.account)),
      { kind: "outside", text: cleanText(finding.accountId) },
    ],
    sinceSpans(notices, words),
  ];
  return joined(
    parts.filter((part) => part.length > 0),
    " · ",
  );
}

function sinceSpans(notices: readonly Notice[], words: Words): Span[] {
  const changes = notices.flatMap(({ changes: [change] }) => change ?? []);
  const times = changes.flatMap(({ sinceMs }) => sinceMs ?? []);
  const [first] = changes;
  if (first === undefined || times.length === 0) return [];
  const shown = [...new Set(times.map(words.time))];
  const earliest = words.time(Math.min(...times));
  if (isOver(first) && !isExempted(first))
    return shown.length > 1 ? [] : [wordsSpan(words.hadBeenSince(earliest))];
  return [wordsSpan(shown.length > 1 ? words.sinceFirst(earliest) : words.since(earliest))];
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
