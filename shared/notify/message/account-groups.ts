import type { Alert } from "../../alerts/alert.ts";
import { compareIds } from "../../audit/compare-ids.ts";
import type { Finding } from "../../audit/finding.ts";
import { groupBy } from "../../audit/group-by.ts";
import type { RuleCard } from "../../audit/rule-card.ts";
import { cleanText } from "../../text/clean-text.ts";
import type { Line, Span } from "./draft.ts";
import { joined, wordsSpan } from "./spans.ts";
import { subjectId } from "./subject-name.ts";
import { commonNoun, countSubjects } from "./subject-noun.ts";
import type { Words } from "./words.ts";

/** Bytes of an account's name: the resource directory allows 50 characters. */
const MAX_NAME_BYTES = 60;

/** An account as messages show it: `prod (1234567890123456)`, or its id where it has no name. */
export function accountName(
  accountId: string,
  { accountNames }: Pick<Alert, "accountNames">,
  words: Words,
): Span[] {
  const id = { kind: "outside", text: cleanText(accountId) } as const;
  const name = cleanText(accountNames.get(accountId) ?? "", MAX_NAME_BYTES);
  if (name === "") return [id];
  const [opening, closing] = words.brackets;
  return [{ kind: "outside", text: name }, wordsSpan(opening), id, wordsSpan(closing)];
}

/** The ids of the accounts of findings, each once. */
export function accountsOf(findings: readonly Pick<Finding, "accountId">[]): string[] {
  return [...new Set(findings.map(({ accountId }) => accountId))];
}

/** Groups items by account: those with the most items first. */
export function groupByAccount<T>(
  items: readonly T[],
  accountIdOf: (item: T) => string,
): (readonly [accountId: string, items: readonly T[]])[] {
  return [...groupBy(items, accountIdOf)].toSorted(
    ([idA, a], [idB, b]) => b.length - a.length || compareIds(idA, idB),
  );
}

/**
 * Says of findings of one account how many there are, and names the first of them:
 * `prod (1234567890123456): 30 regions: cn-beijing, cn-chengdu, and 28 more`.
 *
 * @param maxNames - all of them are named up to this number; 0 names none
 */
export function accountEntry(
  accountId: string,
  findings: readonly Finding[],
  card: RuleCard | null,
  alert: Pick<Alert, "accountNames">,
  words: Words,
  maxNames: number,
): Line {
  const account = [...accountName(accountId, alert, words), wordsSpan(words.colon)];
  const names = findings
    .slice(0, maxNames)
    .map((finding): Span[] => [{ kind: "strong", text: subjectId(finding) }]);
  const more = findings.length - names.length;
  if (more === 0) return [...account, ...joined(names, words.separator)];
  const count = wordsSpan(countSubjects(findings, card, words));
  if (names.length === 0) return [...account, count];
  const rest = [wordsSpan(words.more(more, commonNoun(findings, card)))];
  return [...account, count, wordsSpan(words.colon), ...joined([...names, rest], words.separator)];
}
