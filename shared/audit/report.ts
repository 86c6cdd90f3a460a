import { compareIds } from "./compare-ids.ts";
import type { Finding, Status } from "./finding.ts";
import type { RuleSummary } from "./rule-card.ts";

/** The id of an account that is not known. */
export const UNKNOWN_ACCOUNT = "unknown";

/** What started the run. */
export type Trigger = "timer" | "event" | "http" | "schedule" | "cli";

/** The identity that asked, as STS reports it. */
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

/** An account in scope, and the regions that were audited in it. */
export interface AuditedAccount {
  /** The account's id, or {@link UNKNOWN_ACCOUNT}. */
  readonly id: string;
  /** What the configuration or the resource directory calls it: text from outside. Left out for none. */
  readonly name?: string;
  /** The role of the account that was assumed, or was to be; left out for the caller's own account. */
  readonly roleArn?: string;
  /** Sorted. */
  readonly regions: readonly string[];
  readonly status: "audited";
}

/** A member of the resource directory that cannot be audited. It is not in `scope`. */
export interface SkippedAccount {
  readonly id: string;
  /** See {@link AuditedAccount}. */
  readonly name?: string;
  /** Empty. */
  readonly regions: readonly string[];
  readonly status: "skipped";
  readonly reason: { readonly code: "NOT_READY" | "BEING_DELETED"; readonly message: string };
}

/**
 * The outcome of an audit: plain data, in a stable order, complete for its scope. For every account,
 * region and rule in scope there is either one finding about the region, or one for each of its
 * resources.
 */
export interface Report {
  /** Within one version fields are only added. */
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
   * True where the caller could not be identified, and the account is assumed to be the one that the
   * state belongs to. Left out otherwise.
   */
  readonly accountAssumed?: true;
  /**
   * True where the management account of the resource directory could not be learnt, so that it may be
   * missing from the scope. Left out otherwise.
   */
  readonly managementAccountUnknown?: true;
  /** The ids of the `accounts` that were audited, and all their regions. */
  readonly scope: { readonly accounts: readonly string[]; readonly regions: readonly string[] };
  /** The rules that were evaluated, and what compliance with each proves. */
  readonly rules: readonly RuleSummary[];
  /** Which region belongs to which account, and which accounts were skipped. Sorted by id. */
  readonly accounts: readonly (AuditedAccount | SkippedAccount)[];
  readonly summary: Summary;
  /** Sorted by account, region, rule, and id and type of the resource. */
  readonly findings: readonly Finding[];
  /** Problems of the configuration that did not stop the audit. Left out where there are none. */
  readonly warnings?: readonly string[];
}

/** The names of a report's accounts by id; those without a name are left out. */
export function accountNamesOf({
  accounts,
}: Pick<Report, "accounts">): ReadonlyMap<string, string> {
  return new Map(
    accounts.flatMap(({ id, name }): [string, string][] =>
      name === undefined ? [] : [[id, name]],
    ),
  );
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

/** Sorts findings into the report's order: by account, region, rule, and id and type of the resource. */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  return findings.toSorted(
    (a, b) =>
      compareIds(a.accountId, b.accountId) ||
      compareIds(a.regionId, b.regionId) ||
      compareIds(a.ruleId, b.ruleId) ||
      compareIds(a.resource?.id ?? "", b.resource?.id ?? "") ||
      compareIds(a.resource?.type ?? "", b.resource?.type ?? ""),
  );
}

/** Whether a report has exactly one finding for each region: one rule, and no resources. */
export function isOneFindingPerRegion({ rules, findings }: Report): boolean {
  return rules.length <= 1 && findings.every(({ resource }) => resource === undefined);
}
