import { type Finding, observedOf } from "../audit/finding.ts";
import { type Report, UNKNOWN_ACCOUNT } from "../audit/report.ts";
import { keyOf, type Subject } from "../audit/subject.ts";
import { type Entry, type ObservingRun, sourceOf, type State } from "./alert-state.ts";
import { ownValue } from "./record-values.ts";

/** Why a report has no finding about the subject of an entry. */
export type Absence =
  /** It has left the scope of the audit. */
  | { readonly kind: "unscoped" }
  /**
   * It is a resource that is not among those of its region, which were read. `found` is a finding of
   * the rule about that region, or about another resource there.
   */
  | { readonly kind: "gone"; readonly found: Finding }
  /**
   * It is a resource, and the resources of its region could not be read: it may be unchanged.
   * `region` is the finding that says so.
   */
  | { readonly kind: "unread"; readonly region: Finding }
  /** It is a region as a whole, of which the report has its resources. */
  | { readonly kind: "by-resource"; readonly worst: Finding };

/**
 * Returns a function that finds why a report has no finding about an entry; null where it has one, or
 * where its absence means nothing.
 *
 * Only a run of the whole scope shows what has left it; that a resource is gone is shown by any run
 * that evaluates the rule in the region. An account that the run does not audit has left the scope
 * where an earlier run of the same source audited it: else it may belong to another deployment. The
 * unknown account belongs to none.
 *
 * @param accounts - those that earlier runs audited
 */
export function absenceIn(
  report: Report,
  { wholeScope = false, startedAtMs }: ObservingRun,
  accounts: State["accounts"] = {},
): (entry: Entry) => Absence | null {
  const { findings, scope } = report;
  const subjects = new Set<string>();
  const unreadRegions = new Map<string, Finding>();
  const worstResources = new Map<string, Finding>();
  const emptyRegions = new Map<string, Finding>();
  for (const finding of findings) {
    subjects.add(keyOf(finding));
    if (finding.resource !== undefined) {
      const region = regionKeyOf(finding);
      worstResources.set(region, worse(finding, worstResources.get(region)));
      continue;
    }
    const { status } = observedOf(finding);
    if (status === "INSUFFICIENT_DATA") unreadRegions.set(regionKeyOf(finding), finding);
    // A rule about resources that judges none of them there.
    if (status === "NOT_APPLICABLE") emptyRegions.set(regionKeyOf(finding), finding);
  }
  const audited = new Set([...scope.accounts, UNKNOWN_ACCOUNT]);
  const source = report.managementAccountUnknown === true ? null : sourceOf(report);
  const isOwn = (accountId: string): boolean =>
    audited.has(accountId) || (source !== null && ownValue(accounts, accountId)?.source === source);
  return (entry) => {
    // A run that began later has observed it.
    if (subjects.has(keyOf(entry)) || entry.seenAtMs > startedAtMs) return null;
    const region = regionKeyOf(entry);
    const worst = worstResources.get(region);
    if (entry.resource === undefined) {
      if (worst !== undefined) return { kind: "by-resource", worst };
    } else {
      const unread = unreadRegions.get(region);
      if (unread !== undefined) return { kind: "unread", region: unread };
      const found = worst ?? emptyRegions.get(region);
      if (found !== undefined) return { kind: "gone", found };
    }
    return wholeScope && isOwn(entry.accountId) ? { kind: "unscoped" } : null;
  };
}

function regionKeyOf({ ruleId, accountId, regionId }: Subject): string {
  return keyOf({ ruleId, accountId, regionId });
}

/** The worst status last. */
const STATUS_ORDER = [
  "IGNORED",
  "NOT_APPLICABLE",
  "COMPLIANT",
  "INSUFFICIENT_DATA",
  "NON_COMPLIANT",
];

function worse(finding: Finding, other: Finding | undefined): Finding {
  if (other === undefined) return finding;
  return STATUS_ORDER.indexOf(finding.status) > STATUS_ORDER.indexOf(other.status)
    ? finding
    : other;
}
