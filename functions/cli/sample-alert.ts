import { type Alert, alertOf, type Change, type ChangeEvent } from "../../shared/audit/alert.ts";
import type { Finding, Reason, Status } from "../../shared/audit/finding.ts";
import { sortFindings, summarize } from "../../shared/audit/report.ts";
import { TOOL } from "../../shared/tool.ts";

const HOUR_MS = 3_600_000;
const ACCOUNT_ID = "1234567890123456";

const REASONS: Readonly<Record<string, Reason>> = {
  COMPLIANT: { code: "ACTIVATED", message: "The flow log service is activated." },
  NON_COMPLIANT: { code: "NOT_ACTIVATED", message: "The flow log service is not activated." },
  INSUFFICIENT_DATA: { code: "ACCESS_DENIED", message: "Access denied (HTTP 403, Forbbiden)." },
};

/** The regions of an audit that never was, and what is news about each. */
const REGIONS: readonly (readonly [string, Status, ChangeEvent | null])[] = [
  ["ap-southeast-5", "NON_COMPLIANT", "reminder"],
  ["cn-beijing", "COMPLIANT", "resolved"],
  ["cn-hangzhou", "COMPLIANT", null],
  ["cn-heyuan", "NON_COMPLIANT", "opened"],
  ["me-east-1", "INSUFFICIENT_DATA", "blind"],
];

/** An alert with one of each kind of news, to see what receivers make of it. */
export function sampleAlert(now: Date): Alert {
  const at = now.toISOString();
  const findings = REGIONS.map(([regionId, status]) => findingIn(regionId, status, at));
  const changes = REGIONS.flatMap(([regionId, , event]): Change[] => {
    const finding = findings.find((candidate) => candidate.regionId === regionId);
    if (event === null || finding === undefined) return [];
    const condition = event === "blind" ? "blind" : "open";
    return [{ event, condition, sinceMs: now.getTime() - 3 * HOUR_MS, finding }];
  });
  const report = {
    schemaVersion: 1,
    tool: TOOL,
    runId: "00000000-0000-4000-8000-000000000000",
    trigger: "cli",
    startedAt: at,
    finishedAt: at,
    caller: { accountId: ACCOUNT_ID, arn: null },
    scope: { accounts: [ACCOUNT_ID], regions: REGIONS.map(([regionId]) => regionId) },
    summary: summarize(findings),
    findings: sortFindings(findings),
  } as const;
  return alertOf("alert", report, changes, true);
}

function findingIn(regionId: string, status: Status, at: string): Finding {
  const reason = REASONS[status];
  if (reason === undefined) throw new Error(`no sample has the status ${status}`);
  return {
    ruleId: "flow-log-service-activated",
    accountId: ACCOUNT_ID,
    regionId,
    status,
    reason,
    evidence: {
      requestId: "00000000-0000-0000-0000-000000000000",
      endpoint: `vpc.${regionId}.aliyuncs.com`,
      httpStatus: status === "INSUFFICIENT_DATA" ? 403 : 200,
      attempts: 1,
      checkedAt: at,
      durationMs: 41,
    },
  };
}
