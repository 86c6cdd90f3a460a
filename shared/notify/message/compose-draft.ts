import { type Alert, isOver } from "../../alerts/alert.ts";
import type { FailureCode, Finding } from "../../audit/finding.ts";
import { groupBy } from "../../audit/group-by.ts";
import { UNKNOWN_ACCOUNT } from "../../audit/report.ts";
import { keyOf } from "../../audit/subject.ts";
import { cleanText } from "../../text/clean-text.ts";
import { accountEntry, accountName, groupByAccount } from "./account-groups.ts";
import { changeBlock, reasonSpans } from "./change-block.ts";
import { accountList, changeList } from "./change-list.ts";
import type { Block, Draft, Heading, Line, Paragraph, Span } from "./draft.ts";
import { countLines, headlineOf, toneOf } from "./headline.ts";
import { describeControls, notesOf, stateNote } from "./notes.ts";
import { isToMend, isUnreadable, type Notice, NOTICE_KINDS } from "./notice.ts";
import { readingNotes } from "./reading-remedy.ts";
import { type FoundRule, isShared, type Section, sectionsOf } from "./sections.ts";
import { capitalize, joined, wordsSpan } from "./spans.ts";
import { subjectId } from "./subject-name.ts";
import { ACCOUNT, commonNoun, countSubjects, REGION } from "./subject-noun.ts";
import type { Words } from "./words.ts";

/** Minimum number of subjects in the same state that are written as one list. */
const LIST_FROM = 6;
/** Maximum number of subjects named in a line about subjects without changes. */
const MAX_NAMES = 20;
const MAX_EXEMPTIONS = 5;
/** Of a line for each account, about subjects without changes. */
const MAX_ACCOUNTS = 10;
const MAX_NAMES_OF_ACCOUNT = 5;
/** The reason that all regions of an account have at once. */
const ACCOUNT_REFUSED: FailureCode = "ROLE_REFUSED";

/** What stands in every message where the configuration names no keyword. */
const DEFAULT_KEYWORD = "[flowlog-guard]";

/** How the subjects of changes are written. */
export type Layout =
  | {
      readonly by: "subject";
      /** Whether lists of many subjects have room for names. */
      readonly withNames: boolean;
    }
  /** Many subjects of one kind are counted by account. */
  | {
      readonly by: "account";
      /** Maximum number of subjects of an account that are named. */
      readonly maxNames: number;
    };

/**
 * Writes an alert as drafts, which are independent of the chat and not limited in length.
 *
 * @returns a function that writes the draft with a layout
 */
