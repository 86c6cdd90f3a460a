import type { Finding, Status } from "./finding.ts";
import type { RuleSummary } from "./rule-card.ts";

/** Stands where the account's id is not known. */
export const UNKNOWN_ACCOUNT = "unknown";

/** What started the run. */
export type Trigger = "timer" | "event" | "http" | "schedule" | "cli";

/** Who asked, as the cloud sees it. */
export interface Caller {
  readonly accountId: string;
  /** Null where only the account is known, as in Function Compute. */
  readonly arn: string | null;
}

export interface Summary {
  readonly total: number;
  readonly compliant: number;
  readonly nonCompliant: number;
  readonly insufficientData: number;
  readonly notApplicable: number;
  readonly ignored: number;
}

/** The outcome of an audit: plain data, complete for its scope, in a stable order. */
export interface Report {
  /** Within one version fields are only ever added. */
  readonly schemaVersion: 1;
  readonly tool: { readonly name: string; readonly version: string };
  readonly runId: string;
  readonly trigger: Trigger;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** ISO 8601, UTC. */
  readonly finishedAt: string;
  readonly caller: Caller | null;
  /**
   * True where the caller could not be learnt, and its account is taken to be the one that the state
   * is of. Left out where it is not so.
   */
  readonly accountAssumed?: true;
  readonly scope: { readonly accounts: readonly string[]; readonly regions: readonly string[] };
  /** The rules that were asked, and what an answer to each proves. */
  readonly rules: readonly RuleSummary[];
  readonly summary: Summary;
  /** Sorted by account, region and rule. */
  readonly findings: readonly Finding[];
  /** What is the matter with the configuration, though the audit was done. Left out where nothing is. */
  readonly warnings?: readonly string[];
}

/** Counts findings by status. */
export function summarize(findings: readonly Finding[]): Summary {
  const count = (status: Status): number =>
    findings.filter((finding) => finding.status === status).length;
  return {
    total: findings.length,
    compliant: count("COMPLIANT"),
    nonCompliant: count("NON_COMPLIANT"),
    insufficientData: count("INSUFFICIENT_DATA"),
    notApplicable: count("NOT_APPLICABLE"),
    ignored: count("IGNORED"),
  };
}

/** Puts findings into the report's order: by account, then region, then rule. */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  return findings.toSorted(
    (a, b) =>
      compare(a.accountId, b.accountId) ||
      compare(a.regionId, b.regionId) ||
      compare(a.ruleId, b.ruleId),
  );
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
