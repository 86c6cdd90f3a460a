import { type Finding, observedOf } from "../../audit/finding.ts";
import { type Control, groupControls } from "../../audit/rule-card.ts";
import { COMPLIANCE_STATUSES } from "./codes.ts";
import type { DescribedRule } from "./event-context.ts";

/**
 * The `compliance` of an event. Its control is the rule: whoever counts passes by `standards` must not count
 * what is only a precondition of a control, so a framework is there only where the rule implements a control of
 * it. All controls, with the rule's relation to them, are `requirements`.
 */
export function complianceOf(finding: Finding, rule: DescribedRule | undefined): object {
  const { status, reason } = observedOf(finding);
  const { id, caption } = COMPLIANCE_STATUSES[status];
  const controls = rule?.controls ?? [];
  const standards = groupControls(controls)
    .filter(({ relation }) => relation === "implements")
    .map(({ framework }) => framework);
  return {
    control: finding.ruleId,
    ...(standards.length > 0 && { standards }),
    ...(controls.length > 0 && { requirements: controls.map(requirementOf) }),
    status_id: id,
    status: caption,
    status_code: reason.code,
    status_details: [reason.message],
  };
}

/** `CIS Alibaba Cloud Foundation Benchmark 2.0.0 control 3.3 (precondition)` */
function requirementOf({ framework, version, id, relation }: Control): string {
  return `${framework} ${version} control ${id} (${relation})`;
}
