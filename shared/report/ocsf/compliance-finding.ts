import { type Finding, observedOf } from "../../audit/finding.ts";
import { keyOf } from "../../audit/subject.ts";
import { sha256Of } from "../report-digest.ts";
import { affectedResource } from "./affected-resource.ts";
import { eventStatus, severityCode } from "./codes.ts";
import { complianceOf } from "./compliance.ts";
import type { EventContext } from "./event-context.ts";
import { remediationOf } from "./remediation.ts";

const VERSION = "1.6.0";
const VENDOR = "flowlog-guard";
const CLASS_UID = 2003;
/** A report says what was observed, and knows nothing of earlier events: each run creates its own. */
const CREATE = { id: 1, caption: "Create" };

/**
 * A finding as an event of the class Compliance Finding. `finding_info.uid` stays the same across runs, and
 * `metadata.uid` is another one in each; `metadata.correlation_uid` is the run.
 */
export function complianceFinding(finding: Finding, context: EventContext): object {
  const { ruleId, accountId, regionId, reason, evidence } = finding;
  const rule = context.rules.get(ruleId);
  const subject = sha256Of(keyOf(finding));
  const observed = observedOf(finding).status;
  const severity = severityCode(observed, rule?.severity);
  const status = eventStatus(finding.status);
  const timeMs = Date.parse(evidence.checkedAt ?? context.finishedAt);
  const title = rule?.title ?? ruleId;
  const accountName = context.accountNames.get(accountId);
  return {
    activity_id: CREATE.id,
    activity_name: CREATE.caption,
    category_uid: 2,
    category_name: "Findings",
    class_uid: CLASS_UID,
    class_name: "Compliance Finding",
    type_uid: CLASS_UID * 100 + CREATE.id,
    type_name: "Compliance Finding: Create",
    severity_id: severity.id,
    severity: severity.caption,
    status_id: status.id,
    status: status.caption,
    status_code: reason.code,
    time: timeMs,
    message: reason.message,
    metadata: {
      version: VERSION,
      product: { name: context.tool.name, vendor_name: VENDOR, version: context.tool.version },
      profiles: ["cloud"],
      uid: `${context.runId}/${subject}`,
      correlation_uid: context.runId,
      event_code: ruleId,
      log_name: context.tool.name,
      tenant_uid: accountId,
      ...(evidence.checkedAt !== null && { original_time: evidence.checkedAt }),
    },
    cloud: {
      provider: "Alibaba Cloud",
      region: regionId,
      account: {
        uid: accountId,
        ...(accountName !== undefined && { name: accountName }),
        type_id: 99,
        type: "Alibaba Cloud Account",
      },
    },
    compliance: complianceOf(finding, rule),
    finding_info: {
      uid: subject,
      title,
      ...(rule !== undefined && { desc: rule.meaning }),
      analytic: { uid: ruleId, name: title, type_id: 1, type: "Rule" },
      last_seen_time: timeMs,
    },
    resources: [affectedResource(finding)],
    ...(observed === "NON_COMPLIANT" && { remediation: remediationOf(finding, rule?.card) }),
    raw_data: JSON.stringify(finding),
    unmapped: unmappedOf(finding),
  };
}

/** What the schema has no place for, in the report's words. */
function unmappedOf({ status, evidence, exemption }: Finding): object {
  const { requestId, endpoint, attempts } = evidence;
  return {
    status,
    request_id: requestId,
    endpoint,
    attempts,
    ...(exemption !== undefined && { exemption }),
  };
}
