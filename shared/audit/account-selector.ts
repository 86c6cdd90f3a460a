import { patternMatcher } from "./scope.ts";

/**
 * The id or the name of an account, or a pattern of them in which `*` matches any text; with a leading
 * `!` it excludes accounts.
 */
export type AccountSelector = string;

/** Room for a name of the resource directory, which has 64 characters at most. */
const MAX_LENGTH = 128;
/** Of a configuration or a request: as many as the largest organization has members, and more. */
const MAX_SELECTORS = 20_000;
/** Each is compared with every account. */
const MAX_PATTERNS = 100;

/** Whether a text has the form of an account's id. */
export function isAccountId(text: string): boolean {
  return /^\d{1,32}$/.test(text);
}

/** Returns the problem of an account selector; null where it is well-formed. */
export function problemOfAccountSelector(selector: AccountSelector): string | null {
  const wanted = nameIn(selector);
  if (
    wanted !== "" &&
    wanted.trim() === wanted &&
    isShort(wanted) &&
    !/[\p{Cc}\p{Cf}]/u.test(wanted)
  ) {
    return null;
  }
  return 'is not an account: use an id, a name, a pattern such as "prod-*", or "!" before one of them to leave it out';
}

/** Returns the problem of a list of well-formed selectors as a whole; null where it has none. */
export function problemOfAccountSelectors(selectors: readonly AccountSelector[]): string | null {
  if (selectors.length === 0) return 'is empty: name at least one account, or "*"';
  if (selectors.length > MAX_SELECTORS || selectors.filter(isPattern).length > MAX_PATTERNS) {
    return `is too long: at most ${MAX_SELECTORS} entries, and among them at most ${MAX_PATTERNS} with a "*"`;
  }
  if (selectors.every(excludesAccount)) {
    return 'only leaves accounts out: add what to leave them out of, such as "*"';
  }
  return null;
}

/** Whether a selector leaves accounts out. */
function excludesAccount(selector: AccountSelector): boolean {
  return selector.startsWith("!");
}

/** What an account is selected by. */
export interface SelectableAccount {
  readonly id: string;
  readonly name: string | null;
}

/**
 * Returns a function that decides whether one selector matches an account, whether or not it excludes
 * it. Digits alone are an id, so that no account gets in by a name that looks like another's id.
 */
export function accountMatcher(selector: AccountSelector): (account: SelectableAccount) => boolean {
  const wanted = nameIn(selector);
  if (isAccountId(wanted)) return ({ id }) => id === wanted;
  const matches = patternMatcher(wanted);
  return ({ id, name }) => matches(id) || (name !== null && matches(name));
}

/** Returns a function that decides whether well-formed selectors select an account. */
export function accountSelection(
  selectors: readonly AccountSelector[],
): (account: SelectableAccount) => boolean {
  const isIncluded = anyMatcher(selectors.filter((selector) => !excludesAccount(selector)));
  const isExcluded = anyMatcher(selectors.filter(excludesAccount));
  return (account) => isIncluded(account) && !isExcluded(account);
}

/** Ids are looked up; only names and patterns are tried one by one. */
function anyMatcher(
  selectors: readonly AccountSelector[],
): (account: SelectableAccount) => boolean {
  const wanted = selectors.map(nameIn);
  const ids = new Set(wanted.filter(isAccountId));
  const names = new Set(wanted.filter((text) => !isAccountId(text) && !isPattern(text)));
  const patterns = wanted.filter(isPattern).map(accountMatcher);
  return (account) =>
    ids.has(account.id) ||
    (account.name !== null && names.has(account.name)) ||
    patterns.some((matches) => matches(account));
}

/** What a selector selects or excludes: an id, a name or a pattern. */
export function nameIn(selector: AccountSelector): string {
  return excludesAccount(selector) ? selector.slice(1) : selector;
}

function isPattern(selector: AccountSelector): boolean {
  return selector.includes("*");
}

function isShort(text: string): boolean {
  return text.length <= MAX_LENGTH;
}
