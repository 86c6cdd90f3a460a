import { type Alert, type Change, isExempted, isInapplicable, isOver } from "../../alerts/alert.ts";
import { type Finding, observedOf, type ReasonCode } from "../../audit/finding.ts";
import type { RuleCard } from "../../audit/rule-card.ts";
import { cleanText } from "../../text/clean-text.ts";
import { accountName } from "./account-groups.ts";
import type { Heading, Line, Paragraph, Span } from "./draft.ts";
import { isToMend, isUnreadable, type Notice } from "./notice.ts";
import { remedyOf } from "./remedy.ts";
import { isOneOfSeveralReasons, isOwnUnknown, meaningOf, type RuleText } from "./rule-text.ts";
import { capitalize, joined, prefixed, wordsSpan } from "./spans.ts";
import { subjectId, subjectNames } from "./subject-name.ts";
import { nounOfFinding } from "./subject-noun.ts";
import type { Words } from "./words.ts";

export interface BlockOptions {
  /** Whether the title already names the subject and its state. */
  readonly isInTitle: boolean;
  readonly heading: Heading | null;
}

/** Says of one subject its state, since when, and what to do about it. */
export function changeBlock(
  notice: Notice,
  rule: RuleText,
  alert: Alert,
  words: Words,
  { isInTitle, heading }: BlockOptions,
): Paragraph {
  const lines = (): Line[] => [
    ...(isInTitle
      ? detailLines(notice, rule, alert, words)
      : [firstLine(notice, rule, alert, words)]),
    accountLine(notice, alert, words),
    ...wasOpenLines(notice, rule, words),
    ...remedyLines(notice, rule, words),
  ];
  const noun = nounOfFinding(notice.finding, rule.card);
  return { kind: "paragraph", heading, lines, covers: notice.changes, subjects: 1, noun };
}

function firstLine(notice: Notice, rule: RuleText, alert: Alert, words: Words): Line {
  const { finding, changes } = notice;
  const states = isUnreadable(notice)
    ? [words.labels[notice.kind === "stillUnreadable" ? "stillUnreadable" : "unreadable"]]
    : changes.map((change) => describeState(change, rule, words));
  return [
    { kind: "strong", text: subjectId(finding) },
    ...prefixed(" ", subjectNames(finding, alert, words)),
    // Two conditions of a resource that is gone end alike.
    wordsSpan(`${words.colon}${[...new Set(states)].join(words.headlineSeparator)}`),
    ...(saysReason(notice, rule) ? reasonSpans(reasonCodeOf(finding), rule, words) : []),
  ];
}

/** What the title does not say: the names of the subject, and the reason. */
function detailLines(notice: Notice, rule: RuleText, alert: Alert, words: Words): Line[] {
  const code = reasonCodeOf(notice.finding);
  const [opening, closing] = words.brackets;
  const reason: Span[] = saysReason(notice, rule)
    ? [
        wordsSpan(`${capitalize(meaningOf(code, rule, words))}${opening}`),
        { kind: "code", text: code },
        wordsSpan(closing),
      ]
    : [];
  const more = notice.changes.flatMap((change): Span[][] => {
    if (change.event === "unscoped") {
      return [[wordsSpan(capitalize(rule.phrases.isUnscoped[change.condition]))]];
    }
    return isExempted(change) ? [[wordsSpan(capitalize(describeState(change, rule, words)))]] : [];
  });
  const spans = [subjectNames(notice.finding, alert, words), reason, ...more].filter(
    (part) => part.length > 0,
  );
  return spans.length === 0 ? [] : [joined(spans, " · ")];
}

/** A subject that cannot be read may also be one that was open when last read. */
function wasOpenLines({ wasOpen }: Notice, { phrases }: RuleText, words: Words): Line[] {
  if (wasOpen === null) return [];
  const { sinceMs } = wasOpen;
  return [[wordsSpan(phrases.wasOpen(sinceMs === null ? null : words.time(sinceMs)))]];
}

