import { type Finding, observedOf, type Status } from "../../audit/finding.ts";
import { keyOf } from "../../audit/subject.ts";
import { sha256Of } from "../report-digest.ts";
import { locationsOf } from "./locations.ts";
import { messageText } from "./message-text.ts";
import { findingProperties, type RunContext } from "./run-context.ts";
import { type Level, LEVELS } from "./severity-levels.ts";

/**
 * What was observed, in SARIF's terms. `open` is only of a finding that an exemption covers: another one that
 * could not be read is no result.
 */
const KINDS: Readonly<Record<Status, "fail" | "pass" | "notApplicable" | "open">> = {
  NON_COMPLIANT: "fail",
  COMPLIANT: "pass",
  NOT_APPLICABLE: "notApplicable",
  INSUFFICIENT_DATA: "open",
  IGNORED: "open",
};

/** The result of a finding that could be read, or is exempt. */
export function resultOf(finding: Finding, context: RunContext): object {
  const { ruleId, reason } = finding;
  const kind = KINDS[observedOf(finding).status];
  const rule = context.rules.get(ruleId);
  return {
    ruleId,
    ...(rule !== undefined && { ruleIndex: rule.index }),
    kind,
    level: kind === "fail" ? levelOf(rule?.severity) : "none",
    message: { text: messageText(reason.message) },
    locations: locationsOf(finding),
    partialFingerprints: fingerprintsOf(finding),
    ...(finding.status === "IGNORED" && { suppressions: [suppressionOf(finding)] }),
    properties: findingProperties(finding, context),
  };
}

function levelOf(severity: keyof typeof LEVELS | undefined): Level {
  return severity === undefined ? "warning" : LEVELS[severity];
}

/**
 * What identifies a finding across runs: its subject, and nothing that may change about it. GitHub uses
 * `primaryLocationLineHash` alone, and would take all findings of a rule for one without it, since they
 * share a line.
 */
function fingerprintsOf(finding: Finding): Readonly<Record<string, string>> {
  const hash = sha256Of(keyOf(finding));
  return { primaryLocationLineHash: `${hash.slice(0, 16)}:1`, "subjectHash/v1": hash };
}

function suppressionOf({ exemption, reason }: Finding): object {
  const justification =
    exemption === undefined
      ? reason.message
      : `${exemption.owner}: ${exemption.reason} (until ${exemption.expires})`;
  return { kind: "external", status: "accepted", justification: messageText(justification) };
}
