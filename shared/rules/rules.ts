import { flowLogServiceActivated } from "./flow-log-service-activated.ts";
import { RULE_IDS } from "./rule-ids.ts";
import type { Rule } from "./rule.ts";

/** The rules of an audit where no others are chosen. */
export const DEFAULT_RULES: readonly Rule[] = [flowLogServiceActivated];

/**
 * Loads rules with their cards, in the order of {@link RULE_IDS}. Those about resources are loaded on
 * first use, because most runs do without them.
 *
 * @param ids - those that are no rule's are left out
 */
export async function loadRules(ids: readonly string[]): Promise<readonly Rule[]> {
  const others = ids.filter((id) => DEFAULT_RULES.every((rule) => rule.id !== id));
  const { RESOURCE_RULES } =
    others.length === 0 ? { RESOURCE_RULES: [] } : await import("./resource-rules.ts");
  const rules = [...DEFAULT_RULES, ...RESOURCE_RULES];
  return RULE_IDS.flatMap((id) => (ids.includes(id) ? rules.filter((rule) => rule.id === id) : []));
}
