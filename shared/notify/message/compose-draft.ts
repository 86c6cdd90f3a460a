import { type Alert, isOver } from "../../alerts/alert.ts";
import type { Finding } from "../../audit/finding.ts";
import { groupBy } from "../../audit/group-by.ts";
import { keyOf } from "../../audit/subject.ts";
import { cleanText } from "../../text/clean-text.ts";
import { changeBlock, reasonSpans } from "./change-block.ts";
import { changeList } from "./change-list.ts";
import type { Block, Draft, Heading, Line, Paragraph, Span } from "./draft.ts";
import { countLines, headlineOf, toneOf } from "./headline.ts";
import { describeControls, notesOf, stateNote } from "./notes.ts";
import { isToMend, NOTICE_KINDS } from "./notice.ts";
import { readingNotes } from "./reading-remedy.ts";
import { type FoundRule, isShared, type Section, sectionsOf } from "./sections.ts";
import { capitalize, joined, wordsSpan } from "./spans.ts";
import { subjectId } from "./subject-name.ts";
import { commonNoun, REGION } from "./subject-noun.ts";
import type { Words } from "./words.ts";

/** Minimum number of subjects in the same state that are written as one list. */
const LIST_FROM = 6;
/** Maximum number of subjects named in a line about subjects without changes. */
const MAX_NAMES = 20;
const MAX_EXEMPTIONS = 5;

/** What stands in every message where the configuration names no keyword. */
const DEFAULT_KEYWORD = "[flowlog-guard]";

export interface DraftOptions {
  readonly keyword?: string | undefined;
  /** Whether lists of many subjects have room for names. */
  readonly withNames: boolean;
}

/** Writes an alert as a draft, which is independent of the chat and not limited in length. */
export function composeDraft(
  alert: Alert,
  words: Words,
  { keyword = DEFAULT_KEYWORD, withNames }: DraftOptions,
): Draft {
  const sections = sectionsOf(alert, words);
  return {
    keyword,
    headline: headlineOf(alert, sections, words),
    tone: toneOf(alert),
    calls: alert.kind === "test" || alert.changes.some((change) => !isOver(change)),
    ...(alert.kind === "test"
      ? { blocks: [paragraph([[wordsSpan(words.testNote)]])], closing: [] }
      : {
          blocks: [
            ...(alert.kind === "summary" ? summaryBlocks(sections, alert, words) : []),
            ...blocksOf(sections, alert, words, withNames),
          ],
          closing: closingOf(sections, alert, words),
        }),
  };
}

function paragraph(
  lines: readonly Line[],
  about: Pick<Paragraph, "heading" | "subjects" | "noun"> = {
    heading: null,
    subjects: 0,
    noun: REGION,
  },
): Block {
  return { kind: "paragraph", lines: () => lines, covers: [], ...about };
}

/** The account, and the counts that the title has no room for. */
function summaryBlocks(sections: readonly Section[], alert: Alert, words: Words): Block[] {
  const counts = countLines(sections, words).map((text): Line => [wordsSpan(text)]);
  return [[accountLine(alert, words)], counts]
    .filter(({ length }) => length > 0)
    .map((lines) => paragraph(lines));
}

function accountLine({ accountId }: Alert, words: Words): Line {
  return [wordsSpan(capitalize(words.account)), { kind: "outside", text: cleanText(accountId) }];
}

/**
 * What each section says. Where there are several, a heading names the rule of each; that of a shared
 * section is the only place where its rules are named.
 */
function blocksOf(
  sections: readonly Section[],
  alert: Alert,
  words: Words,
  withNames: boolean,
): Block[] {
  return sections.flatMap((section) => {
    const { rule, alsoOpen, endingExemptions } = section;
    const { phrases } = rule;
    const topic = capitalize(phrases.topic);
    const heading =
      sections.length === 1 && !isShared(section)
        ? null
        : { line: [{ kind: "strong", text: topic } as const] };
    const label = capitalize(alert.kind === "summary" ? phrases.open : phrases.alsoOpen);
    const context = { section, heading, alert, words };
    return [
      ...noticeBlocks(sections, context, withNames),
      ...listBlock([wordsSpan(label)], alsoOpen, context),
      ...unreadableBlocks(context),
      ...exemptionBlock(endingExemptions, context),
    ];
  });
}

