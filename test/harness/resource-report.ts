import type { Finding, Status } from "../../shared/audit/finding.ts";
import { type Report, sortFindings, summarize } from "../../shared/audit/report.ts";
import { RULE_IDS } from "../../shared/rules/rule-ids.ts";
import { reportWith } from "./report-with.ts";

/** What distinguishes a finding of {@link resourceReport} from the others. */
export interface FindingSketch {
  readonly ruleId?: string;
  readonly regionId?: string;
  readonly id?: string;
  readonly name?: string;
  readonly status?: Status;
  readonly code?: string;
  readonly message?: string;
}

/** A report with these findings, about VPCs where they have an id, in the order of a report. */
export function resourceReport(
  sketches: readonly FindingSketch[],
  ruleIds: readonly string[] = RULE_IDS,
): Report {
  const report = reportWith(["COMPLIANT"]);
  const [accountId = ""] = report.scope.accounts;
  const findings = sortFindings(sketches.map((sketch) => findingOf(sketch, accountId)));
  const regions = [...new Set(findings.map(({ regionId }) => regionId))].toSorted();
  return {
    ...report,
    scope: { accounts: [accountId], regions },
    rules: ruleIds.map((id) => ({ id, title: `Title of ${id}`, severity: "high", controls: [] })),
    accounts: [{ id: accountId, regions, status: "audited" }],
    summary: summarize(findings),
    findings,
  };
}

function findingOf(sketch: FindingSketch, accountId: string): Finding {
  const { ruleId = "vpc-flow-log-active", regionId = "cn-hangzhou", id, name } = sketch;
  const { status = "NON_COMPLIANT", code = "NO_FLOW_LOG", message } = sketch;
  return {
    ruleId,
    accountId,
    regionId,
    ...(id !== undefined && {
      resource: { type: "ACS::VPC::VPC", id, ...(name !== undefined && { name }) },
    }),
    status,
    reason: { code, message: message ?? `What is the matter with ${id ?? regionId}.` },
    evidence: {
      requestId: "5CD1FCDF-73B0-46EE-A02E-E5258C0422B5",
      endpoint: "vpc.aliyuncs.com",
      httpStatus: 200,
      attempts: 1,
      checkedAt: "2026-11-22T08:00:00.500Z",
      durationMs: 41,
    },
  };
}