export function composeDrafts(
  alert: Alert,
  words: Words,
  keyword = DEFAULT_KEYWORD,
): (layout: Layout) => Draft {
  const sections = sectionsOf(alert, words);
  const draft = {
    keyword,
    headline: headlineOf(alert, sections, words),
    tone: toneOf(alert),
    calls: alert.kind === "test" || alert.changes.some((change) => !isOver(change)),
    closing: alert.kind === "test" ? [] : closingOf(sections, alert, words),
  };
  if (alert.kind === "test") {
    return () => ({ ...draft, blocks: [paragraph([[wordsSpan(words.testNote)]])] });
  }
  const first = alert.kind === "summary" ? summaryBlocks(sections, alert, words) : [];
  return (layout) => ({
    ...draft,
    blocks: [...first, ...blocksOf(sections, alert, words, layout)],
  });
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

/** The account or accounts, and the counts that the title has no room for. */
function summaryBlocks(sections: readonly Section[], alert: Alert, words: Words): Block[] {
  const counts = countLines(sections, alert.accounts.length, words).map((text): Line => [
    wordsSpan(text),
  ]);
  return [[accountLine(alert, words)], counts]
    .filter(({ length }) => length > 0)
    .map((lines) => paragraph(lines));
}

function accountLine(alert: Alert, words: Words): Line {
  const [accountId = UNKNOWN_ACCOUNT, ...others] = alert.accounts;
  if (others.length > 0) return [wordsSpan(words.counted(alert.accounts.length, ACCOUNT))];
  return [wordsSpan(capitalize(words.account)), ...accountName(accountId, alert, words)];
}

/**
 * What each section says. Where there are several, a heading names the rule of each; that of a shared
 * section is the only place where its rules are named.
 */
function blocksOf(
  sections: readonly Section[],
  alert: Alert,
  words: Words,
  layout: Layout,
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
      ...noticeBlocks(sections, context, layout),
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

/**
 * The notices, one by one where few of a kind are of one account. What an account as a whole is the
 * reason of is said once for all of its regions.
 */
function noticeBlocks(
  sections: readonly Section[],
  { section, heading, alert, words }: SectionContext,
  layout: Layout,
): Block[] {
  const { rule } = section;
  const all = sections.flatMap(({ notices }) => notices);
  const groups = NOTICE_KINDS.flatMap((kind): NoticeGroup[] => {
    const ofKind = section.notices.filter((notice) => notice.kind === kind);
    const refused = ofKind.filter(isRefused);
    const ofAccounts = refused.length > 1 ? refused : [];
    const others = refused.length > 1 ? ofKind.filter((notice) => !isRefused(notice)) : ofKind;
    return [
      ...(layout.by === "account"
        ? [{ notices: others, maxNames: layout.maxNames }]
        : [...groupBy(others, ({ finding }) => finding.accountId).values()].map((notices) => ({
            notices,
            maxNames: null,
          }))),
      { notices: ofAccounts, maxNames: 0 },
    ].filter(({ notices }) => notices.length > 0);
  });
  const isInTitle = groups.length === 1 && all.length === section.notices.length;
  return groups.flatMap(({ notices, maxNames }): Block[] => {
    if (maxNames === 0 || (maxNames !== null && notices.length >= LIST_FROM)) {
      return accountList(notices, rule, alert, words, { isInTitle, heading, maxNames });
    }
    if (notices.length < LIST_FROM) {
      const options = { isInTitle: all.length === 1, heading };
      return notices.map((notice) => changeBlock(notice, rule, alert, words, options));
    }
    const withNames = layout.by === "subject" && layout.withNames;
    return changeList(notices, rule, alert, words, { isInTitle, heading, withNames });
  });
}

/** Notices of one kind. */
interface NoticeGroup {
  readonly notices: readonly Notice[];
  /** Of an account, where they are counted by account; null where they are not. */
  readonly maxNames: number | null;
}

/** Whether a notice says that nothing of its account could be read. */
function isRefused(notice: Notice): boolean {
  return isUnreadable(notice) && notice.finding.reason.code === ACCOUNT_REFUSED;
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

/** One line that names subjects; none for no subjects. Those of several accounts have a line for each. */
function listBlock(
  label: readonly Span[],
  findings: readonly Finding[],
  context: SectionContext,
): Block[] {
  if (findings.length === 0) return [];
  const { heading, words } = context;
  const { rule } = context.section;
  const { accounts, openSince } = context.alert;
  if (accounts.length > 1) return accountsBlock(label, findings, context);
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

/** The accounts with the most subjects, and how many subjects the others have. */
function accountsBlock(
  label: readonly Span[],
  findings: readonly Finding[],
  { section: { rule }, heading, alert, words }: SectionContext,
): Block[] {
  const { card } = rule;
  const noun = commonNoun(findings, card);
  const accounts = groupByAccount(findings, ({ accountId }) => accountId);
  const others = accounts.slice(MAX_ACCOUNTS);
  const more = others.reduce((sum, [, { length }]) => sum + length, 0);
  const count = countSubjects(findings, card, words);
  const lines: Line[] = [
    [...label, wordsSpan(`${words.colon}${words.inAccounts(count, accounts.length)}`)],
    ...accounts.slice(0, MAX_ACCOUNTS).map(([accountId, own]) => {
      const maxNames = own[0]?.reason.code === ACCOUNT_REFUSED ? 0 : MAX_NAMES_OF_ACCOUNT;
      return accountEntry(accountId, own, card, alert, words, maxNames);
    }),
    ...(more > 0 ? [[wordsSpan(words.moreInAccounts(more, noun, others.length))]] : []),
  ];
  return [paragraph(lines, { heading, subjects: findings.length, noun })];
}

function exemptionBlock(
  findings: readonly Finding[],
  { section: { rule }, heading, alert, words }: SectionContext,
): Block[] {
  if (findings.length === 0) return [];
  const more = findings.length - MAX_EXEMPTIONS;
  const noun = commonNoun(findings, rule.card);
  const lines = findings
    .slice(0, MAX_EXEMPTIONS)
    .map((finding): Line => [
      { kind: "strong", text: subjectId(finding) },
      ...(alert.accounts.length > 1
        ? [wordsSpan(words.comma), ...accountName(finding.accountId, alert, words)]
        : []),
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
