import { describe, expect, test } from "vitest";

import type { Finding } from "../../../shared/audit/finding.ts";
import { NO_EVIDENCE } from "../../../shared/audit/finding.ts";
import type { FlowLog } from "../../../shared/audit/flow-log.ts";
import { type RegionReader, UnreadableError } from "../../../shared/audit/region-reader.ts";
import { type Report, summarize } from "../../../shared/audit/report.ts";
import { checkRegion } from "../../../shared/enable/check-region.ts";
import { describeNotChanged, describePlan } from "../../../shared/enable/describe-plan.ts";
import { problemsOfNames } from "../../../shared/enable/log-store-template.ts";
import { makePlan } from "../../../shared/enable/make-plan.ts";
import type { Plan } from "../../../shared/enable/plan.ts";
import { logOf } from "../../harness/region-of.ts";

const ACCOUNT = "1234567890123456";
const TEMPLATE = { projectName: "logs-{account}-{region}", logStoreName: "vpc_{region}" };

function finding(
  regionId: string,
  status: Finding["status"],
  code: string,
  vpcId?: string,
): Finding {
  return {
    ruleId: vpcId === undefined ? "flow-log-service-activated" : "vpc-flow-log-active",
    accountId: ACCOUNT,
    regionId,
    status,
    reason: { code, message: `It is ${code}.` },
    evidence: NO_EVIDENCE,
    ...(vpcId !== undefined && { resource: { type: "ACS::VPC::VPC", id: vpcId, name: "prod" } }),
  };
}

const activated = (regionId: string): Finding => finding(regionId, "COMPLIANT", "ACTIVATED");
const open = (regionId: string): Finding => finding(regionId, "NON_COMPLIANT", "NOT_ACTIVATED");

function report(...findings: Finding[]): Report {
  const regions = [...new Set(findings.map(({ regionId }) => regionId))];
  return {
    schemaVersion: 1,
    tool: { name: "flowlog-guard", version: "0.0.0" },
    runId: "run",
    trigger: "cli",
    startedAt: "2026-11-28T00:00:00.000Z",
    finishedAt: "2026-11-28T00:00:00.000Z",
    caller: null,
    scope: { accounts: [ACCOUNT], regions },
    rules: [],
    accounts: [{ id: ACCOUNT, regions, status: "audited" }],
    summary: summarize(findings),
    findings,
  };
}

/** The changes of a plan, as a table: region, action, VPC. */
function changesOf({ entries }: Plan) {
  return entries.map((entry) => [
    entry.regionId,
    entry.action,
    ...(entry.action === "create-flow-log" ? [entry.resource.id] : []),
  ]);
}

describe("the plan for a VPC", () => {
  test.each<[Finding["status"], string, boolean, boolean]>([
    ["COMPLIANT", "FLOW_LOG_ACTIVE", false, false],
    ["NON_COMPLIANT", "NO_FLOW_LOG", true, false],
    ["NON_COMPLIANT", "PARTLY_COVERED", true, false],
    ["NON_COMPLIANT", "FLOW_LOG_INACTIVE", false, true],
    ["NOT_APPLICABLE", "SHARED_BY_OWNER", false, false],
    ["INSUFFICIENT_DATA", "STATE_UNKNOWN", false, true],
    ["INSUFFICIENT_DATA", "ACCESS_DENIED", false, true],
  ])("that is %s with %s: created %s, told %s", (status, code, created, told) => {
    const plan = makePlan(report(activated("cn-a"), finding("cn-a", status, code, "v")), TEMPLATE);
    expect(plan.entries).toHaveLength(created ? 1 : 0);
    expect(plan.notChanged).toHaveLength(told ? 1 : 0);
    expect(plan.notChanged.every(({ unreadable }) => unreadable)).toBe(
      status === "INSUFFICIENT_DATA" || !told,
    );
  });

  test("follows the activation of its region, region by region", () => {
    const plan = makePlan(
      report(
        open("cn-b"),
        finding("cn-b", "NON_COMPLIANT", "NO_FLOW_LOG", "vpc-2"),
        activated("cn-a"),
        finding("cn-a", "NON_COMPLIANT", "NO_FLOW_LOG", "vpc-1"),
      ),
      TEMPLATE,
    );
    expect(changesOf(plan)).toEqual([
      ["cn-a", "create-flow-log", "vpc-1"],
      ["cn-b", "activate-flow-log-service"],
      ["cn-b", "create-flow-log", "vpc-2"],
    ]);
  });

  test("has the names filled in, its cost, and that it can be undone", () => {
    const plan = makePlan(
      report(activated("cn-a"), finding("cn-a", "NON_COMPLIANT", "NO_FLOW_LOG", "vpc-1")),
      TEMPLATE,
    );
    expect(plan.entries).toEqual([
      {
        accountId: ACCOUNT,
        regionId: "cn-a",
        action: "create-flow-log",
        resource: { type: "ACS::VPC::VPC", id: "vpc-1", name: "prod" },
        projectName: `logs-${ACCOUNT}-cn-a`,
        logStoreName: "vpc_cn-a",
        cost: "by-volume",
        reversible: true,
      },
    ]);
    expect(describePlan(plan)).toEqual([
      `account ${ACCOUNT}: 1 change planned`,
      `  cn-a vpc-1 (prod): create a flow log of all traffic to logs-${ACCOUNT}-cn-a/vpc_cn-a`,
      expect.stringContaining("5 GB are free"),
    ]);
  });

  test("is none in a region whose service is neither activated nor to be", () => {
    const unread = finding("cn-a", "INSUFFICIENT_DATA", "TIMEOUT");
    const vpc = finding("cn-a", "NON_COMPLIANT", "NO_FLOW_LOG", "vpc-1");
    const plan = makePlan(report(unread, vpc), TEMPLATE);
    expect(plan.entries).toEqual([]);
    expect(plan.notChanged).toMatchObject([{ reason: { code: "TIMEOUT" }, unreadable: true }]);
  });

  test("is none without --flow-logs", () => {
    const vpc = finding("cn-a", "NON_COMPLIANT", "NO_FLOW_LOG", "vpc-1");
    expect(makePlan(report(activated("cn-a"), vpc), null).entries).toEqual([]);
  });
});

