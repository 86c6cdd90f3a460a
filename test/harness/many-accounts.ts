import type { Finding, Reason, Status } from "../../shared/audit/finding.ts";
import { type Report, summarize } from "../../shared/audit/report.ts";
import { summarizeRule } from "../../shared/audit/rule-card.ts";
import { flowLogServiceActivated } from "../../shared/rules/flow-log-service-activated.ts";
import { reportWith } from "./report-with.ts";

/** The account whose identity audits the others. */
export const SOURCE = "9000000000000000";

/** The id of an account of the made-up organization. */
export function memberId(index: number): string {
  return String(1_000_000_000_000_000 + index);
}

const CODES: Partial<Record<Status, string>> = {
  COMPLIANT: "ACTIVATED",
  NON_COMPLIANT: "NOT_ACTIVATED",
  INSUFFICIENT_DATA: "TIMEOUT",
};

export interface OrganizationOptions {
  /** The number of accounts, or the indexes of those that the run audits. */
  readonly accounts: number | readonly number[];
  /** Regions of each account. */
  readonly regions: number;
  readonly status?: (account: number, region: number) => Status;
  /** Why a region could not be read. */
  readonly reason?: Reason;
  /** Null for an account without a name. */
  readonly name?: (account: number) => string | null;
  /** The caller's account; null where STS did not identify it. */
  readonly source?: string | null;
  readonly more?: Partial<Report>;
}

/** A report of accounts `prod-0`, `prod-1` and so on, each with regions `cn-r0`, `cn-r1` and so on. */
export function organizationReport({
  accounts,
  regions,
  status = () => "NON_COMPLIANT",
  reason,
  name = (index) => `prod-${index}`,
  source = SOURCE,
  more,
}: OrganizationOptions): Report {
  const indexes =
    typeof accounts === "number" ? Array.from({ length: accounts }, (_, at) => at) : accounts;
  const regionIds = Array.from({ length: regions }, (_, at) => `cn-r${at}`);
  const [example] = reportWith(["COMPLIANT"]).findings;
  if (example === undefined) throw new Error("a report has a finding");
  const findings = indexes.flatMap((account) =>
    regionIds.map((regionId, region): Finding => {
      const found = status(account, region);
      const own = { code: CODES[found] ?? "ACTIVATED", message: "As it is." };
      return {
        ...example,
        accountId: memberId(account),
        regionId,
        status: found,
        reason: found === "INSUFFICIENT_DATA" ? (reason ?? own) : own,
      };
    }),
  );
  return {
    ...reportWith([]),
    caller: source === null ? null : { accountId: source, arn: null },
    scope: { accounts: indexes.map(memberId), regions: regionIds },
    rules: [summarizeRule(flowLogServiceActivated)],
    accounts: indexes.map((index) => {
      const called = name(index);
      return {
        id: memberId(index),
        ...(called !== null && { name: called }),
        regions: regionIds,
        status: "audited",
      };
    }),
    summary: summarize(findings),
    findings,
    ...more,
  };
}
