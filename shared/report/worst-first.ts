import type { Finding } from "../audit/finding.ts";
import { type RuleSummary, SEVERITIES } from "../audit/rule-card.ts";
import { rankOf } from "./status-order.ts";

/** The findings by status, the worst first, then by the severity of their rule; else in their order. */
export function worstFirst(
  findings: readonly Finding[],
  rules: readonly Pick<RuleSummary, "id" | "severity">[],
): Finding[] {
  const severities = new Map(rules.map(({ id, severity }) => [id, SEVERITIES.indexOf(severity)]));
  const severityOf = ({ ruleId }: Finding): number => severities.get(ruleId) ?? SEVERITIES.length;
  return findings.toSorted(
    (a, b) => rankOf(a.status) - rankOf(b.status) || severityOf(a) - severityOf(b),
  );
}
