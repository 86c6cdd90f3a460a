import type { Finding, Status } from "../audit/finding.ts";
import type { Report } from "../audit/report.ts";
import { SEVERITIES } from "../audit/rule-card.ts";
import { findingEntry, type LogEntry } from "./run-log.ts";

/** Findings that a run logs and a function returns: an organization can have tens of thousands. */
export const MAX_SHOWN_FINDINGS = 1_000;

/** The worst first. Others need no attention. */
const STATUSES: readonly Status[] = ["NON_COMPLIANT", "INSUFFICIENT_DATA", "IGNORED"];

/** The findings that are not compliant, could not be read, or are exempt. */
export interface ShownFindings {
  /** {@link MAX_SHOWN_FINDINGS} at most: the worst ones, in the report's order where all are shown. */
  readonly shown: readonly Finding[];
  /** How many there are. */
  readonly total: number;
}

/** Selects what a log and an answer have room for; where that is not all, the worst come first. */
export function shownFindings({
  findings,
  rules,
}: Pick<Report, "findings" | "rules">): ShownFindings {
  const all = findings.filter(({ status }) => STATUSES.includes(status));
  if (all.length <= MAX_SHOWN_FINDINGS) return { shown: all, total: all.length };
  const severities = new Map(rules.map(({ id, severity }) => [id, SEVERITIES.indexOf(severity)]));
  const severityOf = ({ ruleId }: Finding): number => severities.get(ruleId) ?? SEVERITIES.length;
  const worstFirst = all.toSorted(
    (a, b) =>
      STATUSES.indexOf(a.status) - STATUSES.indexOf(b.status) || severityOf(a) - severityOf(b),
  );
  return { shown: worstFirst.slice(0, MAX_SHOWN_FINDINGS), total: all.length };
}

/** The lines of a log about these findings, and one that says how many are left out. */
export function findingEntries(runId: string, { shown, total }: ShownFindings): LogEntry[] {
  const left = total - shown.length;
  const lines = shown.map((finding) => findingEntry(runId, finding));
  if (left === 0) return lines;
  const message = `${left} more findings need attention: the report and the state have all of them`;
  return [
    ...lines,
    { level: "warn", event: "findings", runId, shown: shown.length, total, message },
  ];
}
