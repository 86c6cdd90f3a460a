import type { Alert, Change } from "../../audit/alert.ts";
import type { Tone } from "./draft.ts";
import type { Count, Words } from "./words.ts";

type CountedVerdict = "opened" | "stillOpen" | "resolved" | "blind" | "stillBlind" | "readable";

/** What a change counts as, in the order in which it is told: what is to be done first. */
const ORDER: readonly CountedVerdict[] = [
  "opened",
  "stillOpen",
  "blind",
  "stillBlind",
  "resolved",
  "readable",
];

/** Says in a title's length how things are. */
export function verdictOf(alert: Alert, words: Words): string {
  const verdict = sayVerdict(alert, words);
  return verdict.charAt(0).toUpperCase() + verdict.slice(1);
}

function sayVerdict(alert: Alert, words: Words): string {
  switch (alert.kind) {
    case "test":
      return words.test;
    case "summary":
      return summaryVerdict(alert, words);
    case "alert":
      return newsVerdict(alert, words);
  }
}

function newsVerdict({ changes }: Alert, words: Words): string {
  return ORDER.flatMap((verdict) =>
    counted(words[verdict], changes.filter((change) => countsAs(change) === verdict).length),
  ).join(words.verdictSeparator);
}

/** All is well only where everything was read, and nothing found. */
function summaryVerdict({ summary, findings, unreadable }: Alert, words: Words): string {
  const troubles = [
    ...counted(words.opened, findings.length),
    ...counted(words.blind, unreadable.length),
  ];
  if (troubles.length > 0) return troubles.join(words.verdictSeparator);
  if (summary.total === 0) return words.nothingRead;
  return [words.allClear(summary.compliant), ...counted(words.exempt, summary.ignored)].join(
    words.verdictSeparator,
  );
}

function counted(count: Count, regions: number): string[] {
  return regions === 0 ? [] : [count(regions)];
}

function countsAs({ event, condition }: Change): CountedVerdict {
  switch (event) {
    case "opened":
    case "changed":
      return condition === "open" ? "opened" : "blind";
    case "reminder":
      return condition === "open" ? "stillOpen" : "stillBlind";
    case "resolved":
    case "blind":
    case "readable":
      return event;
  }
}

/** The changes in the order in which they are told. */
export function byUrgency(changes: readonly Change[]): Change[] {
  const rank = (change: Change): number => ORDER.indexOf(countsAs(change));
  return changes.toSorted((a, b) => rank(a) - rank(b));
}

/** How bad it is, judged by the worst that the message tells. */
export function toneOf({ kind, changes, findings, unreadable, summary }: Alert): Tone {
  if (kind === "test") return "neutral";
  if (kind === "summary") {
    if (findings.length > 0) return "bad";
    if (unreadable.length > 0) return "doubtful";
    return summary.total === 0 ? "neutral" : "good";
  }
  const urgent = changes.filter((change) => !isOver(change));
  if (urgent.some(({ condition }) => condition === "open")) return "bad";
  return urgent.length > 0 ? "doubtful" : "good";
}

/** Whether a change is the end of something, and nothing to act on. */
export function isOver({ event }: Change): boolean {
  return event === "resolved" || event === "readable";
}
