import { type Alert, isExempted, isOver } from "../../alerts/alert.ts";
import type { RuleCard } from "../../audit/rule-card.ts";
import { joined, localName, prefixed, reasonSpans } from "./change-block.ts";
import { cleanText } from "../../text/clean-text.ts";
import type { Line, ListEntry, RegionList, Span } from "./draft.ts";
import { groupBy } from "../../audit/group-by.ts";
import { isToMend, isUnreadable, type Notice } from "./notice.ts";
import { cardOf, commandPattern, consolePattern } from "./remedy.ts";
import { capitalize } from "./verdict.ts";
import type { Words } from "./words.ts";

export interface ListOptions {
  /** Whether the title has said already what is the matter. */
  readonly isInTitle: boolean;
  /** Whether there is room for what the cloud calls the regions. */
  readonly withNames: boolean;
}

/**
 * Says of many regions of one kind what is the matter, and of each its id only: what they share
 * stands once in a message.
 *
 * @param notices - of one rule and one account
 */
export function changeList(
  notices: readonly Notice[],
  alert: Alert,
  words: Words,
  options: ListOptions,
): ListEntry[] {
  const reasonOf = (notice: Notice): string =>
    isUnreadable(notice) ? notice.finding.reason.code : "";
  return [...groupBy(notices, reasonOf).values()].flatMap((group) => {
    const list = listOf(group, alert, words, options);
    return group.map((notice): ListEntry => ({
      kind: "entry",
      list,
      entry: entryOf(notice, alert, words, options),
      covers: notice.changes,
      regions: 1,
    }));
  });
}

function entryOf(notice: Notice, alert: Alert, words: Words, { withNames }: ListOptions): Line {
  const { finding, wasOpen } = notice;
  const [opening, closing] = words.brackets;
  return [
    { kind: "strong", text: cleanText(finding.regionId) },
    ...(withNames ? prefixed(" ", localName(finding, alert, words)) : []),
    ...(wasOpen === null
      ? []
      : [{ kind: "words", text: `${opening}${words.wasOpenMark}${closing}` } as const]),
  ];
}

function listOf(
  notices: readonly Notice[],
  alert: Alert,
  words: Words,
  options: ListOptions,
): RegionList {
  const [first] = notices;
  if (first === undefined) return { lines: () => [] };
  const card = cardOf(alert, first.finding);
  const head = headSpans(notices, first, words, options);
  const remedy = card === undefined ? [] : remedyLines(first, card, words);
  return { lines: (entries) => [head, joined(entries, words.separator), ...remedy] };
}

/** What is the matter, in which account, since when. */
function headSpans(
  notices: readonly Notice[],
  first: Notice,
  words: Words,
  { isInTitle }: ListOptions,
): Line {
  const { finding } = first;
  const reason = isUnreadable(first) ? reasonSpans(finding.reason.code, words) : [];
  const label = { kind: "words", text: capitalize(words.labels[first.kind]) } as const;
  const isLabelled = !isInTitle || reason.length > 0;
  const parts: Span[][] = [
    isLabelled ? [label, ...reason] : [],
    [
      { kind: "words", text: isLabelled ? words.account : capitalize(words.account) },
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
    return shown.length > 1 ? [] : [spanOf(words.hadBeenSince(earliest))];
  return [spanOf(shown.length > 1 ? words.sinceFirst(earliest) : words.since(earliest))];
}

function spanOf(text: string): Span {
  return { kind: "words", text };
}

/** One pattern for all of the regions. */
function remedyLines(first: Notice, card: RuleCard, words: Words): Line[] {
  const page = { kind: "code", text: consolePattern(card) } as const;
  if (first.kind === "resolved") return [[spanOf(`${words.createFlowLog}${words.colon}`), page]];
  if (!isToMend(first)) return [];
  return [
    [spanOf(`${words.fixEach}${words.colon}`), { kind: "code", text: commandPattern(card) }],
    [spanOf(`${words.console}${words.colon}`), page],
  ];
}
