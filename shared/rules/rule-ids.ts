/** The ids of all rules, in the order in which they are listed. */
export const RULE_IDS = [
  "flow-log-service-activated",
  "vpc-flow-log-active",
  "vpc-flow-log-complete",
  "vpc-flow-log-delivered",
  "flow-log-retention",
] as const;
export type RuleId = (typeof RULE_IDS)[number];

/** The rules of an audit where no others are chosen. */
export const DEFAULT_RULE_IDS: readonly RuleId[] = ["flow-log-service-activated"];
