import type { Finding, Status } from "../../../shared/audit/finding.ts";
import { type Report, sortFindings, summarize } from "../../../shared/audit/report.ts";
import { summarizeRule } from "../../../shared/audit/rule-card.ts";
import { RULE_IDS } from "../../../shared/rules/rule-ids.ts";
import { loadRules } from "../../../shared/rules/rules.ts";
import { runAt } from "../../harness/evidence-runs.ts";
import { reportWith } from "../../harness/report-with.ts";

/**
 * What runs say of a subject, a letter each: `C` compliant, `N` not, `A` not applicable, `?` unreadable,
 * `e` exempt and not compliant, `c` exempt and compliant, `q` exempt and unreadable; any other: not there.
 */
const STATUS_OF: Readonly<Record<string, Status>> = {
  C: "COMPLIANT",
  N: "NON_COMPLIANT",
  A: "NOT_APPLICABLE",
  "?": "INSUFFICIENT_DATA",
  e: "NON_COMPLIANT",
  c: "COMPLIANT",
  q: "INSUFFICIENT_DATA",
};

const RULES = await loadRules(RULE_IDS);

/** A reason code of a rule that explains a status. */
function codeOf(ruleId: string, status: Status): string {
  const reasons = Object.entries(RULES.find(({ id }) => id === ruleId)?.reasons ?? {});
  return reasons.find(([, reason]) => reason.status === status)?.[0] ?? "TIMEOUT";
}

/**
 * A run at a time, with a letter for each subject: `cn-a` for a region under the rule about regions, `cn-a/vpc-1`
 * for a resource under one about resources, `cn-a/` for the region under that one.
 */
export function runOf(startedAt: string, letters: Readonly<Record<string, string>>): Report {
  const findings = sortFindings(
    Object.entries(letters).flatMap(([subject, letter]) => findingOf(subject, letter)),
  );
  const regions = [...new Set(findings.map(({ regionId }) => regionId))];
  const report = reportWith(["COMPLIANT"]);
  const ruleIds = new Set(findings.map(({ ruleId }) => ruleId));
  const rules = RULES.filter(({ id }) => ruleIds.has(id)).map(summarizeRule);
  const account = { id: "1234567890123456", regions, status: "audited" } as const;
  return runAt(
    {
      ...report,
      scope: { accounts: [account.id], regions },
      accounts: [account],
      rules,
      findings,
      summary: summarize(findings),
    },
    startedAt,
  );
}

/** A run a day from March 1, 2026 on, of subjects with a letter a day; a day with no letter has no run. */
export function runsOf(timelines: Readonly<Record<string, string>>): Report[] {
  const days = Math.max(...Object.values(timelines).map(({ length }) => length));
  return Array.from({ length: days }, (_, day) => {
    const letters = Object.entries(timelines).map(([subject, line]) => [subject, line[day] ?? " "]);
    return runOf(`${dayAt(day)}T08:00:00.000Z`, Object.fromEntries(letters));
  }).filter(({ findings }) => findings.length > 0);
}

/** The day of that place, from 0. */
export function dayAt(day: number): string {
  return new Date(Date.UTC(2026, 2, 1 + day)).toISOString().slice(0, 10);
}

function findingOf(subject: string, letter: string): Finding[] {
  const [regionId = "", id] = subject.split("/");
  const status = STATUS_OF[letter];
  if (status === undefined) return [];
  const isExempt = "ecq".includes(letter);
  const ruleId = id === undefined ? "flow-log-service-activated" : "vpc-flow-log-active";
  const reason = { code: codeOf(ruleId, status), message: `${status}.` };
  const held = { owner: "net-team", reason: "NET-42", expires: "2026-12-31", endsSoon: false };
  return [
    {
      ruleId,
      accountId: "1234567890123456",
      regionId,
      ...(id !== undefined && id !== "" && { resource: { type: "ACS::VPC::VPC", id } }),
      status: isExempt ? "IGNORED" : status,
      reason: isExempt ? { code: "EXEMPT", message: "Exempt." } : reason,
      evidence: {
        requestId: "REQUEST",
        endpoint: "vpc.aliyuncs.com",
        httpStatus: 200,
        attempts: 1,
        checkedAt: "2026-11-22T08:00:00.500Z",
        durationMs: 41,
      },
      ...(isExempt && { exemption: { ...held, observed: { status, reason } } }),
    },
  ];
}
