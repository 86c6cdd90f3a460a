import { ScopeError } from "./run-error.ts";

/** `all`, a region id, or a pattern of ids with `*`; with a leading `!` it excludes regions. */
export type RegionSelector = string;

/** The form of a region id, without a limit of its length. */
export const REGION_ID = /^[a-z]+(-[a-z0-9]+)+$/;
/** Of an id or a pattern, in characters. */
export const MAX_LENGTH = 64;
/** The form of a pattern of region ids. */
export const PATTERN = /^[a-z0-9-]*\*[a-z0-9*-]*$/;

/** Whether a text has the form of a region id. */
export function isRegionId(text: string): boolean {
  return REGION_ID.test(text) && text.length <= MAX_LENGTH;
}

/** Returns the problem of a region selector; null where it is well-formed. */
export function problemOfSelector(selector: RegionSelector): string | null {
  const wanted = nameIn(selector);
  if (wanted === "all" && !excludes(selector)) return null;
  if (isRegionId(wanted) || (PATTERN.test(wanted) && wanted.length <= MAX_LENGTH)) return null;
  return 'is not a region: use an id such as cn-hangzhou, a pattern such as "ap-*", "all", or "!" before an id or pattern to leave it out';
}

/** Far more than there are regions; the time of matching grows with it. */
const MAX_SELECTORS = 20_000;
/** Each is compared with every region, so the limit is lower. */
const MAX_PATTERNS = 100;

/** Returns the problem of a list of selectors that is too long to be processed; null where it is not. */
export function problemOfLength(selectors: readonly RegionSelector[]): string | null {
  const patterns = selectors.filter(isPattern).length;
  if (selectors.length <= MAX_SELECTORS && patterns <= MAX_PATTERNS) return null;
  return `is too long: at most ${MAX_SELECTORS} entries, and among them at most ${MAX_PATTERNS} that are "all" or have a "*"`;
}

/** Returns the problem of a list of well-formed selectors as a whole; null where it has none. */
export function problemOfSelectors(selectors: readonly RegionSelector[]): string | null {
  if (selectors.length === 0) return 'is empty: name at least one region, or "all"';
  if (selectors.every(excludes)) {
    return 'only leaves regions out: add what to leave them out of, such as "all"';
  }
  return null;
}

function excludes(selector: RegionSelector): boolean {
  return selector.startsWith("!");
}

/** The id or pattern of a selector, without its `!`. */
function nameIn(selector: RegionSelector): RegionSelector {
  return excludes(selector) ? selector.slice(1) : selector;
}

/** Whether a selector is a pattern, or `all`. */
function isPattern(selector: RegionSelector): boolean {
  return selector === "all" || selector.includes("*");
}

/** Whether the selectors can only be resolved against the list of regions that exist. */
export function needsKnownRegions(selectors: readonly RegionSelector[]): boolean {
  return selectors.some((selector) => !REGION_ID.test(selector));
}

/** The number of unmatched selectors that a message names. */
const MAX_SHOWN = 10;

/**
 * Returns the regions that the selectors match, sorted, without duplicates. An id is not checked
 * against the known ids.
 *
 * @param selectors - well-formed, see {@link problemOfSelector}
 * @param knownRegionIds - the ids that DescribeRegions returned; empty where it was not needed
 * @throws {@link ScopeError} when a pattern or an exclusion matches nothing, or nothing is left
 */
export function selectRegions(
  selectors: readonly RegionSelector[],
  knownRegionIds: readonly string[],
): string[] {
  const written = selectors.filter((selector) => REGION_ID.test(selector));
  const candidates = new Set([...written, ...knownRegionIds]);
  const unmatched = selectors.filter((selector) => {
    const name = nameIn(selector);
    return isPattern(name) ? ![...candidates].some(idMatcher(name)) : !candidates.has(name);
  });
  if (unmatched.length > 0) {
    const shown = unmatched.slice(0, MAX_SHOWN).map((selector) => `"${selector}"`);
    const more = unmatched.length - shown.length;
    throw new ScopeError(
      "NO_MATCH",
      `${shown.join(", ")}${more > 0 ? ` and ${more} more` : ""} matches none of the ${knownRegionIds.length} regions that this account has. Correct it, or run with --regions all to see them.`,
    );
  }
  const regionIds = [...candidates].filter(selectorMatcher(selectors));
  if (regionIds.length === 0) {
    throw new ScopeError(
      "NO_MATCH",
      "The exclusions leave no region to audit. Take one of them out.",
    );
  }
  return regionIds.sort();
}

/** Returns a function that decides whether well-formed selectors match a region. */
export function selectorMatcher(
  selectors: readonly RegionSelector[],
): (regionId: string) => boolean {
  const isIncluded = anyMatcher(selectors.filter((selector) => !excludes(selector)));
  const isExcluded = anyMatcher(selectors.filter(excludes).map(nameIn));
  return (regionId) => isIncluded(regionId) && !isExcluded(regionId);
}

/** Ids are looked up; only patterns are tried one by one. */
function anyMatcher(names: readonly RegionSelector[]): (regionId: string) => boolean {
  const ids = new Set(names);
  const patterns = names.filter(isPattern).map(idMatcher);
  return (regionId) => ids.has(regionId) || patterns.some((matches) => matches(regionId));
}

/** Returns a function that decides whether a selector without `!` matches a region. */
export function idMatcher(selector: RegionSelector): (regionId: string) => boolean {
  return selector === "all" ? () => true : patternMatcher(selector);
}

/**
 * Returns a function that tells whether an id matches a pattern, in which `*` stands for any text; one
 * without `*` is the id itself. Takes time in proportion to the lengths: the text between two `*` is
 * searched once, and the first match is kept.
 */
export function patternMatcher(pattern: string): (id: string) => boolean {
  const [start = "", ...parts] = pattern.split("*");
  const end = parts.pop();
  if (end === undefined) return (id) => id === pattern;
  return (id) => {
    const limit = id.length - end.length;
    if (limit < start.length || !id.startsWith(start) || !id.endsWith(end)) {
      return false;
    }
    let from = start.length;
    for (const part of parts) {
      const at = id.indexOf(part, from);
      if (at === -1 || at + part.length > limit) return false;
      from = at + part.length;
    }
    return true;
  };
}
