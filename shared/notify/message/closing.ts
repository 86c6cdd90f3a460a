import type { Alert } from "../../alerts/alert.ts";
import { groupBy } from "../../audit/group-by.ts";
import type { Line } from "./draft.ts";
import { describeControls, notesOf, stateNote } from "./notes.ts";
import { isToMend } from "./notice.ts";
import { readingNotes } from "./reading-remedy.ts";
import type { FoundRule, Section } from "./sections.ts";
import { capitalize, wordsSpan } from "./spans.ts";
import type { Words } from "./words.ts";

/** What is true of all subjects of the message. */
export function closingOf(sections: readonly Section[], alert: Alert, words: Words): Line[] {
  const toMend = sections
    .flatMap(({ notices }) => notices)
    .filter(isToMend)
    .map(({ finding }) => finding);
  const texts = [
    ...notesOf(alert, toMend, words.language),
    ...stateNote(alert, words),
    ...sumLines(sections, words),
  ];
  return [...readingNotes(alert, words), ...texts.map((text): Line => [wordsSpan(text)])];
}

/**
 * How much of each rule's scope was read, and the controls that it is about. Rules of which the same is
 * true share a line.
 */
function sumLines(sections: readonly Section[], words: Words): string[] {
  const rules = new Map(
    sections.flatMap((section) => section.rules.map((found) => [found.rule.id, found] as const)),
  );
  const sums = [...rules.values()].map((found) => ({
    topic: found.rule.phrases.topic,
    text: sumOf(found, words),
  }));
  const bySum = groupBy(
    sums.filter(({ text }) => text !== ""),
    ({ text }) => text,
  );
  return [...bySum].map(([text, about]) => {
    const topics = about.map(({ topic }) => topic).join(words.separator);
    return capitalize(rules.size > 1 ? `${topics}${words.colon}${text}` : text);
  });
}

function sumOf({ rule, found }: FoundRule, words: Words): string {
  return [
    ...(found !== null && found.regions > 0
      ? [words.readOf(found.readRegions, found.regions)]
      : []),
    ...(rule.card === null ? [] : [describeControls(rule.card, words)]),
  ]
    .filter((text) => text !== "")
    .join(" · ");
}
