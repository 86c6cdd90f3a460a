import {
  accountMatcher,
  type AccountSelector,
  isAccountId,
  nameIn,
  type SelectableAccount,
} from "../../audit/account-selector.ts";

/** The number of selectors that a message names. */
const MAX_SHOWN = 10;

/** The selectors, exclusions included, that match none of the accounts. */
export function unmatchedSelectors(
  selectors: readonly AccountSelector[],
  accounts: readonly SelectableAccount[],
): readonly AccountSelector[] {
  // Ids and names are looked up, since there may be as many selectors as accounts.
  const ids = new Set(accounts.map(({ id }) => id));
  const names = new Set(accounts.flatMap(({ name }) => (name === null ? [] : [name])));
  return selectors.filter((selector) => {
    const wanted = nameIn(selector);
    if (isAccountId(wanted)) return !ids.has(wanted);
    return !names.has(wanted) && !(wanted.includes("*") && accounts.some(accountMatcher(selector)));
  });
}

/** Ids of accounts and folders, patterns, and words such as `prod-network`: what no secret looks like. */
const PLAIN =
  /^!?(\d{1,20}|(fd|r)-\w{1,20}|[^*]{0,20}\*.{0,20}|[a-z]{1,16}([-_ .][a-z0-9]{1,10}){0,3})$/iu;

/**
 * Selectors in a message, such as `"prod-*", "!test"`. One that might be a secret in the wrong place is
 * only counted.
 */
export function describeSelectors(selectors: readonly AccountSelector[]): string {
  const plain = selectors.filter((selector) => PLAIN.test(selector));
  const shown = plain.slice(0, MAX_SHOWN).map((selector) => `"${selector}"`);
  const rest = selectors.length - shown.length;
  if (rest === 0) return shown.join(", ");
  if (shown.length > 0) return `${shown.join(", ")} and ${rest} more`;
  return rest === 1 ? "an entry (not shown)" : `${rest} entries (not shown)`;
}
