import type { Finding } from "./finding.ts";
import type { Report, Summary } from "./report.ts";

/** What a receiver is told. */
export interface Alert {
  readonly runId: string;
  readonly accountId: string;
  readonly summary: Summary;
  /** The regions that are not activated. */
  readonly findings: readonly Finding[];
  /** The regions that could not be read. */
  readonly unreadable: readonly Finding[];
}

export type AlertDecision =
  | { readonly due: true; readonly reason: "NON_COMPLIANT"; readonly alert: Alert }
  | { readonly due: false; readonly reason: "ALL_WELL" | "ONLY_UNREADABLE" };

/**
 * Decides whether a report is worth an alert. A region that could not be read says nothing about
 * compliance, so on its own it raises none; beside one that is not activated it is listed.
 */
export function decideAlert(report: Report): AlertDecision {
  const findings = report.findings.filter((finding) => finding.status === "NON_COMPLIANT");
  const unreadable = report.findings.filter((finding) => finding.status === "INSUFFICIENT_DATA");
  if (findings.length === 0) {
    return { due: false, reason: unreadable.length === 0 ? "ALL_WELL" : "ONLY_UNREADABLE" };
  }
  return {
    due: true,
    reason: "NON_COMPLIANT",
    alert: {
      runId: report.runId,
      accountId: String(report.scope.accounts[0]),
      summary: report.summary,
      findings,
      unreadable,
    },
  };
}