/** What the blocks of one section are written with. */
interface SectionContext {
  readonly section: Section;
  readonly heading: Heading | null;
  readonly alert: Alert;
  readonly words: Words;
}

/** The notices, one by one where few of a kind are of one account. */
function noticeBlocks(
  sections: readonly Section[],
  { section, heading, alert, words }: SectionContext,
  withNames: boolean,
): Block[] {
  const all = sections.flatMap(({ notices }) => notices);
  const groups = NOTICE_KINDS.flatMap((kind) => [
    ...groupBy(
      section.notices.filter((notice) => notice.kind === kind),
      ({ finding }) => finding.accountId,
    ).values(),
  ]);
  const isOnlyGroup = groups.length === 1 && all.length === section.notices.length;
  return groups.flatMap((group): Block[] =>
    group.length < LIST_FROM
      ? group.map((notice) =>
          changeBlock(notice, section.rule, alert, words, {
            isInTitle: all.length === 1,
            heading,
          }),
        )
      : changeList(group, section.rule, alert, words, {
          isInTitle: isOnlyGroup,
          heading,
          withNames,
        }),
  );
}

/** A block for each reason why subjects could not be read. */
function unreadableBlocks(context: SectionContext): Block[] {
  const { section, words } = context;
  const byCode = groupBy(section.alsoUnreadable, ({ reason }) => reason.code);
  return [...byCode].flatMap(([code, findings]) =>
    listBlock(
      [wordsSpan(words.notRead), ...reasonSpans(code, section.rule, words)],
      findings,
      context,
    ),
  );
}

/** One line that names subjects; none for no subjects. */
function listBlock(
  label: readonly Span[],
  findings: readonly Finding[],
  { section: { rule }, heading, alert: { openSince }, words }: SectionContext,
): Block[] {
  if (findings.length === 0) return [];
  const more = findings.length - MAX_NAMES;
  const [opening, closing] = words.brackets;
  const names = findings.slice(0, MAX_NAMES).map((finding): Span[] => {
    const wasOpen = finding.status === "INSUFFICIENT_DATA" && openSince?.has(keyOf(finding));
    return [
      { kind: "outside", text: subjectId(finding) },
      ...(wasOpen === true ? [wordsSpan(`${opening}${rule.phrases.wasOpenMark}${closing}`)] : []),
    ];
  });
  const noun = commonNoun(findings, rule.card);
  const rest: Span[][] = more > 0 ? [[wordsSpan(words.more(more, noun))]] : [];
  const line: Line = [
    ...label,
    wordsSpan(words.colon),
    ...joined([...names, ...rest], words.separator),
  ];
  return [paragraph([line], { heading, subjects: findings.length, noun })];
}

function exemptionBlock(
  findings: readonly Finding[],
  { section: { rule }, heading, words }: SectionContext,
): Block[] {
  if (findings.length === 0) return [];
  const more = findings.length - MAX_EXEMPTIONS;
  const noun = commonNoun(findings, rule.card);
  const lines = findings
    .slice(0, MAX_EXEMPTIONS)
    .map((finding): Line => [
      { kind: "strong", text: subjectId(finding) },
      wordsSpan(`${words.colon}${words.exemptionEnds}`),
      { kind: "outside", text: cleanText(finding.exemption?.expires ?? "") },
      wordsSpan(words.exemptionOwner),
      { kind: "outside", text: cleanText(finding.exemption?.owner ?? "") },
    ]);
  const rest: Line[] = more > 0 ? [[wordsSpan(words.more(more, noun))]] : [];
  return [paragraph([...lines, ...rest], { heading, subjects: findings.length, noun })];
}

/** What is true of all subjects of the message. */
function closingOf(sections: readonly Section[], alert: Alert, words: Words): Line[] {
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
