import { describe, expect, test } from "vitest";

import type { Evidence, Finding, Status } from "../../../shared/audit/finding.ts";
import { type Report, summarize } from "../../../shared/audit/report.ts";
import { summarizeRule } from "../../../shared/audit/rule-card.ts";
import { readReport } from "../../../shared/report/read-report.ts";
import { toCreateFlowLog, createProject } from "../../../shared/rules/flow-log-remedies.ts";
import { RULE_IDS } from "../../../shared/rules/rule-ids.ts";
import { loadRules } from "../../../shared/rules/rules.ts";
import { reportWith } from "../../harness/report-with.ts";

const CARDS = await loadRules(RULE_IDS);
const VPC = { type: "ACS::VPC::VPC", id: "vpc-1", name: "front" };
const LOG_STORE = { type: "ACS::SLS::LogStore", id: "logs/flows" };
const REMEDY = toCreateFlowLog({ regionId: "cn-r0", vpcId: "vpc-1", trafficType: "All" });

type Change = Omit<Partial<Finding>, "evidence"> & { readonly evidence?: Partial<Evidence> };

/** A report of one finding. */
function reportOfOne(ruleId: string, status: Status, code: string, change: Change = {}): Report {
  const report = reportWith([status]);
  const rules = CARDS.filter(({ id }) => id === ruleId).map(summarizeRule);
  const findings = report.findings.map((finding): Finding => ({
    ...finding,
    ruleId,
    reason: { code, message: "It is so." },
    ...change,
    evidence: { ...finding.evidence, ...change.evidence },
  }));
  return { ...report, rules, findings, summary: summarize(findings) };
}

function read(report: Report) {
  return readReport(JSON.parse(JSON.stringify(report)), CARDS);
}

const noFlowLog = (remedy: unknown): Report =>
  reportOfOne("vpc-flow-log-active", "NON_COMPLIANT", "NO_FLOW_LOG", {
    resource: VPC,
    remedy: remedy as NonNullable<Finding["remedy"]>,
  });

describe("a report of a rule about resources is accepted:", () => {
  const exemption = {
    owner: "net-team",
    reason: "NET-42",
    expires: "2099-01-01",
    endsSoon: false,
    observed: { status: "NON_COMPLIANT", reason: { code: "NO_FLOW_LOG", message: "None." } },
  } as const;

  test.each<[string, Report]>([
    ["with a remedy", noFlowLog(REMEDY)],
    ["with a remedy by hand", noFlowLog({ command: null, terraform: null })],
    [
      "with a remedy of two calls",
      noFlowLog(
        createProject({
          regionId: "cn-r0",
          projectName: "it's",
          logStoreName: "a b",
          ttlDays: 180,
        }),
      ),
    ],
    [
      "without a remedy, from an older function",
      reportOfOne("vpc-flow-log-active", "NON_COMPLIANT", "NO_FLOW_LOG", { resource: VPC }),
    ],
    [
      "with a remedy of what is exempt",
      reportOfOne("vpc-flow-log-active", "IGNORED", "EXEMPT", {
        resource: VPC,
        remedy: REMEDY,
        exemption,
      }),
    ],
    [
      "with a resource of which neither is known",
      reportOfOne("vpc-flow-log-active", "INSUFFICIENT_DATA", "STATE_UNKNOWN", { resource: VPC }),
    ],
    [
      "without a log store, of which 404 is the proof",
      reportOfOne("flow-log-retention", "NON_COMPLIANT", "LOG_STORE_MISSING", {
        resource: LOG_STORE,
        evidence: { httpStatus: 404 },
      }),
    ],
    [
      "with a log store that may be another account's",
      reportOfOne("flow-log-retention", "INSUFFICIENT_DATA", "STATE_UNKNOWN", {
        resource: LOG_STORE,
        evidence: { httpStatus: 404 },
      }),
    ],
    [
      "of a region without VPCs",
      reportOfOne("vpc-flow-log-active", "NOT_APPLICABLE", "NO_RESOURCES"),
    ],
  ])("%s", (_what, report) => {
    expect(read(report)).toEqual({ report });
  });
});

describe("a report of a rule about resources is refused:", () => {
  const remedyOnly = (command: string, terraform: string | null = null) =>
    noFlowLog({ command, terraform });

  test.each<[string, Report, string]>([
    ["a command of another program", remedyOnly("curl x.example"), "remedy.command"],
    [
      "a command after aliyun's",
      remedyOnly("aliyun vpc X --a b; curl x.example"),
      "remedy.command",
    ],
    ["a pipe", remedyOnly("aliyun vpc X | sh"), "remedy.command"],
    ["a substitution", remedyOnly("aliyun vpc X --a $(id)"), "remedy.command"],
    ["another program after ;", remedyOnly("aliyun vpc X; curl x.example"), "remedy.command"],
    ["an open quote", remedyOnly("aliyun vpc X --a 'b"), "remedy.command"],
    ["a command of two lines", remedyOnly("aliyun vpc X\nid"), "remedy.command"],
    [
      "Terraform with escape sequences",
      remedyOnly("aliyun vpc X", "a\u001b[2J"),
      "remedy.terraform",
    ],
    ["a remedy without Terraform's place", noFlowLog({ command: null }), "remedy.terraform"],
    [
      "a remedy of what is compliant",
      reportOfOne("vpc-flow-log-active", "COMPLIANT", "FLOW_LOG_ACTIVE", {
        resource: VPC,
        remedy: REMEDY,
      }),
      "a finding has a remedy, and nothing to mend",
    ],
    [
      "a log store that is missing, by an answer that names one",
      reportOfOne("flow-log-retention", "NON_COMPLIANT", "LOG_STORE_MISSING", {
        resource: LOG_STORE,
      }),
      "a verdict without the answer that proves it",
    ],
    [
      "a retention that is too short, by an answer of 404",
      reportOfOne("flow-log-retention", "NON_COMPLIANT", "RETENTION_TOO_SHORT", {
        resource: LOG_STORE,
        evidence: { httpStatus: 404 },
      }),
      "a verdict without the answer that proves it",
    ],
    [
      "compliance for a reason that says neither",
      reportOfOne("vpc-flow-log-active", "COMPLIANT", "STATE_UNKNOWN", { resource: VPC }),
      "the reason of a finding contradicts its status",
    ],
  ])("%s", (_what, report, problem) => {
    expect(read(report)).toEqual({ problem: expect.stringContaining(problem) });
  });

  test("a long command that is almost one is refused in no time", () => {
    const startedMs = performance.now();
    const command = `aliyun vpc X ${"--a 'b'\\''c' ".repeat(140)}"`;
    expect(read(remedyOnly(command))).toHaveProperty("problem");
    expect(performance.now() - startedMs).toBeLessThan(1_000);
  });
});
