import type { Finding, Status } from "../audit/finding.ts";

/** All statuses, the worst first. One that an exemption covers would be worse without it. */
export const STATUSES_WORST_FIRST = [
  "NON_COMPLIANT",
  "INSUFFICIENT_DATA",
  "IGNORED",
  "COMPLIANT",
  "NOT_APPLICABLE",
] as const satisfies readonly Status[];

/** The place of a status in {@link STATUSES_WORST_FIRST}: the lower, the worse. */
export function rankOf(status: Status): number {
  return STATUSES_WORST_FIRST.indexOf(status);
}

/** Whether a finding of this status needs someone's attention, now or when an exemption ends. */
export function needsAttention({ status }: Pick<Finding, "status">): boolean {
  return status !== "COMPLIANT" && status !== "NOT_APPLICABLE";
}
