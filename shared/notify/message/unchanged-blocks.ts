import type { Finding } from "../../audit/finding.ts";
import { groupBy } from "../../audit/group-by.ts";
import { keyOf } from "../../audit/subject.ts";
import { cleanText } from "../../text/clean-text.ts";
import { accountEntry, accountName, groupByAccount } from "./account-groups.ts";
import { reasonSpans } from "./change-block.ts";
import type { Block, Line, Span } from "./draft.ts";
import { ACCOUNT_REFUSED, paragraph, type SectionContext } from "./section-blocks.ts";
import { capitalize, joined, wordsSpan } from "./spans.ts";
import { subjectId } from "./subject-name.ts";
import { commonNoun, countSubjects } from "./subject-noun.ts";

/** Maximum number of subjects named in a line about subjects without changes. */
const MAX_NAMES = 20;
const MAX_EXEMPTIONS = 5;
/** Of a line for each account, about subjects without changes. */
const MAX_ACCOUNTS = 10;
const MAX_NAMES_OF_ACCOUNT = 5;

/** What a section says of subjects without changes: those that are open, or could not be read, and ending exemptions. */
export function unchangedBlocks(context: SectionContext): Block[] {
  const { section, alert } = context;
  const { phrases } = section.rule;
  const label = capitalize(alert.kind === "summary" ? phrases.open : phrases.alsoOpen);
  return [
    ...listBlock([wordsSpan(label)], section.alsoOpen, context),
    ...unreadableBlocks(context),
    ...exemptionBlock(section.endingExemptions, context),
  ];
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
