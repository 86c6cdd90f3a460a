import type { Report } from "../audit/report.ts";
import type { Texts } from "../audit/rule-card.ts";

/** How a reader asks for more rules: with a flag of the command line, or with a parameter of a request. */
export type WayToAsk = "flag" | "parameter";

/** The rule that says nothing about flow logs, and the only one of an audit for which none is chosen. */
const ACTIVATION_RULE_ID = "flow-log-service-activated";

const WAYS: Readonly<Record<WayToAsk, string>> = {
  flag: "--rules all",
  parameter: "rules=all",
};

/** Whether an audit asked the activation rule alone: of any other, nothing is said to be left to ask. */
export function isActivationAlone({ rules }: Pick<Report, "rules">): boolean {
  return rules.length === 1 && rules[0]?.id === ACTIVATION_RULE_ID;
}

/** What an audit of the activation rule alone did not ask, and how to ask it, in a line without its end. */
export function notAskedTexts(way: WayToAsk): Texts {
  return {
    en: `Not asked: whether traffic is recorded, complete, delivered and kept. Ask with ${WAYS[way]}.`,
    zh: `未检查：流量是否被记录、记录是否完整、是否已投递、是否已留存。如需检查，请使用 ${WAYS[way]}。`,
  };
}
