import { accountNamesOf, type Report } from "../../audit/report.ts";
import type { RuleCard, RuleSummary } from "../../audit/rule-card.ts";
import { ruleMeaning } from "../rule-meaning.ts";

/** A rule of the report, what this version knows of it, and what compliance with it proves. */
export interface DescribedRule extends RuleSummary {
  readonly card: RuleCard | undefined;
  readonly meaning: string;
}

/** What the events of a run have in common. */
export interface EventContext {
  readonly tool: Report["tool"];
  readonly runId: string;
  /** ISO 8601, UTC: the time of an event whose region was never asked. */
  readonly finishedAt: string;
  /** By id. */
  readonly rules: ReadonlyMap<string, DescribedRule>;
  /** By id. */
  readonly accountNames: ReadonlyMap<string, string>;
}

/** Looks up what the findings of a report have in common. */
export function eventContextOf(report: Report, cards: readonly RuleCard[]): EventContext {
  const { tool, runId, finishedAt } = report;
  const rules = report.rules.map((rule): DescribedRule => {
    const card = cards.find(({ id }) => id === rule.id);
    return { ...rule, card, meaning: ruleMeaning(rule, card) };
  });
  return {
    tool,
    runId,
    finishedAt,
    rules: new Map(rules.map((rule) => [rule.id, rule])),
    accountNames: accountNamesOf(report),
  };
}