test.each([
  ["abc", "abc", null, null],
  ["a-b", "a_b", null, null],
  ["a".repeat(63), "a".repeat(63), null, null],
  ["ab", "a".repeat(64), "project", "logStore"],
  ["a_b", "-ab", "project", "logStore"],
  ["Abc", "abc_", "project", "logStore"],
  ["a.b", "a/b", "project", "logStore"],
])("names %j and %j", (projectName, logStoreName, project, logStore) => {
  const problems = problemsOfNames({ projectName, logStoreName });
  expect(problems.project === null).toBe(project === null);
  expect(problems.logStore === null).toBe(logStore === null);
});

describe("a region is looked at before anything is created in it", () => {
  const flowLog = logOf("fl-1", "vpc-2", { status: "Inactive" });

  /** A region with flow logs, and a log store that is there, is not, or cannot be read. */
  function region(logStore: "there" | "missing" | "denied", flowLogs: readonly FlowLog[] = []) {
    const unused = async (): Promise<never> => {
      throw new Error("not asked");
    };
    const reader: RegionReader = {
      regionId: "cn-a",
      isFlowLogServiceActivated: unused,
      vpcs: unused,
      networkInterfaces: unused,
      account: async () => null,
      flowLogs: async () => ({ value: flowLogs, evidence: NO_EVIDENCE }),
      async logStore() {
        if (logStore === "denied") {
          throw new UnreadableError("ACCESS_DENIED", "Allow log:GetLogStore.", {
            evidence: NO_EVIDENCE,
            hostResolved: true,
          });
        }
        const value = logStore === "there" ? { ttlDays: 180 } : "no-project";
        return { value, evidence: NO_EVIDENCE };
      },
    };
    return reader;
  }

  const plan = makePlan(
    report(open("cn-a"), finding("cn-a", "NON_COMPLIANT", "NO_FLOW_LOG", "vpc-1"), open("cn-b")),
    { projectName: "flow-logs", logStoreName: "vpc" },
  );

  test("and kept as it is where the log store is there", async () => {
    expect(await checkRegion(plan, region("there"))).toEqual(plan);
  });

  test("and told with the commands where it is not; the service is activated all the same", async () => {
    const checked = await checkRegion(plan, region("missing"));
    expect(changesOf(checked)).toEqual([
      ["cn-a", "activate-flow-log-service"],
      ["cn-b", "activate-flow-log-service"],
    ]);
    expect(checked.notChanged).toMatchObject([
      { regionId: "cn-a", reason: { code: "LOG_STORE_MISSING" }, unreadable: false },
    ]);
    expect(describeNotChanged(checked.notChanged)).toEqual([
      expect.stringContaining("cn-a: not changed: LOG_STORE_MISSING: The project flow-logs is not"),
      "  aliyun sls create-project --region cn-a --project-name flow-logs; aliyun sls create-log-store --region cn-a --project flow-logs --logstore-name vpc --ttl 180 --shard-count 2 --auto-split true --max-split-shard 64",
    ]);
  });

  test("and told as unreadable where that cannot be read", async () => {
    const checked = await checkRegion(plan, region("denied"));
    expect(changesOf(checked).flat()).not.toContain("create-flow-log");
    expect(checked.notChanged).toMatchObject([
      { reason: { code: "ACCESS_DENIED" }, unreadable: true },
    ]);
  });

  test("and inactive flow logs are told with the command that activates them", async () => {
    const inactive = makePlan(
      report(activated("cn-a"), finding("cn-a", "NON_COMPLIANT", "FLOW_LOG_INACTIVE", "vpc-2")),
      TEMPLATE,
    );
    const harmful = { ...flowLog, flowLogId: "fl;reboot" };
    const checked = await checkRegion(inactive, region("there", [flowLog, harmful]));
    expect(checked.entries).toEqual([]);
    expect(checked.notChanged).toMatchObject([
      {
        commands: [
          "aliyun vpc ActiveFlowLog --region cn-a --FlowLogId fl-1",
          "aliyun vpc ActiveFlowLog --region cn-a --FlowLogId 'fl;reboot'",
        ],
      },
    ]);
  });
});
