import type { Finding } from "../../../shared/audit/finding.ts";
import { type Report, summarize } from "../../../shared/audit/report.ts";

/**
 * The same report, in which findings are exempt, and were observed as not compliant.
 *
 * @param days - the last days of the exemptions, in the order of the findings; others have none
 */
export function withExemption(report: Report, ...days: readonly string[]): Report {
  const findings = report.findings.map((finding, index): Finding => {
    const expires = days[index];
    if (expires === undefined) return finding;
    const observed = { status: "NON_COMPLIANT", reason: finding.reason } as const;
    const exemption = { owner: "net-team", reason: "NET-42", expires, endsSoon: false, observed };
    const reason = { code: "EXEMPT", message: `Exempt until ${expires} (net-team: NET-42).` };
    return { ...finding, status: "IGNORED", reason, exemption };
  });
  return { ...report, findings, summary: summarize(findings) };
}
