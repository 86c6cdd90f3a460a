import type { Evidence, Finding, HeldExemption, Status } from "../../shared/audit/finding.ts";
import {
  type AuditedAccount,
  type Report,
  type SkippedAccount,
  sortFindings,
  summarize,
} from "../../shared/audit/report.ts";
import { summarizeRule } from "../../shared/audit/rule-card.ts";
import { toCreateFlowLog } from "../../shared/rules/flow-log-remedies.ts";
import { RULE_IDS } from "../../shared/rules/rule-ids.ts";
import { loadRules } from "../../shared/rules/rules.ts";
import { ENGLISH_NAMES, inRealRegion } from "./real-regions.ts";
import { reportWith } from "./report-with.ts";

/** What this version knows of all rules. */
export const ALL_CARDS = await loadRules(RULE_IDS);

const VPC = "ACS::VPC::VPC";

const EXEMPTION: HeldExemption = {
  owner: "net-team",
  reason: "NET-42: no workload before spring",
  expires: "2027-03-31",
  endsSoon: false,
  observed: {
    status: "NON_COMPLIANT",
    reason: { code: "NOT_ACTIVATED", message: "The flow log service is not activated." },
  },
};

/** A report of one account and the activation rule, with texts as an audit has them, in real regions. */
export function regionReport(statuses: readonly Status[]): Report {
  const report = reportWith(statuses);
  const findings = sortFindings(report.findings.map((finding) => realistic(inRealRegion(finding))));
  const regions = findings.map(({ regionId }) => regionId);
  return {
    ...report,
    scope: { ...report.scope, regions },
    accounts: [{ id: report.scope.accounts[0] ?? "", name: "prod", regions, status: "audited" }],
    findings,
  };
}

/** Thirty regions, some of which are not compliant, unreadable or exempt. */
export const THIRTY_REGIONS: Report = regionReport([
  ...["NON_COMPLIANT", "COMPLIANT", "COMPLIANT", "NON_COMPLIANT", "COMPLIANT"],
  ...["COMPLIANT", "COMPLIANT", "COMPLIANT", "IGNORED", "COMPLIANT"],
  ...Array.from({ length: 12 }, () => "COMPLIANT"),
  ...["INSUFFICIENT_DATA", "COMPLIANT", "COMPLIANT", "COMPLIANT", "COMPLIANT"],
  ...["NON_COMPLIANT", "INSUFFICIENT_DATA", "COMPLIANT"],
] as Status[]);

function realistic(finding: Finding): Finding {
  const { regionId, status } = finding;
  const localName = ENGLISH_NAMES.get(regionId) ?? "";
  const evidence: Evidence = {
    ...finding.evidence,
    requestId: "5CD1FCDF-73B0-46EE-A02E-E5258C0422B5",
    endpoint: `vpc.${regionId}.aliyuncs.com`,
  };
  const command = `aliyun vpc OpenFlowLogService --region ${regionId}`;
  const remedy = {
    command,
    terraform: `data "alicloud_vpc_flow_log_service" "${regionId}" {\n  enable = "On"\n}\n`,
  };
  const found = { ...finding, localName, evidence };
  switch (status) {
    case "NON_COMPLIANT": {
      const message = `The flow log service is not activated. Activate it: ${command}`;
      return { ...found, remedy, reason: { code: "NOT_ACTIVATED", message } };
    }
    case "INSUFFICIENT_DATA": {
      const message = `vpc.${regionId}.aliyuncs.com did not answer within 5 s (3 attempts).`;
      return {
        ...found,
        evidence: { ...evidence, requestId: null, httpStatus: null, attempts: 3 },
        reason: { code: "TIMEOUT", message },
      };
    }
    case "IGNORED": {
      const { owner, reason, expires, observed } = EXEMPTION;
      const message = `Exempt until ${expires} (${owner}: ${reason}). Observed: ${observed.reason.message}`;
      return { ...found, remedy, exemption: EXEMPTION, reason: { code: "EXEMPT", message } };
    }
    case "COMPLIANT":
    case "NOT_APPLICABLE":
      return {
        ...found,
        reason: { code: "ACTIVATED", message: "The flow log service is activated." },
      };
  }
}

