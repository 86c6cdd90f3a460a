import type { Finding, Status } from "../../shared/audit/finding.ts";
import {
  type AuditedAccount,
  type Report,
  type SkippedAccount,
  sortFindings,
  summarize,
} from "../../shared/audit/report.ts";
import { reportWith } from "./report-with.ts";

/** The account that asks; the roles of all others are assumed. */
export const CALLER_ID = "1234567890123456";

/** What distinguishes an account of {@link organizationReport} from the others. */
export interface AccountSketch {
  readonly id: string;
  readonly name?: string;
  /** Of its regions `cn-r0`, `cn-r1` and so on; left out for an account that is skipped. */
  readonly statuses?: readonly Status[];
  /** Why its regions are `INSUFFICIENT_DATA`. @default "TIMEOUT" */
  readonly failure?: string;
}

/** A report of several accounts, of which each has regions of its own. */
export function organizationReport(sketches: readonly AccountSketch[]): Report {
  const sorted = sketches.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const findings = sortFindings(sorted.flatMap(findingsOf));
  const accounts = sorted.map(accountOf);
  const audited = accounts.filter(({ status }) => status === "audited");
  return {
    ...reportWith([]),
    scope: {
      accounts: audited.map(({ id }) => id),
      regions: [...new Set(audited.flatMap(({ regions }) => regions))].toSorted(),
    },
    accounts,
    summary: summarize(findings),
    findings,
  };
}

/** Ids of accounts other than the caller's, from a number. */
export function memberId(number: number): string {
  return `2${String(number).padStart(15, "0")}`;
}

function accountOf({ id, name, statuses }: AccountSketch): AuditedAccount | SkippedAccount {
  const named = name === undefined ? {} : { name };
  if (statuses === undefined) {
    const reason = { code: "BEING_DELETED", message: "The account is being deleted." } as const;
    return { id, ...named, regions: [], status: "skipped", reason };
  }
  return {
    id,
    ...named,
    ...(id !== CALLER_ID && { roleArn: `acs:ram::${id}:role/flowlog-guard-audit` }),
    regions: statuses.map((_, index) => `cn-r${index}`).toSorted(),
    status: "audited",
  };
}

function findingsOf({ id, statuses = [], failure }: AccountSketch): readonly Finding[] {
  return reportWith(statuses).findings.map((finding) => ({
    ...finding,
    accountId: id,
    ...(failure !== undefined &&
      finding.status === "INSUFFICIENT_DATA" && {
        reason: { code: failure, message: `What is the matter with ${id}.` },
        evidence: { ...finding.evidence, requestId: null, httpStatus: null },
      }),
  }));
}
