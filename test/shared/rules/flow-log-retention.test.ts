import { describe, expect, test } from "vitest";

import type { FlowLog } from "../../../shared/audit/flow-log.ts";
import { DEFAULT_RULE_SETTINGS } from "../../../shared/audit/rule-settings.ts";
import { flowLogRetention } from "../../../shared/rules/flow-log-retention.ts";
import { judgeRegion, messagesOf, outlineOf } from "../../harness/judge-region.ts";
import { logOf, type RegionContent, regionOf, vpcOf } from "../../harness/region-of.ts";

const rule = flowLogRetention;
const to = (id: string, logStoreName: string, more: Partial<FlowLog> = {}): FlowLog =>
  logOf(id, "vpc-1", { logStoreName, deliverStatus: undefined, ...more });

async function judge(content: RegionContent, minDays = 180) {
  const settings = { "flow-log-retention": { minDays } };
  return judgeRegion(rule, { vpcs: [vpcOf("vpc-1")], ...content }, settings);
}

const flowLogs = [to("fl-1", "flows")];

const CASES: readonly (readonly [string, RegionContent, number, string, ...string[]])[] = [
  [
    "as long as is asked for",
    { flowLogs, logStores: { "logs/flows": 180 } },
    180,
    "COMPLIANT RETENTION_SUFFICIENT",
    "kept for 180 days",
    "Flow logs that deliver to it: fl-1.",
  ],
  [
    "a day less",
    { flowLogs, logStores: { "logs/flows": 179 } },
    180,
    "NON_COMPLIANT RETENTION_TOO_SHORT",
    "kept for 179 days, but 180 days are required",
  ],
  [
    "one day where one is asked for",
    { flowLogs, logStores: { "logs/flows": 1 } },
    1,
    "COMPLIANT RETENTION_SUFFICIENT",
    "kept for 1 day",
  ],
  [
    "for ever",
    { flowLogs, logStores: { "logs/flows": 3_650 } },
    3_650,
    "COMPLIANT RETENTION_SUFFICIENT",
    "kept for ever",
  ],
  [
    "not there",
    { flowLogs },
    180,
    "NON_COMPLIANT LOG_STORE_MISSING",
    "aliyun sls create-log-store --region cn-hangzhou --project logs --logstore-name flows --ttl 180",
  ],
  [
    "not there, nor its project",
    { flowLogs, logStores: { "logs/flows": "no-project" } },
    180,
    "NON_COMPLIANT LOG_STORE_MISSING",
    "Its project is missing too. Create both: aliyun sls create-project --region cn-hangzhou --project-name logs; aliyun sls create-log-store --region cn-hangzhou --project logs ",
  ],
  [
    "not there, and delivery failed",
    { flowLogs: [to("fl-1", "flows", { deliverStatus: "FAILED" })] },
    180,
    "NON_COMPLIANT LOG_STORE_MISSING",
  ],
  [
    "not there, though delivery succeeds",
    { flowLogs: [to("fl-1", "flows", { deliverStatus: "SUCCESS" })] },
    180,
    "INSUFFICIENT_DATA STATE_UNKNOWN",
    "another account's",
  ],
  [
    "not there, made by the log service",
    { flowLogs: [to("fl-1", "flows", { serviceType: "sls" })] },
    180,
    "INSUFFICIENT_DATA STATE_UNKNOWN",
  ],
  [
    "not there, though one of its flow logs succeeds",
    { flowLogs: [to("fl-1", "flows"), to("fl-2", "flows", { deliverStatus: "SUCCESS" })] },
    180,
    "INSUFFICIENT_DATA STATE_UNKNOWN",
    "Flow logs that deliver to it: fl-1, fl-2.",
  ],
  [
    "refused",
    { flowLogs, logStores: { "logs/flows": "ACCESS_DENIED" } },
    180,
    "INSUFFICIENT_DATA ACCESS_DENIED",
    "Cannot ask GetLogStore logs/flows.",
  ],
];

