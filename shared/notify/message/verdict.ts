import { type Alert, isOver } from "../../alerts/alert.ts";
import { cleanText } from "../../text/clean-text.ts";
import type { Tone } from "./draft.ts";
import { escapeMarks } from "./escape-marks.ts";
import { NOTICE_KINDS, type Notice } from "./notice.ts";
import type { Words } from "./words.ts";

/** Bytes of a region's id in a title: those of the cloud have 23 at most. */
const MAX_ID_BYTES = 40;

/** Says in a title's length how things are, what is the matter first. Holds no mark of any chat. */
export function verdictOf(alert: Alert, notices: readonly Notice[], words: Words): string {
  return capitalize(sayVerdict(alert, notices, words));
}

function sayVerdict(alert: Alert, notices: readonly Notice[], words: Words): string {
  switch (alert.kind) {
    case "test":
      return words.test;
    case "summary":
      return `${sumUp(alert, words)}${words.subject}`;
    case "alert":
      return `${changesVerdict(notices, words)}${words.subject}`;
  }
}

/** Of each kind how many regions, or which one it is. */
function changesVerdict(notices: readonly Notice[], words: Words): string {
  return NOTICE_KINDS.flatMap((kind) => {
    const [first, ...others] = notices.filter((notice) => notice.kind === kind);
    if (first === undefined) return [];
    const id = escapeMarks(cleanText(first.finding.regionId, MAX_ID_BYTES));
    const regions = others.length === 0 ? id : words.regions(others.length + 1);
    return [`${words.labels[kind]}${words.colon}${regions}`];
  }).join(words.verdictSeparator);
}

function sumUp({ summary, findings, unreadable }: Alert, words: Words): string {
  const { total, compliant: activated, ignored: exempt } = summary;
  if (total === 0) return words.nothingRead;
  return words.summaryOf({
    total,
    notActivated: findings.length,
    unreadable: unreadable.length,
    activated,
    exempt,
  });
}

/** A summary is no alarm, whatever it counts; else judged by the worst that the message tells. */
export function toneOf({ kind, changes, findings, unreadable, summary }: Alert): Tone {
  if (kind === "test") return "neutral";
  if (kind === "summary") {
    const isGood = findings.length === 0 && unreadable.length === 0 && summary.total > 0;
    return isGood ? "good" : "neutral";
  }
  const urgent = changes.filter((change) => !isOver(change));
  if (urgent.some(({ condition }) => condition === "open")) return "bad";
  if (urgent.length > 0) return "doubtful";
  const isGood = changes.some(({ event }) => event === "resolved" || event === "readable");
  return isGood ? "good" : "neutral";
}

/** A text with a capital letter where it begins. */
export function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
