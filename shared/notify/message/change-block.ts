import type { Change } from "../../audit/alert.ts";
import type { ReasonCode } from "../../audit/finding.ts";
import type { RuleCard } from "../../audit/rule-card.ts";
import { cleanText } from "./clean-text.ts";
import type { Block, Line, Span } from "./draft.ts";
import { isToMend } from "./notes.ts";
import { consoleUrl, remedyCommand } from "./remedy.ts";
import { isOver } from "./verdict.ts";
import type { Words } from "./words.ts";

/**
 * Says of one region what is the matter, since when, and what to do about it.
 *
 * @param card - of the change's rule
 */
export function changeBlock(change: Change, card: RuleCard | undefined, words: Words): Block {
  return { lines: () => linesOf(change, card, words), covers: [change], regions: 1 };
}

function linesOf(change: Change, card: RuleCard | undefined, words: Words): Line[] {
  const { finding } = change;
  const { regionId, accountId } = finding;
  const what: Line = [
    { kind: "strong", text: cleanText(regionId) },
    ...localName(change, words),
    { kind: "words", text: `${words.colon}${describeState(change, words)}` },
    ...whyUnread(change, words),
  ];
  const where: Line = [
    { kind: "words", text: words.account },
    { kind: "outside", text: cleanText(accountId) },
    ...sinceWhen(change, words),
  ];
  return [what, where, ...whatToDo(change, card, words)];
}

/** The remedy of what is open, and the next step where it was mended. */
function whatToDo(change: Change, card: RuleCard | undefined, words: Words): Line[] {
  if (card === undefined) return [];
  const { event, finding } = change;
  const url = consoleUrl(card, finding);
  if (event === "resolved") return [[{ kind: "link", text: words.createFlowLog, url }]];
  if (!isToMend(change)) return [];
  return [
    [
      { kind: "link", text: words.console, url },
      { kind: "words", text: ` · ${words.fix}${words.colon}` },
      { kind: "code", text: remedyCommand(card, finding) },
    ],
  ];
}

function localName({ finding: { localName: name = "" } }: Change, words: Words): Span[] {
  const text = cleanText(name, 60);
  const shown = text !== "" && (words.showsAnyLocalName || /^[\x20-\x7e…]*$/.test(text));
  return shown
    ? [
        { kind: "words", text: " " },
        { kind: "outside", text },
      ]
    : [];
}

/** Says in half a sentence what is the matter with a region. */
export function describeState({ event, condition, finding }: Change, words: Words): string {
  switch (event) {
    case "resolved":
      return words.isResolved;
    case "readable":
      return words.isReadable;
    case "blind":
      return words.isBlind;
    case "opened":
    case "changed":
    case "reminder": {
      if (condition === "blind") return event === "reminder" ? words.isStillBlind : words.isBlind;
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

/** Why a region could not be read, where that is what was found. */
function whyUnread({ finding: { status, reason } }: Change, words: Words): Span[] {
  if (status !== "INSUFFICIENT_DATA") return [];
  return reasonSpans(reason.code, words);
}

/** A reason's code and what it means, in brackets. */
export function reasonSpans(code: ReasonCode, words: Words): Span[] {
  const [opening, closing] = words.brackets;
  return [
    { kind: "words", text: opening },
    { kind: "code", text: code },
    { kind: "words", text: `${words.comma}${words.reason[code]}${closing}` },
  ];
}

function sinceWhen(change: Change, words: Words): Span[] {
  const { sinceMs } = change;
  if (sinceMs === null) return [];
  const time = words.time(sinceMs);
  return [
    { kind: "words", text: ` · ${isOver(change) ? words.hadBeenSince(time) : words.since(time)}` },
  ];
}
