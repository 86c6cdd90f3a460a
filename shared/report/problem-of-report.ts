import { EXEMPT, type Finding, observedOf } from "../audit/finding.ts";
import { type Report, summarize } from "../audit/report.ts";
import { ownReason, type RuleCard } from "../audit/rule-card.ts";
import { isComplete } from "./is-complete.ts";
import { problemOfAccounts } from "./problem-of-accounts.ts";

/** A report whose fields are valid one by one. */
export type ReadableReport = Omit<Report, "rules">;

const INCOMPLETE =
  "its findings are not one for each account, region and rule of its scope, or for each resource there, or its scope is empty";

/** A check that every valid report passes, and the problem of a report that does not. */
const CHECKS: readonly (readonly [
  (report: ReadableReport, cards: readonly RuleCard[]) => boolean,
  string,
])[] = [
  [
    ({ findings }, cards) => findings.every((finding) => isAboutSubject(finding, cards)),
    "a finding is about a resource, and its rule about regions, or a verdict is about a region, and its rule about resources",
  ],
  [
    ({ findings }, cards) => findings.every((finding) => isConsistent(finding, cards)),
    "the reason of a finding contradicts its status, or its exemption does",
  ],
  [
    ({ findings }) =>
      findings.every(
        (finding) => finding.remedy === undefined || observedOf(finding).status === "NON_COMPLIANT",
      ),
    "a finding has a remedy, and nothing to mend",
  ],
  [
    ({ findings }, cards) => findings.every((finding) => isProved(finding, cards)),
    "a finding is a verdict without the answer that proves it: HTTP 200, a request id, at least one attempt, and when it came",
  ],
  [
    ({ startedAt, finishedAt }) => Date.parse(startedAt) <= Date.parse(finishedAt),
    "it ended before it began",
  ],
  [
    (report) => report.findings.every((finding) => isOfRun(finding, report)),
    "a finding is of another time than the run",
  ],
  [
    ({ startedAt, findings }) =>
      findings.every(({ exemption }) => !exemption || exemption.expires >= startedAt.slice(0, 10)),
    "an exemption in it had ended before the run began",
  ],
  [
    ({ summary, findings }) => JSON.stringify(summarize(findings)) === JSON.stringify(summary),
    "its sums are not those of its findings",
  ],
];

/**
 * Says what is wrong with a report.
 *
 * @param cards - of the rules that the findings are of
 * @returns a part of a sentence; null where nothing is wrong
 */
export function problemOfReport(report: ReadableReport, cards: readonly RuleCard[]): string | null {
  return (
    (isComplete(report) ? null : INCOMPLETE) ??
    problemOfAccounts(report) ??
    CHECKS.find(([passes]) => !passes(report, cards))?.[1] ??
    null
  );
}

/**
 * A rule about regions has no finding about a resource. One about resources has a finding about a
 * region only where there is no resource, or the resources could not be read: no verdict.
 */
function isAboutSubject(finding: Finding, cards: readonly RuleCard[]): boolean {
  const subject = cards.find(({ id }) => id === finding.ruleId)?.subject;
  if (subject === "region") return finding.resource === undefined;
  const { status } = observedOf(finding);
  return (
    finding.resource !== undefined || status === "NOT_APPLICABLE" || status === "INSUFFICIENT_DATA"
  );
}

/** What is known of a reason must not contradict the status, and an exemption has to be one. */
function isConsistent(finding: Finding, cards: readonly RuleCard[]): boolean {
  const { ruleId, status, reason, exemption } = finding;
  if ((reason.code === EXEMPT) !== (status === "IGNORED")) return false;
  if ((exemption !== undefined) !== (status === "IGNORED")) return false;
  const observed = observedOf(finding);
  const card = cards.find(({ id }) => id === ruleId);
  return observed.status === statusExplainedBy(observed.reason.code, card);
}

/**
 * The status that a code explains: a rule's own codes are on its card. Every other one, also one that
 * a newer function added, is a reason why something could not be read.
 */
function statusExplainedBy(code: string, card: RuleCard | undefined): Finding["status"] {
  return ownReason(code, card)?.status ?? "INSUFFICIENT_DATA";
}

/** The tolerated difference between the clocks that set a run's times, in milliseconds. */
export const CLOCK_TOLERANCE_MS = 5 * 60_000;

/** Every verdict needs an answer, also one that an exemption covers. */
function isProved(finding: Finding, cards: readonly RuleCard[]): boolean {
  const { status, reason } = observedOf(finding);
  if (status === "INSUFFICIENT_DATA") return true;
  const card = cards.find(({ id }) => id === finding.ruleId);
  const { httpStatus: expected = 200 } = ownReason(reason.code, card) ?? {};
  const { httpStatus, requestId, attempts, checkedAt } = finding.evidence;
  return httpStatus === expected && Boolean(requestId) && attempts > 0 && checkedAt !== null;
}

function isOfRun(
  { evidence: { checkedAt } }: Finding,
  { startedAt, finishedAt }: Pick<Report, "startedAt" | "finishedAt">,
): boolean {
  if (checkedAt === null) return true;
  const checkedAtMs = Date.parse(checkedAt);
  return (
    checkedAtMs >= Date.parse(startedAt) - CLOCK_TOLERANCE_MS &&
    checkedAtMs <= Date.parse(finishedAt) + CLOCK_TOLERANCE_MS
  );
}
