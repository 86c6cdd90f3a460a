import type { Finding } from "../audit/finding.ts";
import { type Report, summarize } from "../audit/report.ts";

/** A report whose fields are what they should be, each by itself. */
export type ReadableReport = Omit<Report, "rules">;

/** What holds of every report, and what is wrong with one of which it does not. */
const PROMISES: readonly (readonly [(report: ReadableReport) => boolean, string])[] = [
  [
    isComplete,
    "its findings are not one for each account, region and rule of its scope, or its scope is empty",
  ],
  [
    ({ findings }) => findings.every(isConsistent),
    "the reason of a finding contradicts its status, or its exemption does",
  ],
  [
    ({ findings }) => findings.every(isProved),
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
  [
    ({ caller, scope }) => caller === null || scope.accounts.join() === caller.accountId,
    "its account is not that of its caller",
  ],
];

/** Says what is wrong with a report as a part of a sentence; null where nothing is. */
export function problemOfReport(report: ReadableReport): string | null {
  return PROMISES.find(([holds]) => !holds(report))?.[1] ?? null;
}

/** Each account and region of the scope is there exactly once for each rule, and nothing else is. */
function isComplete({ scope, findings }: Pick<Report, "scope" | "findings">): boolean {
  const [accounts, regions] = [new Set(scope.accounts), new Set(scope.regions)];
  const rules = new Set(findings.map(({ ruleId }) => ruleId));
  const found = new Set(
    findings
      .filter(({ accountId, regionId }) => accounts.has(accountId) && regions.has(regionId))
      .map(({ accountId, regionId, ruleId }) => JSON.stringify([accountId, regionId, ruleId])),
  );
  // By numbers: what an invented scope stands for may be more than there is room for.
  return (
    findings.length > 0 &&
    accounts.size === scope.accounts.length &&
    regions.size === scope.regions.length &&
    found.size === findings.length &&
    found.size === accounts.size * regions.size * rules.size
  );
}

/** What is known of a reason must not contradict the status, and an exemption has to be one. */
function isConsistent(finding: Finding): boolean {
  const { status, reason, exemption } = finding;
  if ((reason.code === "EXEMPT") !== (status === "IGNORED")) return false;
  if ((exemption !== undefined) !== (status === "IGNORED")) return false;
  return exemption === undefined ? agrees(finding) : agrees(exemption.observed);
}

/** By how much the clocks that a run's times are from may differ, in milliseconds. */
const CLOCK_TOLERANCE_MS = 5 * 60_000;

/** A region's answer leaves a trace. What an exemption covers must have left it too. */
function isProved({ status, exemption, evidence }: Finding): boolean {
  const observed = exemption?.observed.status ?? status;
  if (observed !== "COMPLIANT" && observed !== "NON_COMPLIANT") return true;
  const { httpStatus, requestId, attempts, checkedAt } = evidence;
  return httpStatus === 200 && Boolean(requestId) && attempts > 0 && checkedAt !== null;
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

/** Verdicts have codes of their own; a reason that a newer function added is one not to have read. */
function agrees({ status, reason }: Pick<Finding, "status" | "reason">): boolean {
  if (reason.code === "ACTIVATED") return status === "COMPLIANT";
  if (reason.code === "NOT_ACTIVATED") return status === "NON_COMPLIANT";
  return status === "INSUFFICIENT_DATA";
}
