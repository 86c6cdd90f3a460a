import { expect, test } from "vitest";

import type { FlowLog } from "../../../shared/audit/flow-log.ts";
import { vpcFlowLogDelivered } from "../../../shared/rules/vpc-flow-log-delivered.ts";
import { judgeRegion, messagesOf, outlineOf } from "../../harness/judge-region.ts";
import { interfaceOf, logOf, vpcOf } from "../../harness/region-of.ts";

const rule = vpcFlowLogDelivered;

const healthy = (id: string, on: string): FlowLog => logOf(id, on);
const failed = (id: string, on: string, deliverError?: string): FlowLog =>
  logOf(id, on, { deliverStatus: "FAILED", deliverError });
const locked = (id: string, on: string): FlowLog =>
  logOf(id, on, { businessStatus: "FinancialLocked" });
const silent = (id: string, on: string): FlowLog => logOf(id, on, { deliverStatus: undefined });

const CASES: readonly (readonly [string, readonly FlowLog[], string, ...string[]])[] = [
  ["healthy", [healthy("fl-1", "vpc-1")], "DELIVERED", "and no bill is overdue: fl-1"],
  [
    "no business status",
    [logOf("fl-1", "vpc-1", { businessStatus: undefined })],
    "DELIVERED",
    "Delivery succeeds: fl-1",
  ],
  ["no delivery status: new or old", [silent("fl-1", "vpc-1")], "STATE_UNKNOWN", "fl-1"],
  [
    "a delivery status that is not documented",
    [logOf("fl-1", "vpc-1", { deliverStatus: "success" })],
    "STATE_UNKNOWN",
  ],
  [
    "a business status that is not documented",
    [logOf("fl-1", "vpc-1", { businessStatus: "Odd" })],
    "STATE_UNKNOWN",
  ],
  [
    "failed",
    [failed("fl-1", "vpc-1", "UnavaliableTarget")],
    "DELIVERY_FAILED",
    "fl-1 (UnavaliableTarget)",
    "Check in the console",
  ],
  [
    "failed for several reasons",
    [failed("fl-1", "vpc-1", "UnknownError"), failed("fl-2", "vsw-a", "UnavaliableTarget")],
    "DELIVERY_FAILED",
    "fl-1 (UnknownError), fl-2 (UnavaliableTarget)",
  ],
  [
    "failed, and the code is no word",
    [failed("fl-1", "vpc-1", "a b <c>")],
    "DELIVERY_FAILED",
    "Failing: fl-1.",
  ],
  [
    "failed without a project",
    [failed("fl-1", "vpc-1", "ProjectNotExist")],
    "DELIVERY_FAILED",
    "aliyun sls create-project --region cn-hangzhou --project-name logs; aliyun sls create-log-store",
  ],
  [
    "failed, made by the log service",
    [
      logOf("fl-1", "vpc-1", {
        deliverStatus: "FAILED",
        deliverError: "ProjectNotExist",
        serviceType: "sls",
      }),
    ],
    "DELIVERY_FAILED",
    "the console of Simple Log Service",
  ],
  [
    "failed, with a business status that is not documented",
    [logOf("fl-1", "vpc-1", { deliverStatus: "FAILED", businessStatus: "Odd" })],
    "DELIVERY_FAILED",
  ],
  [
    "in arrears, though delivery succeeded",
    [locked("fl-1", "vpc-1")],
    "ACCOUNT_IN_ARREARS",
    "Locked: fl-1.",
    "Pay the bills",
  ],
  [
    "in arrears, without a delivery status",
    [logOf("fl-1", "vpc-1", { businessStatus: "FinancialLocked", deliverStatus: undefined })],
    "ACCOUNT_IN_ARREARS",
  ],
  [
    "arrears come before failures",
    [failed("fl-1", "vpc-1"), locked("fl-2", "vpc-1")],
    "ACCOUNT_IN_ARREARS",
  ],
  [
    "failed, while a healthy one is on the same VPC",
    [failed("fl-1", "vpc-1"), healthy("fl-2", "vpc-1")],
    "DELIVERED",
    "fl-2",
  ],
  [
    "failed on a vSwitch of a VPC with a healthy one",
    [failed("fl-1", "vsw-a"), healthy("fl-2", "vpc-1")],
    "DELIVERED",
  ],
  [
    "unknown, while a healthy one covers the VPC",
    [silent("fl-1", "vsw-a"), healthy("fl-2", "vpc-1")],
    "DELIVERED",
  ],
  [
    "failed, while an unknown one covers the VPC",
    [failed("fl-1", "vpc-1"), silent("fl-2", "vpc-1")],
    "STATE_UNKNOWN",
    "fl-2",
  ],
  [
    "failed on one of the covered vSwitches",
    [healthy("fl-1", "vsw-a"), failed("fl-2", "vsw-b")],
    "DELIVERY_FAILED",
    "Failing: fl-2.",
  ],
  ["healthy on the covered vSwitch alone", [healthy("fl-1", "vsw-a")], "DELIVERED"],
  ["failed on an interface", [failed("fl-1", "eni-a1")], "DELIVERY_FAILED"],
  [
    "none active",
    [logOf("fl-1", "vpc-1", { status: "Inactive", deliverStatus: "FAILED" })],
    "NO_ACTIVE_FLOW_LOG",
  ],
];

test.each(
  CASES.map(([what, flowLogs, code, ...words]) => [what, code, { flowLogs, words }] as const),
)("%s: %s", async (_what, code, { flowLogs, words }) => {
  const vpcs = [vpcOf("vpc-1", ["vsw-a", "vsw-b"])];
  const interfaces = [interfaceOf("eni-a1", "vsw-a"), interfaceOf("eni-a2", "vsw-a")];
  const { verdicts } = await judgeRegion(rule, { vpcs, interfaces, flowLogs });
  expect(outlineOf(verdicts)).toEqual([`vpc-1 ${rule.reasons[code]?.status} ${code}`]);
  for (const word of words) expect(messagesOf(verdicts)).toContain(word);
});
