import {
  type Alert,
  alertOf,
  type Change,
  type ChangeEvent,
} from "../../../../shared/alerts/alert.ts";
import { applyExemptions, type Exemption } from "../../../../shared/audit/exemption.ts";
import type { Finding, Reason, Status } from "../../../../shared/audit/finding.ts";
import { sortFindings, summarize } from "../../../../shared/audit/report.ts";
import { type RuleCard, summarizeRule } from "../../../../shared/audit/rule-card.ts";
import { keyOf } from "../../../../shared/audit/subject.ts";
import type { Language } from "../../../../shared/notify/receiver-options.ts";
import { TOOL } from "../../../../shared/program/tool.ts";

const HOUR_MS = 3_600_000;
const ACCOUNT_ID = "1234567890123456";
/** The accounts of a made-up audit of several. */
const ACCOUNTS = [
  { id: ACCOUNT_ID, name: "security" },
  { id: "1234567890123457", name: "prod" },
] as const;

const ACCESS_DENIED: Reason = {
  code: "ACCESS_DENIED",
  message: "Access denied (HTTP 403, Forbbiden).",
};

/** The regions of a made-up audit, and the change in each. */
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
/** Cannot be read; by the rules about regions it was not compliant when last read. */
const WAS_OPEN_REGION_ID = "me-east-1";
/** Exempt for some days more. */
const EXEMPT_REGION_ID = "cn-wulanchabu";
const DAYS_LEFT = 5;

/**
 * An alert with one change of each kind for each rule, to show what receivers are sent.
 *
 * @param language - of the names of regions
 * @param cards - of the rules
 * @param isOfMany - whether it is about several accounts
 */
export function sampleAlert(
  now: Date,
  language: Language,
  cards: readonly RuleCard[],
  isOfMany: boolean,
): Alert {
  const at = now.toISOString();
  const accounts: readonly { readonly id: string; readonly name?: string }[] = isOfMany
    ? ACCOUNTS
    : [{ id: ACCOUNT_ID }];
  const found = accounts.flatMap(({ id: accountId }) =>
    REGIONS.flatMap(([regionId, localName, , status, event]) =>
      cards.map((card) => ({
        event,
        finding: { ...findingIn(regionId, localName, status, card, at), accountId },
      })),
    ),
  );
  const findings = exempted(
    found.map(({ finding }) => finding),
    now,
  );
  const changes = found.flatMap(({ event }, index): Change[] => {
    const finding = findings[index];
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
    scope: {
      accounts: accounts.map(({ id }) => id),
      regions: REGIONS.map(([regionId]) => regionId),
    },
    rules: cards.map(summarizeRule),
    accounts: accounts.map((account) => ({
      ...account,
      regions: REGIONS.map(([regionId]) => regionId),
      status: "audited" as const,
    })),
    summary: summarize(findings),
    findings: sortFindings(findings),
  } as const;
  const chineseNames = new Map(REGIONS.map(([regionId, , chineseName]) => [regionId, chineseName]));
  const aboutRegions = cards.filter(({ subject }) => subject === "region").map(({ id }) => id);
  const wasOpen = findings.filter(
    ({ regionId, ruleId }) => regionId === WAS_OPEN_REGION_ID && aboutRegions.includes(ruleId),
  );
  return {
    ...alertOf("alert", report, cards, changes, true),
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
    rule: "*",
    resource: "*",
    owner: "net-team",
    reason: "no workloads yet",
    expires: new Date(now.getTime() + DAYS_LEFT * 24 * HOUR_MS).toISOString().slice(0, 10),
    warnsFrom: today.slice(0, 10),
  };
  return applyExemptions(findings, [exemption], today).findings;
}

/** A finding about the region, or about one resource in it that a rule about resources has read. */
function findingIn(
  regionId: string,
  localName: string,
  status: Status,
  card: RuleCard,
  at: string,
): Finding {
  const isRead = status !== "INSUFFICIENT_DATA";
  const resource =
    card.subject === "region" || !isRead
      ? {}
      : { resource: { type: card.subject.type, id: `example-${regionId}`, name: "example" } };
  return {
    ruleId: card.id,
    accountId: ACCOUNT_ID,
    regionId,
    ...resource,
    localName,
    status,
    reason: isRead ? reasonFor(status, card) : ACCESS_DENIED,
    evidence: {
      requestId: "00000000-0000-0000-0000-000000000000",
      endpoint: `vpc.${regionId}.aliyuncs.com`,
      httpStatus: isRead ? 200 : 403,
      attempts: 1,
      checkedAt: at,
      durationMs: 41,
    },
  };
}

/** The first reason on a rule's card that explains the status. */
function reasonFor(status: Status, { id, reasons }: RuleCard): Reason {
  const [entry] = Object.entries(reasons).filter(([, reason]) => reason.status === status);
  if (entry === undefined) throw new Error(`no reason of ${id} explains ${status}`);
  const [code, { message }] = entry;
  return { code, message };
}
