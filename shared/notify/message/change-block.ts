import { type Alert, type Change, isExempted, isOver } from "../../alerts/alert.ts";
import type { Finding, ReasonCode } from "../../audit/finding.ts";
import { cleanText } from "../../text/clean-text.ts";
import type { Line, Paragraph, Span } from "./draft.ts";
import { isToMend, isUnreadable, type Notice } from "./notice.ts";
import { cardOf, consoleUrl, remedyCommand } from "./remedy.ts";
import { capitalize } from "./verdict.ts";
import type { Words } from "./words.ts";

/**
 * Says of one region what is the matter, since when, and what to do about it.
 *
 * @param isInTitle - whether the title has named the region and what is the matter already
 */
export function changeBlock(
  notice: Notice,
  alert: Alert,
  words: Words,
  isInTitle: boolean,
): Paragraph {
  const lines = (): Line[] => [
    ...(isInTitle ? detailLines(notice, alert, words) : [headLine(notice, alert, words)]),
    accountLine(notice, words),
    ...wasOpenLines(notice, words),
    ...remedyLines(notice, alert, words),
  ];
  return { kind: "paragraph", lines, covers: notice.changes, regions: 1 };
}

function headLine(notice: Notice, alert: Alert, words: Words): Line {
  const { finding, changes } = notice;
  const told = isUnreadable(notice)
    ? [notice.kind === "stillUnreadable" ? words.isStillUnreadable : words.isUnreadable]
    : changes.map((change) => describeState(change, words));
  return [
    { kind: "strong", text: cleanText(finding.regionId) },
    ...prefixed(" ", localName(finding, alert, words)),
    { kind: "words", text: `${words.colon}${told.join(words.verdictSeparator)}` },
    ...(isUnreadable(notice) ? reasonSpans(finding.reason.code, words) : []),
  ];
}

/** What the title has not said yet: where the region is, and why it could not be read. */
function detailLines(notice: Notice, alert: Alert, words: Words): Line[] {
  const { code } = notice.finding.reason;
  const [opening, closing] = words.brackets;
  const reason: Span[] = isUnreadable(notice)
    ? [
        { kind: "words", text: `${capitalize(meaningOf(code, words))}${opening}` },
        { kind: "code", text: code },
        { kind: "words", text: closing },
      ]
    : [];
  const more = notice.changes.flatMap((change): Span[][] => {
    if (change.event === "unscoped") return [wordsOf(words.isUnscoped[change.condition])];
    return isExempted(change) ? [wordsOf(describeState(change, words))] : [];
  });
  const spans = [localName(notice.finding, alert, words), reason, ...more].filter(
    (part) => part.length > 0,
  );
  return spans.length === 0 ? [] : [joined(spans, " · ")];
}

function wordsOf(text: string): Span[] {
  return [{ kind: "words", text: capitalize(text) }];
}

/** That a region which cannot be read was open is no less important than that it cannot. */
function wasOpenLines({ wasOpen }: Notice, words: Words): Line[] {
  if (wasOpen === null) return [];
  const { sinceMs } = wasOpen;
  return [[{ kind: "words", text: words.wasOpen(sinceMs === null ? null : words.time(sinceMs)) }]];
}

function accountLine({ finding, changes: [first], wasOpen }: Notice, words: Words): Line {
  // Since when an open region cannot be read is not known where only that it is open is told.
  const isKnown = !(wasOpen !== null && first?.condition === "open");
  return [
    { kind: "words", text: capitalize(words.account) },
    { kind: "outside", text: cleanText(finding.accountId) },
    ...(first !== undefined && isKnown ? sinceWhen(first, words) : []),
  ];
}

/** The remedy of what is open, and the next step where it was mended. */
function remedyLines(notice: Notice, alert: Alert, words: Words): Line[] {
  const { finding, kind } = notice;
  const card = cardOf(alert, finding);
  if (card === undefined) return [];
  const url = consoleUrl(card, finding);
  if (kind === "resolved") return [[{ kind: "link", text: words.createFlowLog, url }]];
  if (isToMend(notice)) {
    return [
      [
        { kind: "link", text: words.console, url },
        { kind: "words", text: ` · ${words.fix}${words.colon}` },
        { kind: "code", text: remedyCommand(card, finding) },
      ],
    ];
  }
  // Where a person can look with their own eyes.
  return notice.wasOpen === null ? [] : [[{ kind: "link", text: words.console, url }]];
}

/** What the cloud calls a region, in the message's language if that is known; empty where it is not. */
export function localName(
  { regionId, localName: reported = "" }: Finding,
  { localNames }: Pick<Alert, "localNames">,
  words: Words,
): Span[] {
  const text = cleanText(localNames?.get(regionId) ?? reported, 60);
  const shown = text !== "" && (words.showsAnyLocalName || /^[\x20-\x7e…]*$/.test(text));
  return shown ? [{ kind: "outside", text }] : [];
}

/** Spans with words before them, unless there are none. */
export function prefixed(prefix: string, spans: readonly Span[]): Span[] {
  return spans.length === 0 ? [] : [{ kind: "words", text: prefix }, ...spans];
}

/** Spans with words between them. */
export function joined(parts: readonly (readonly Span[])[], separator: string): Span[] {
  return parts.flatMap((part, index) => (index === 0 ? part : prefixed(separator, part)));
}

/** Says in half a sentence what is the matter with a region. */
export function describeState(change: Change, words: Words): string {
  const { event, condition, finding } = change;
  if (isExempted(change)) {
    return `${words.isExempted[condition]}${cleanText(finding.exemption?.expires ?? "")}`;
  }
  switch (event) {
    case "unscoped":
      return `${words.labels.unscoped}${words.verdictSeparator}${words.isUnscoped[condition]}`;
    case "resolved":
      return words.isResolved;
    case "readable":
      return words.isReadable;
    case "unreadable":
      return words.isUnreadable;
    case "opened":
    case "changed":
    case "reminder": {
      if (condition === "unreadable")
        return event === "reminder" ? words.isStillUnreadable : words.isUnreadable;
      if (finding.status === "INSUFFICIENT_DATA") return words.wasOpenWhenLastRead;
      const open = {
        opened: "isOpen",
        changed: "isOpenOtherwise",
        reminder: "isStillOpen",
      } as const;
      return words[open[event]];
    }
  }
}

function meaningOf(code: ReasonCode, { reason }: Words): string {
  return new Map(Object.entries(reason)).get(code) ?? code;
}

/** A reason's code and what it means, in brackets. */
export function reasonSpans(code: ReasonCode, words: Words): Span[] {
  const [opening, closing] = words.brackets;
  return [
    { kind: "words", text: opening },
    { kind: "code", text: code },
    { kind: "words", text: `${words.comma}${meaningOf(code, words)}${closing}` },
  ];
}

function sinceWhen(change: Change, words: Words): Span[] {
  const { sinceMs } = change;
  if (sinceMs === null) return [];
  const time = words.time(sinceMs);
  return [
    {
      kind: "words",
      text: ` · ${isOver(change) && !isExempted(change) ? words.hadBeenSince(time) : words.since(time)}`,
    },
  ];
}
