import type { CallLimit, Cloud } from "../audit/cloud.ts";
import type { Verdict } from "../audit/finding.ts";
import type { Permission } from "../audit/permission.ts";
import type { RuleCard } from "../audit/rule-card.ts";

/** A check of a region, and the card that reports and messages describe it by. */
export interface Rule extends RuleCard {
  /** The permissions that an identity needs to evaluate the rule. */
  readonly permissions: readonly Permission[];
  /**
   * Evaluates the rule in a region.
   *
   * @returns either one verdict on the region, or one on each of its resources; never none, never
   * both, and never two on the same resource
   * @throws `CallError` when the cloud gave no usable answer
   */
  evaluate(cloud: Cloud, regionId: string, limit: CallLimit): Promise<readonly Verdict[]>;
}
