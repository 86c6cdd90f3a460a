import type { RuleSummary } from "../audit/rule-card.ts";

/**
 * The controls of a rule and its relation to each, in a form that programs can divide:
 * `CIS Alibaba Cloud Foundation Benchmark 2.0.0 2.5 (precondition); …`.
 */
export function controlList({ controls }: Pick<RuleSummary, "controls">): string {
  return controls
    .map(({ framework, version, id, relation }) => `${framework} ${version} ${id} (${relation})`)
    .join("; ");
}
