import type { Finding, ReasonCode, Status } from "../../shared/audit/finding.ts";
import { type Report, summarize } from "../../shared/audit/report.ts";
import { summarizeRule } from "../../shared/audit/rule-card.ts";
import { DEFAULT_RULES } from "../../shared/rules/rules.ts";

const CODES: Readonly<Record<Status, ReasonCode>> = {
  COMPLIANT: "ACTIVATED",
  NON_COMPLIANT: "NOT_ACTIVATED",
  INSUFFICIENT_DATA: "TIMEOUT",
  NOT_APPLICABLE: "ACTIVATED",
  IGNORED: "NOT_ACTIVATED",
};

/** A report with one finding for each status, in regions `cn-r0`, `cn-r1` and so on. */
export function reportWith(statuses: readonly Status[]): Report {
  const findings = statuses.map((status, index): Finding => ({
    ruleId: "flow-log-service-activated",
    accountId: "1234567890123456",
    regionId: `cn-r${index}`,
    status,
    reason: { code: CODES[status], message: `What is the matter with cn-r${index}.` },
    evidence: {
      requestId: `REQUEST-${index}`,
      endpoint: "vpc.aliyuncs.com",
      httpStatus: 200,
      attempts: 1,
      checkedAt: "2026-11-22T08:00:00.500Z",
      durationMs: 41,
    },
  }));
  return {
    schemaVersion: 1,
    tool: { name: "flowlog-guard", version: "0.1.0" },
    runId: "5e1f0b1e-0000-4000-8000-000000000001",
    trigger: "cli",
    startedAt: "2026-11-22T08:00:00.000Z",
    finishedAt: "2026-11-22T08:00:01.200Z",
    caller: { accountId: "1234567890123456", arn: "acs:ram::1234567890123456:user/auditor" },
    scope: {
      accounts: ["1234567890123456"],
      regions: findings.map(({ regionId }) => regionId),
    },
    rules: DEFAULT_RULES.map(summarizeRule),
    accounts: [
      {
        id: "1234567890123456",
        regions: findings.map(({ regionId }) => regionId),
        status: "audited",
      },
    ],
    summary: summarize(findings),
    findings,
  };
}

/** The same report, of a run that ended at another time. */
export function reportOf(report: Report, finishedAt: Date): Report {
  const shiftMs = finishedAt.getTime() - Date.parse(report.finishedAt);
  const shift = (at: string): string => new Date(Date.parse(at) + shiftMs).toISOString();
  return {
    ...report,
    startedAt: shift(report.startedAt),
    finishedAt: shift(report.finishedAt),
    findings: report.findings.map((finding) => {
      const { checkedAt } = finding.evidence;
      return {
        ...finding,
        evidence: { ...finding.evidence, checkedAt: checkedAt && shift(checkedAt) },
      };
    }),
  };
}
