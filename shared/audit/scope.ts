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
  const wanted = selector.startsWith("!") ? selector.slice(1) : selector;
  if (wanted === "all" && selector !== "!all") return null;
  if (isRegionId(wanted) || (PATTERN.test(wanted) && wanted.length <= MAX_LENGTH)) return null;
  return 'is not a region: use an id such as cn-hangzhou, a pattern such as "ap-*", "all", or "!" before an id or pattern to leave it out';
}

/** Says what is wrong with a list of well-formed selectors as a whole, or null. */
export function problemOfSelectors(selectors: readonly RegionSelector[]): string | null {
  if (selectors.length === 0) return 'is empty: name at least one region, or "all"';
  if (selectors.every((selector) => selector.startsWith("!"))) {
    return 'only leaves regions out: add what to leave them out of, such as "all"';
  }
  return null;
}

/** Whether the selectors can only be resolved against the list of regions that exist. */
export function needsKnownRegions(selectors: readonly RegionSelector[]): boolean {
  return selectors.some((selector) => !REGION_ID.test(selector));
}

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
  const candidates = [...new Set([...written, ...knownRegionIds])];
  const selected = new Set<string>();
  const excluded = new Set<string>();
  const unmatched: string[] = [];
  for (const selector of selectors) {
    const excludes = selector.startsWith("!");
    const matches = candidates.filter(idMatcher(excludes ? selector.slice(1) : selector));
    if (matches.length === 0) unmatched.push(selector);
    for (const regionId of matches) (excludes ? excluded : selected).add(regionId);
  }
  if (unmatched.length > 0) {
    throw new ScopeError(
      "NO_MATCH",
      `${unmatched.map((selector) => `"${selector}"`).join(", ")} matches none of the ${knownRegionIds.length} regions that this account has. Correct it, or run with --regions all to see them.`,
    );
  }
  const regionIds = [...selected].filter((regionId) => !excluded.has(regionId));
  if (regionIds.length === 0) {
    throw new ScopeError(
      "NO_MATCH",
      "The exclusions leave no region to audit. Take one of them out.",
    );
  }
  return regionIds.sort();
}

/** Tells whether a region id is the one, or of the pattern, that a selector without `!` names. */
export function idMatcher(selector: RegionSelector): (regionId: string) => boolean {
  if (selector === "all") return () => true;
  const pattern = new RegExp(`^${selector.replaceAll(/\*+/g, ".*")}$`);
  return (regionId) => pattern.test(regionId);
}