function accountLine(
  { finding, changes: [first], wasOpen }: Notice,
  alert: Alert,
  words: Words,
): Line {
  // The time of an open change is not the time since which the subject cannot be read.
  const isKnown = !(wasOpen !== null && first?.condition === "open");
  return [
    wordsSpan(capitalize(words.account)),
    ...accountName(finding.accountId, alert, words),
    ...(first !== undefined && isKnown ? sinceWhen(first, words) : []),
  ];
}

/** The remedy of an open subject, and the next step for a resolved one. */
function remedyLines(notice: Notice, { card }: RuleText, words: Words): Line[] {
  const { finding, kind } = notice;
  if (card === null) return [];
  const { command, consoleUrl: url, after } = remedyOf(card, finding);
  const page = { kind: "link", text: words.console, url } as const;
  if (kind === "resolved") {
    return after === null ? [] : [[{ kind: "link", text: after.linkText[words.language], url }]];
  }
  if (isToMend(notice)) {
    const fix: Span[] =
      command === null
        ? []
        : [wordsSpan(` · ${words.fix}${words.colon}`), { kind: "code", text: command }];
    return [[page, ...fix]];
  }
  return showsConsole(notice, card) ? [[page]] : [];
}

/** Whether the console may show of an unreadable subject what this program cannot tell. */
export function showsConsole(notice: Notice, card: RuleCard): boolean {
  const { wasOpen, finding } = notice;
  return wasOpen !== null || (isUnreadable(notice) && isOwnUnknown(finding.reason.code, card));
}

/** Says in half a sentence what the state of a subject is. */
export function describeState(change: Change, { phrases }: RuleText, words: Words): string {
  const { event, condition, finding } = change;
  if (isExempted(change)) {
    return `${phrases.isExempted[condition]}${cleanText(finding.exemption?.expires ?? "")}`;
  }
  if (isInapplicable(change)) return words.labels.inapplicable;
  switch (event) {
    case "unscoped":
      return `${words.labels.unscoped}${words.headlineSeparator}${phrases.isUnscoped[condition]}`;
    case "resolved":
      return phrases.isResolved;
    case "readable":
      return words.labels.readable;
    case "unreadable":
      return words.labels.unreadable;
    case "opened":
    case "changed":
    case "reminder": {
      if (condition === "unreadable") {
        return words.labels[event === "reminder" ? "stillUnreadable" : "unreadable"];
      }
      if (finding.status === "INSUFFICIENT_DATA") return phrases.wasOpenWhenLastRead;
      const clauses = {
        opened: phrases.isOpen,
        changed: phrases.isOpenForAnotherReason,
        reminder: phrases.isStillOpen,
      } as const;
      return clauses[event];
    }
  }
}

/** Whether the reason of a notice says more than its state does. */
export function saysReason(notice: Pick<Notice, "kind" | "finding">, rule: RuleText): boolean {
  const code = reasonCodeOf(notice.finding);
  return (
    isUnreadable(notice) ||
    notice.kind === "inapplicable" ||
    (isToMend(notice) && isOneOfSeveralReasons(code, rule))
  );
}

/** The code of what was observed, also where an exemption applies. */
export function reasonCodeOf(finding: Finding): ReasonCode {
  return observedOf(finding).reason.code;
}

/** A reason's code and what it means, in brackets. */
export function reasonSpans(code: ReasonCode, rule: RuleText, words: Words): Span[] {
  const [opening, closing] = words.brackets;
  return [
    wordsSpan(opening),
    { kind: "code", text: code },
    wordsSpan(`${words.comma}${meaningOf(code, rule, words)}${closing}`),
  ];
}

function sinceWhen(change: Change, words: Words): Span[] {
  const { sinceMs } = change;
  if (sinceMs === null) return [];
  const time = words.time(sinceMs);
  const isPast = isOver(change) && !isExempted(change);
  return [wordsSpan(` · ${isPast ? words.hadBeenSince(time) : words.since(time)}`)];
}
