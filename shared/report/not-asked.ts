import type { Report } from "../audit/report.ts";

/** How a reader asks for more rules: with a flag of the command line, or with a parameter of a request. */
export type WayToAsk = "flag" | "parameter";

/** The rule that says nothing about flow logs, and the only one of an audit for which none is chosen. */
const ACTIVATION_RULE_ID = "flow-log-service-activated";

const WAYS: Readonly<Record<WayToAsk, string>> = {
  flag: "--rules all",
  parameter: "rules=all",
};

/**
 * What an audit of the activation rule alone did not ask, and how to ask it, in a line without its end;
 * null for an audit of any other rule.
 */
export function describeNotAsked({ rules }: Pick<Report, "rules">, way: WayToAsk): string | null {
  const isActivationAlone = rules.length === 1 && rules[0]?.id === ACTIVATION_RULE_ID;
  return isActivationAlone
    ? `Not asked: whether traffic is recorded, complete, delivered and kept. Ask with ${WAYS[way]}.`
    : null;
}
