import type { CallLimit, Cloud } from "../audit/cloud.ts";
import type { Verdict } from "../audit/finding.ts";
import type { Permission } from "../audit/permission.ts";
import type { RuleCard } from "../audit/rule-card.ts";

/** A question put to a region, and all that is said of it. */
export interface Rule extends RuleCard {
  /** What an identity must be allowed to, so that the rule can be put to a region. */
  readonly permissions: readonly Permission[];
  /**
   * Asks the region. Only an answer is a verdict: what could not be read is thrown.
   *
   * @throws `CallError` when the cloud gave no usable answer
   */
  evaluate(cloud: Cloud, regionId: string, limit: CallLimit): Promise<Verdict>;
}
