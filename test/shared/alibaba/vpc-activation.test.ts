import { expect, test } from "vitest";

import { startTimeBudget } from "../../../shared/retry/time-budget.ts";
import { startEmulator } from "../../emulator/emulator.ts";
import type { RegionSeed } from "../../emulator/world.ts";
import { changeEmulator } from "../../harness/change-emulator.ts";

const SEED: RegionSeed = { activated: true, vpcs: [{ vpcId: "vpc-1" }] };
const FLOW_LOG = {
  vpcId: "vpc-1",
  flowLogName: "flowlog-guard-vpc-1",
  projectName: "flow-logs",
  logStoreName: "vpc",
};

async function create(seed: RegionSeed) {
  await using emulator = await startEmulator({ regions: { "cn-a": seed } });
  const limit = startTimeBudget(2_000, "TIMEOUT");
  try {
    const answer = await changeEmulator(emulator, ({ activator }) =>
      activator.createFlowLog("cn-a", FLOW_LOG, limit),
    );
    return { answer, flowLogs: emulator.world.regions["cn-a"]?.flowLogs };
  } finally {
    limit.release();
  }
}

test("creates a flow log of all traffic of the VPC, on all paths", async () => {
  const { answer, flowLogs } = await create(SEED);
  expect(answer.value).toBe("fl-created-vpc-1-0");
  expect(flowLogs).toMatchObject([
    {
      flowLogId: "fl-created-vpc-1-0",
      resourceType: "VPC",
      resourceId: "vpc-1",
      trafficType: "All",
      trafficPaths: ["all"],
      projectName: "flow-logs",
      logStoreName: "vpc",
    },
  ]);
});

test.each([
  ["QuotaExceeded.FlowLog", "SERVICE_ERROR", "a quota is used up"],
  ["OperationUnsupported.VpcInstanceType", "SERVICE_ERROR", "instances of old families"],
  ["Forbidden.RAM", "ACCESS_DENIED", "vpc:CreateFlowLog"],
])("explains a refusal with %s", async (code, failure, sentence) => {
  await expect(create({ ...SEED, flowLogRefusals: { "vpc-1": code } })).rejects.toMatchObject({
    code: failure,
    serviceCode: code,
    retryable: "never",
    message: expect.stringMatching(new RegExp(`${code}.*${sentence}|${code}\\).*${sentence}`)),
  });
});

test.each([
  ["no id", '{"RequestId":"7A1C","Success":"true"}', "MALFORMED_RESPONSE"],
  [
    "an id that could harm a shell",
    '{"RequestId":"7A1C","FlowLogId":"fl;rm -rf"}',
    "MALFORMED_RESPONSE",
  ],
  ["that it failed", '{"RequestId":"7A1C","Success":"false","FlowLogId":"fl-1"}', "SERVICE_ERROR"],
])("does not take an answer for success that has %s", async (_what, body, code) => {
  const fault = { kind: "body", status: 200, text: body } as const;
  await expect(create({ ...SEED, faults: { CreateFlowLog: fault } })).rejects.toMatchObject({
    code,
  });
});
