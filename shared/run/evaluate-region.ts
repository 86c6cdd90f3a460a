import type { RuleSettings } from "../audit/rule-settings.ts";
import type { Rule } from "../rules/rule.ts";
import { type Evaluation, evaluateRule } from "./evaluate-rule.ts";
import type { CloudRegionReader } from "./region-reader.ts";

/**
 * Evaluates all rules in a region at once, and releases its reader.
 *
 * @param observe - called with the evaluations of each rule; what it returns takes their place
 * @throws `Error` when a rule breaks its contract
 */
export async function evaluateRegion(
  rules: readonly Rule[],
  region: CloudRegionReader,
  settings: RuleSettings,
  observe: (evaluations: readonly Evaluation[]) => readonly Evaluation[],
): Promise<readonly Evaluation[]> {
  const [only] = rules.length === 1 ? rules : [];
  try {
    // Without a list of promises, which thousands of regions would feel.
    if (only !== undefined) return observe(await evaluateRule(only, region, settings));
    const evaluations = await Promise.all(
      rules.map(async (rule) => observe(await evaluateRule(rule, region, settings))),
    );
    return evaluations.flat();
  } finally {
    region.release();
  }
}
