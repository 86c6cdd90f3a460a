import type { Finding, HeldExemption, Status } from "../../audit/finding.ts";
import type { RuleCard } from "../../audit/rule-card.ts";
import { findingRemedy } from "../finding-remedy.ts";
import { cellText } from "../table/cell-text.ts";
import { xmlElement } from "./xml-element.ts";

/** What JUnit calls a test that did not pass. */
export type Outcome = "failure" | "error" | "skipped";

/**
 * What could not be read is an error and no failure: Jenkins counts them apart. No exemption passes a
 * test, also where what was observed is compliant.
 */
const OUTCOMES: Readonly<Record<Status, Outcome | null>> = {
  COMPLIANT: null,
  NON_COMPLIANT: "failure",
  INSUFFICIENT_DATA: "error",
  NOT_APPLICABLE: "skipped",
  IGNORED: "skipped",
};

/** The outcome of a finding as a test; null where it passed. */
export function outcomeOf({ status }: Pick<Finding, "status">): Outcome | null {
  return OUTCOMES[status];
}

/** The element that says why a test did not pass, and what to do; none where it passed. */
export function outcomeElement(finding: Finding, cards: readonly RuleCard[]): string[] {
  const outcome = outcomeOf(finding);
  if (outcome === null) return [];
  const { reason, exemption } = finding;
  const message = cellText(exemption === undefined ? reason.message : describeExemption(exemption));
  return [
    xmlElement(
      outcome,
      { type: cellText(reason.code), message },
      // Some readers show the attribute, others the text.
      [message, ...remedyLines(finding, cards)].join("\n"),
    ),
  ];
}

function describeExemption({ owner, reason, expires, observed }: HeldExemption): string {
  return `Exempt until ${expires}. Owner: ${owner}. Reason: ${reason}. Observed: ${observed.status}, ${observed.reason.code}: ${observed.reason.message}`;
}

function remedyLines(finding: Finding, cards: readonly RuleCard[]): string[] {
  const remedy = findingRemedy(finding, cards);
  if (remedy === null) return [];
  const { command, consoleUrl, before } = remedy;
  return [
    ...(before === null ? [] : [before.en]),
    ...(command === null ? [] : [command]),
    consoleUrl,
  ].map(cellText);
}