describe("a log store that is", () => {
  test.each(
    CASES.map(
      ([what, content, minDays, expected, ...words]) =>
        [what, expected, { content, minDays, words }] as const,
    ),
  )("%s: %s", async (_what, expected, { content, minDays, words }) => {
    const { verdicts } = await judge(content, minDays);
    expect(outlineOf(verdicts)).toEqual([`logs/flows ${expected}`]);
    for (const word of words) expect(messagesOf(verdicts)).toContain(word);
    const [verdict] = verdicts;
    expect(verdict?.resource).toEqual({ type: "ACS::SLS::LogStore", id: "logs/flows" });
    expect(verdict?.evidence.requestId).toBe("GetLogStore logs/flows");
  });
});

describe("a region", () => {
  test("without VPCs has one verdict, from the list of VPCs", async () => {
    const { verdicts, asked } = await judge({ vpcs: [], flowLogs });
    expect(outlineOf(verdicts)).toEqual(["region NOT_APPLICABLE NO_RESOURCES"]);
    expect(verdicts[0]?.evidence.requestId).toBe("DescribeVpcs");
    expect(asked).toEqual(["DescribeVpcs"]);
  });

  test.each([[[]], [[to("fl-1", "flows", { status: "Inactive", projectName: undefined })]]])(
    "without an active flow log has one verdict",
    async (inactive) => {
      const { verdicts } = await judge({ flowLogs: inactive });
      expect(outlineOf(verdicts)).toEqual(["region NOT_APPLICABLE NO_ACTIVE_FLOW_LOG"]);
      expect(verdicts[0]?.evidence.requestId).toBe("DescribeFlowLogs");
    },
  );

  test.each(["vpcs", "flowLogs"] as const)(
    "whose %s cannot be listed is unreadable",
    async (list) => {
      await expect(judge({ flowLogs, [list]: "TIMEOUT" })).rejects.toMatchObject({
        code: "TIMEOUT",
      });
    },
  );

  test.each(["projectName", "logStoreName"] as const)(
    "with an active flow log without %s is unreadable",
    async (name) => {
      const logs = [...flowLogs, to("fl-9", "flows", { [name]: undefined })];
      await expect(
        judge({ flowLogs: logs, logStores: { "logs/flows": 180 } }),
      ).rejects.toMatchObject({
        name: "UnreadableError",
        code: "MALFORMED_RESPONSE",
        message: expect.stringContaining("fl-9"),
        evidence: { requestId: "DescribeFlowLogs" },
      });
    },
  );

  test("has a verdict for each log store, by id, each read once, and at most four at once", async () => {
    const names = Array.from(
      { length: 23 },
      (_item, index) => `s${String(index).padStart(2, "0")}`,
    );
    const logs = names
      .toReversed()
      .flatMap((name) => [to(`fl-${name}`, name), to(`fl2-${name}`, name)]);
    const logStores = Object.fromEntries(
      names.map((name, index) => [
        `logs/${name}`,
        index % 3 === 0 ? ("TIMEOUT" as const) : 30 * index,
      ]),
    );
    const region = regionOf({ vpcs: [vpcOf("vpc-1")], flowLogs: logs, logStores });
    const verdicts = await rule.evaluate(region, DEFAULT_RULE_SETTINGS);
    expect(outlineOf(verdicts)).toEqual(
      names.map((name, index) => {
        const days = 30 * index;
        if (index % 3 === 0) return `logs/${name} INSUFFICIENT_DATA TIMEOUT`;
        return days >= 180
          ? `logs/${name} COMPLIANT RETENTION_SUFFICIENT`
          : `logs/${name} NON_COMPLIANT RETENTION_TOO_SHORT`;
      }),
    );
    expect(region.asked.filter((question) => question.startsWith("GetLogStore"))).toHaveLength(23);
    expect(region.mostLogStoresAtOnce()).toBe(4);
  });

  test("tells log stores of the same name in two projects apart", async () => {
    const logs = [to("fl-1", "flows"), to("fl-2", "flows", { projectName: "other" })];
    const { verdicts } = await judge({
      flowLogs: logs,
      logStores: { "logs/flows": 180, "other/flows": 7 },
    });
    expect(outlineOf(verdicts)).toEqual([
      "logs/flows COMPLIANT RETENTION_SUFFICIENT",
      "other/flows NON_COMPLIANT RETENTION_TOO_SHORT",
    ]);
  });
});
