import { ScopeError } from "./run-error.ts";

/** `all`, a region id, or a pattern of ids with `*`; with a leading `!` it takes regions out. */
export type RegionSelector = string;

const REGION_ID = /^[a-z]+(-[a-z0-9]+)+$/;
const MAX_LENGTH = 64;
const PATTERN = /^[a-z0-9-]*\*[a-z0-9*-]*$/;

/** Whether a text has the form of a region id. */
export function isRegionId(text: string): boolean {
  return REGION_ID.test(text) && text.length <= MAX_LENGTH;
}

/** Says what is wrong with a region selector, or null where it is well-formed. */
export function problemOfSelector(selector: RegionSelector): string | null {
  const wanted = nameIn(selector);
  if (wanted === "all" && !excludes(selector)) return null;
  if (isRegionId(wanted) || (PATTERN.test(wanted) && wanted.length <= MAX_LENGTH)) return null;
  return 'is not a region: use an id such as cn-hangzhou, a pattern such as "ap-*", "all", or "!" before an id or pattern to leave it out';
}

/** Far more than there are regions; what is matched grows with it. */
const MAX_SELECTORS = 20_000;
/** Each is compared with every region there is, so of these fewer are enough. */
const MAX_PATTERNS = 100;

/** Says that a list of selectors is too long to be looked at, whatever each of them is; or null. */
export function problemOfLength(selectors: readonly RegionSelector[]): string | null {
  const patterns = selectors.filter(isPattern).length;
  if (selectors.length <= MAX_SELECTORS && patterns <= MAX_PATTERNS) return null;
  return `is too long: at most ${MAX_SELECTORS} entries, and among them at most ${MAX_PATTERNS} that are "all" or have a "*"`;
}

/** Says what is wrong with a list of well-formed selectors as a whole, or null. */
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

/** What a selector names, whether it takes that in or out. */
function nameIn(selector: RegionSelector): RegionSelector {
  return excludes(selector) ? selector.slice(1) : selector;
}

/** Whether a selector names regions by what their ids look like. */
function isPattern(selector: RegionSelector): boolean {
  return selector === "all" || selector.includes("*");
}

/** Whether the selectors can only be resolved against the list of regions that exist. */
export function needsKnownRegions(selectors: readonly RegionSelector[]): boolean {
  return selectors.some((selector) => !REGION_ID.test(selector));
}

/** Of unmatched selectors, how many a message names. */
const MAX_SHOWN = 10;

/**
 * The regions that the selectors stand for, sorted, each once. An id written out is taken as it
 * is, whether or not it is known.
 *
 * @param selectors - well-formed, see {@link problemOfSelector}
 * @param knownRegionIds - what DescribeRegions lists; may be empty when it is not needed
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

/** Tells whether a region is among those that well-formed selectors stand for. */
export function selectorMatcher(
  selectors: readonly RegionSelector[],
): (regionId: string) => boolean {
  const isIncluded = anyMatcher(selectors.filter((selector) => !excludes(selector)));
  const isExcluded = anyMatcher(selectors.filter(excludes).map(nameIn));
  return (regionId) => isIncluded(regionId) && !isExcluded(regionId);
}

/** Ids are looked up, and only patterns tried one by one. */
function anyMatcher(names: readonly RegionSelector[]): (regionId: string) => boolean {
  const ids = new Set(names);
  const patterns = names.filter(isPattern).map(idMatcher);
  return (regionId) => ids.has(regionId) || patterns.some((matches) => matches(regionId));
}

/** Tells whether a region id is the one, or of the pattern, that a selector without `!` names. */
export function idMatcher(selector: RegionSelector): (regionId: string) => boolean {
  return selector === "all" ? () => true : patternMatcher(selector);
}

/**
 * Tells whether an id matches a pattern, in which `*` stands for any text; one without `*` is the id
 * itself. Takes time in proportion to the lengths: what stands between two `*` is searched once, at
 * the first place where it can be.
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
