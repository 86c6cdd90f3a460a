import { type Alert, alertOf, type Change, type ChangeEvent } from "../../shared/alerts/alert.ts";
import { applyExemptions, type Exemption } from "../../shared/audit/exemption.ts";
import type { Finding, Reason, Status } from "../../shared/audit/finding.ts";
import { sortFindings, summarize } from "../../shared/audit/report.ts";
import { keyOf } from "../../shared/audit/subject.ts";
import { summarizeRule } from "../../shared/audit/rule-card.ts";
import { flowLogServiceActivated } from "../../shared/rules/flow-log-service-activated.ts";
import type { Language } from "../../shared/notify/receiver-options.ts";
import { TOOL } from "../../shared/program/tool.ts";

const HOUR_MS = 3_600_000;
const ACCOUNT_ID = "1234567890123456";

const REASONS: Readonly<Record<string, Reason>> = {
  COMPLIANT: { code: "ACTIVATED", message: "The flow log service is activated." },
  NON_COMPLIANT: { code: "NOT_ACTIVATED", message: "The flow log service is not activated." },
  INSUFFICIENT_DATA: { code: "ACCESS_DENIED", message: "Access denied (HTTP 403, Forbbiden)." },
};

/** The regions of an audit that never was, and what is news about each. */
const REGIONS: readonly (readonly [
  regionId: string,
  localName: string,
  chineseName: string,
  status: Status,
  event: ChangeEvent | null,
])[] = [
  ["ap-southeast-5", "Indonesia (Jakarta)", "印度尼西亚（雅加达）", "NON_COMPLIANT", "reminder"],
  ["cn-beijing", "China (Beijing)", "华北2（北京）", "COMPLIANT", "resolved"],
  ["cn-hangzhou", "China (Hangzhou)", "华东1（杭州）", "COMPLIANT", null],
  ["cn-heyuan", "China (Heyuan)", "华南2（河源）", "NON_COMPLIANT", "opened"],
  ["cn-wulanchabu", "China (Ulanqab)", "华北6（乌兰察布）", "NON_COMPLIANT", null],
  ["me-east-1", "UAE (Dubai)", "阿联酋（迪拜）", "INSUFFICIENT_DATA", "unreadable"],
];
/** One that cannot be read was not activated when it last could. */
const WAS_OPEN_REGION_ID = "me-east-1";
/** One of them is exempt, for some days more. */
const EXEMPT_REGION_ID = "cn-wulanchabu";
const DAYS_LEFT = 5;

/**
 * An alert with one of each kind of news, to see what receivers make of it.
 *
 * @param language - of the places' names
 */
export function sampleAlert(now: Date, language: Language): Alert {
  const at = now.toISOString();
  const findings = exempted(
    REGIONS.map(([regionId, localName, , status]) => findingIn(regionId, localName, status, at)),
    now,
  );
  const changes = REGIONS.flatMap(([regionId, , , , event]): Change[] => {
    const finding = findings.find((candidate) => candidate.regionId === regionId);
    if (event === null || finding === undefined) return [];
    const condition = event === "unreadable" ? "unreadable" : "open";
    return [{ event, condition, sinceMs: now.getTime() - 3 * HOUR_MS, finding }];
  });
  const report = {
    schemaVersion: 1,
    tool: TOOL,
    runId: "00000000-0000-4000-8000-000000000000",
    trigger: "cli",
    startedAt: at,
    finishedAt: at,
    caller: { accountId: ACCOUNT_ID, arn: null },
    scope: { accounts: [ACCOUNT_ID], regions: REGIONS.map(([regionId]) => regionId) },
    rules: [summarizeRule(flowLogServiceActivated)],
    summary: summarize(findings),
    findings: sortFindings(findings),
  } as const;
  const chineseNames = new Map(REGIONS.map(([regionId, , chineseName]) => [regionId, chineseName]));
  const wasOpen = findings.filter(({ regionId }) => regionId === WAS_OPEN_REGION_ID);
  return {
    ...alertOf("alert", report, [flowLogServiceActivated], changes, true),
    ...(language === "zh" && { localNames: chineseNames }),
    openSince: new Map(
      wasOpen.map((finding) => [keyOf(finding), now.getTime() - 27 * HOUR_MS] as const),
    ),
  };
}

function exempted(findings: readonly Finding[], now: Date): readonly Finding[] {
  const today = now.toISOString();
  const exemption: Exemption = {
    region: EXEMPT_REGION_ID,
    account: "*",
    owner: "net-team",
    reason: "no workloads yet",
    expires: new Date(now.getTime() + DAYS_LEFT * 24 * HOUR_MS).toISOString().slice(0, 10),
    warnsFrom: today.slice(0, 10),
  };
  return applyExemptions(findings, [exemption], today).findings;
}

function findingIn(regionId: string, localName: string, status: Status, at: string): Finding {
  const reason = REASONS[status];
  if (reason === undefined) throw new Error(`no sample has the status ${status}`);
  return {
    ruleId: flowLogServiceActivated.id,
    accountId: ACCOUNT_ID,
    regionId,
    localName,
    status,
    reason,
    evidence: {
      requestId: "00000000-0000-0000-0000-000000000000",
      endpoint: `vpc.${regionId}.aliyuncs.com`,
      httpStatus: status === "INSUFFICIENT_DATA" ? 403 : 200,
      attempts: 1,
      checkedAt: at,
      durationMs: 41,
    },
  };
}