/** Names and messages as an attacker would choose them. */
export const HOSTILE_NAMES = [
  "<script>alert(1)</script>",
  "</script><img src=x onerror=alert(1)>",
  "<!-- \"quotes\" 'and' `ticks` & &amp; -->",
  "right\u202Eto left",
  "lone \ud800 surrogate",
  "__proto__",
  "constructor",
  String.raw`\u003c \\u003c`,
  "control \u0000\u001b[31m\u0007",
  "new\nline\u2028separator",
  "长".repeat(400),
  `${"very-long-name-".repeat(60)}end`,
];

/**
 * A report with everything in it: two accounts, one skipped, an unknown caller, every rule and status,
 * resources, an exemption that ends soon, warnings; each name is hostile.
 */
export function fullReport(): Report {
  const [example] = reportWith(["COMPLIANT"]).findings;
  if (example === undefined) throw new Error("a report has a finding");
  const [prod, test, old] = ["1234567890123456", "2234567890123456", "3234567890123456"] as const;
  const regions = ["cn-beijing", "cn-hangzhou"];
  const name = (index: number): string => HOSTILE_NAMES[index % HOSTILE_NAMES.length] ?? "";
  const statuses: readonly Status[] = [
    "NON_COMPLIANT",
    "INSUFFICIENT_DATA",
    "IGNORED",
    "COMPLIANT",
    "NOT_APPLICABLE",
  ];
  const findings = [prod, test].flatMap((accountId, account) =>
    regions.flatMap((regionId, region) =>
      RULE_IDS.flatMap((ruleId, rule): Finding[] => {
        const status = statuses[(account + region + rule) % statuses.length] ?? "COMPLIANT";
        const base = { ...example, accountId, regionId, ruleId, localName: name(rule + account) };
        if (ruleId === "flow-log-service-activated") {
          return [realistic({ ...base, status })];
        }
        return [0, 1].map((number) => ({
          ...base,
          status: number === 0 ? status : "COMPLIANT",
          resource: { type: VPC, id: `vpc-${number}`, name: name(number * 5 + rule + region) },
          reason: { code: REASON_CODES[status], message: `Said of it: ${name(rule)}` },
          ...(status === "NON_COMPLIANT" &&
            number === 0 && {
              remedy: toCreateFlowLog({ regionId, vpcId: "vpc-0", trafficType: "All" }),
            }),
          ...(status === "IGNORED" &&
            number === 0 && {
              exemption: { ...EXEMPTION, owner: name(0), reason: name(1), endsSoon: true },
            }),
        }));
      }),
    ),
  );
  const accounts: (AuditedAccount | SkippedAccount)[] = [
    { id: prod, name: name(0), regions, status: "audited" },
    {
      id: test,
      name: name(3),
      roleArn: `acs:ram::${test}:role/flowlog-guard-audit`,
      regions,
      status: "audited",
    },
    {
      id: old,
      name: name(11),
      regions: [],
      status: "skipped",
      reason: { code: "BEING_DELETED", message: "The account is being deleted." },
    },
  ];
  return {
    ...reportWith([]),
    caller: null,
    accountAssumed: true,
    managementAccountUnknown: true,
    scope: { accounts: [prod, test], regions },
    rules: ALL_CARDS.map(summarizeRule),
    accounts,
    summary: summarize(findings),
    findings: sortFindings(findings),
    warnings: HOSTILE_NAMES,
  };
}

const REASON_CODES: Readonly<Record<Status, string>> = {
  NON_COMPLIANT: "NO_FLOW_LOG",
  INSUFFICIENT_DATA: "STATE_UNKNOWN",
  IGNORED: "EXEMPT",
  COMPLIANT: "__proto__",
  NOT_APPLICABLE: "NO_RESOURCES",
};
