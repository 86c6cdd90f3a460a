import type { ScopedAccount } from "../audit/account-scope.ts";
import type { RuleCard } from "../audit/rule-card.ts";
import { MAX_PARTS } from "../config/accounts.ts";

/** The most accounts of a part. */
const MAX_ACCOUNTS = 1_000;

/**
 * The most findings that are expected of a part. Function Compute answers with at most 32 MB, and a
 * finding is some 600 bytes of JSON: 18 MB, which leaves room for longer names, messages and remedies.
 */
const MAX_FINDINGS = 30_000;

/**
 * The findings that are expected of a rule about resources in a region. Nobody knows how many resources
 * there are; in most regions of an organization there are none, and one finding says so.
 */
const FINDINGS_BY_RESOURCE_RULE = 2;

/** A run's accounts, divided. */
export interface SplitAccounts {
  /** Each is sorted by id, and together they are all accounts in their order. Not empty, no part is. */
  readonly parts: readonly (readonly ScopedAccount[])[];
  /** Why there are other parts than were asked for; null where there are not. */
  readonly warning: string | null;
}

/**
 * Divides accounts into parts of equal size: as few as their answers allow, or as many as are asked for.
 *
 * @param accounts - sorted by id; not empty
 * @param cards - of the rules that are evaluated
 * @param asked - how many parts, from 1 to {@link MAX_PARTS}; null where their number decides
 */
export function splitAccounts(
  accounts: readonly ScopedAccount[],
  cards: readonly Pick<RuleCard, "subject">[],
  asked: number | null,
): SplitAccounts {
  const most = Math.min(MAX_PARTS, accounts.length);
  const byRegion = findingsByRegion(cards);
  let count = Math.min(asked ?? 1, most);
  while (count < most && !slicesOf(accounts, count).every((part) => isAnswerable(part, byRegion))) {
    count += 1;
  }
  const parts = slicesOf(accounts, count);
  return { parts, warning: warningOf(parts, accounts.length, asked) };
}

/** The findings that are expected for one region. */
function findingsByRegion(cards: readonly Pick<RuleCard, "subject">[]): number {
  return cards.reduce(
    (count, { subject }) => count + (subject === "region" ? 1 : FINDINGS_BY_RESOURCE_RULE),
    0,
  );
}

function isAnswerable(part: readonly ScopedAccount[], byRegion: number): boolean {
  const regions = part.reduce((count, { regionIds }) => count + regionIds.length, 0);
  return part.length <= MAX_ACCOUNTS && (regions * byRegion <= MAX_FINDINGS || part.length === 1);
}

/** Consecutive slices whose lengths differ by one at most. */
function slicesOf(accounts: readonly ScopedAccount[], count: number): ScopedAccount[][] {
  const startOf = (index: number): number => Math.floor((index * accounts.length) / count);
  return Array.from({ length: count }, (_none, index) =>
    accounts.slice(startOf(index), startOf(index + 1)),
  );
}

function warningOf(
  parts: SplitAccounts["parts"],
  accountCount: number,
  asked: number | null,
): string | null {
  if (asked === null || asked === parts.length) return null;
  return parts.length > asked
    ? `fanOut.parts: is ${asked}, and ${accountCount} accounts need ${parts.length} parts, so that each can answer: there are ${parts.length}.`
    : `fanOut.parts: is ${asked}, and there are ${accountCount} accounts: there are ${parts.length} parts.`;
}
