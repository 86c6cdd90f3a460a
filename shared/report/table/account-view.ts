import type { Finding, Status } from "../../audit/finding.ts";
import { needsAttention } from "../status-order.ts";
import type { AccountFindings } from "./order-findings.ts";

/** How an account is shown where not all of its findings have a line. */
export type AccountView = ListedAccount | OneReasonAccount | FineAccount;

/** Some of its findings have a line each. */
export interface ListedAccount {
  readonly kind: "listed";
  readonly accountId: string;
  /** The findings of each region that have a line; none is without findings. */
  readonly regions: readonly (readonly Finding[])[];
  /** Those that are counted only. */
  readonly counted: readonly Finding[];
}

/** All of its findings share a line. */
interface SummarizedAccount {
  readonly accountId: string;
  readonly regionCount: number;
  readonly findings: readonly Finding[];
}

/** One reason holds in every region, such as a role that is refused. */
export interface OneReasonAccount extends SummarizedAccount {
  readonly kind: "one-reason";
}

/** Nothing is wrong in any region. */
export interface FineAccount extends SummarizedAccount {
  readonly kind: "fine";
}

/**
 * Decides how an account is shown.
 *
 * @param only - the statuses to show; null for what needs attention, and a count of the rest
 * @returns null where nothing is to be shown of it
 */
export function viewOf(
  { accountId, regions }: AccountFindings,
  only: readonly Status[] | null,
): AccountView | null {
  const findings = regions.flat();
  const isShown = (finding: Finding): boolean =>
    only === null ? needsAttention(finding) : only.includes(finding.status);
  const shown = regions.map((region) => region.filter(isShown)).filter(({ length }) => length > 0);
  const regionCount = regions.length;
  if (shown.length === 0) {
    return only === null ? { kind: "fine", accountId, regionCount, findings } : null;
  }
  if (regionCount > 1 && haveOneReason(findings)) {
    return { kind: "one-reason", accountId, regionCount, findings };
  }
  const counted = only === null ? findings.filter((finding) => !isShown(finding)) : [];
  return { kind: "listed", accountId, regions: shown, counted };
}

/** Whether one status and one reason say all that the findings say; resources have to be named. */
function haveOneReason(findings: readonly Finding[]): boolean {
  const [first] = findings;
  return findings.every(
    ({ status, reason, resource }) =>
      resource === undefined && status === first?.status && reason.code === first.reason.code,
  );
}
