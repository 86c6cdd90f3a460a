import type { Verdict } from "../audit/finding.ts";
import type { RegionReader } from "../audit/region-reader.ts";
import type { RuleCard } from "../audit/rule-card.ts";
import type { RuleSettings } from "../audit/rule-settings.ts";

/** A check of a region, and the card that reports and messages describe it by. */
export interface Rule extends RuleCard {
  /**
   * Evaluates the rule in a region.
   *
   * @returns either one verdict on the region, or one on each of its resources; never none, never
   * both, and never two on the same resource
   * @param settings - the parameters of all rules
   * @throws `UnreadableError` when the region could not be read
   */
  evaluate(region: RegionReader, settings: RuleSettings): Promise<readonly Verdict[]>;
}
