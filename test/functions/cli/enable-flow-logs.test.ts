import { describe, expect, test } from "vitest";

import { type Emulator, startEmulator } from "../../emulator/emulator.ts";
import type { RegionSeed } from "../../emulator/world.ts";
import { emulatorEnv, runCli } from "../../harness/run-cli.ts";
import { runMain } from "../../harness/run-main.ts";

const ACCOUNT = "1234567890123456";
const LOG_STORES = { "flow-logs/vpc": 180 };
const FLAGS = ["enable", "--flow-logs", "--project", "flow-logs", "--logstore", "vpc"];

/** VPCs in each state that the plan tells apart. */
const MIXED: RegionSeed = {
  activated: true,
  logStores: LOG_STORES,
  vpcs: [
    { vpcId: "vpc-bare", name: "bare" },
    { vpcId: "vpc-part", vSwitchIds: ["vsw-1", "vsw-2"] },
    { vpcId: "vpc-off" },
    { vpcId: "vpc-well" },
    { vpcId: "vpc-theirs", ownerId: "9876543210987654" },
  ],
  flowLogs: [
    { flowLogId: "fl-part", resourceType: "VSwitch", resourceId: "vsw-1" },
    { flowLogId: "fl-off", resourceType: "VPC", resourceId: "vpc-off", status: "Inactive" },
    { flowLogId: "fl-well", resourceType: "VPC", resourceId: "vpc-well" },
  ],
};

function bare(seed: Partial<RegionSeed> = {}): RegionSeed {
  return { activated: true, logStores: LOG_STORES, vpcs: [{ vpcId: "vpc-1" }], ...seed };
}

function creationsOf({ requests }: Emulator) {
  return requests.filter(({ action }) => action === "CreateFlowLog").length;
}

/** Runs `enable --flow-logs`, and reads its document. */
async function enable(emulator: Emulator, ...flags: string[]) {
  const { exitCode, stdout, stderr } = await runMain(
    [...FLAGS, "--format", "json", ...flags],
    emulatorEnv(emulator),
  );
  return { exitCode, stderr, document: stdout === "" ? null : JSON.parse(stdout) };
}

test("the plan has the own VPCs without a flow log or with one in part, and tells the others", async () => {
  await using emulator = await startEmulator({ regions: { "cn-a": MIXED } });
  const { exitCode, document } = await enable(emulator);
  expect(exitCode).toBe(0);
  expect(document.plan).toMatchObject([
    {
      accountId: ACCOUNT,
      regionId: "cn-a",
      action: "create-flow-log",
      resource: { type: "ACS::VPC::VPC", id: "vpc-bare", name: "bare" },
      projectName: "flow-logs",
      logStoreName: "vpc",
      cost: "by-volume",
      reversible: true,
    },
    { resource: { id: "vpc-part" } },
  ]);
  expect(document.notChanged).toMatchObject([
    {
      resource: { id: "vpc-off" },
      reason: { code: "FLOW_LOG_INACTIVE" },
      unreadable: false,
      commands: ["aliyun vpc ActiveFlowLog --region cn-a --FlowLogId fl-off"],
    },
  ]);
  expect(creationsOf(emulator)).toBe(0);
});

test("a VPC that a stopped flow log would cover is told with its command, and gets no second one", async () => {
  await using emulator = await startEmulator({
    regions: {
      "cn-a": bare({
        vpcs: [{ vpcId: "vpc-1", vSwitchIds: ["vsw-1", "vsw-2"] }],
        flowLogs: [
          { flowLogId: "fl-1", resourceType: "VSwitch", resourceId: "vsw-1" },
          { flowLogId: "fl-2", resourceType: "VPC", resourceId: "vpc-1", status: "Inactive" },
        ],
      }),
    },
  });
  const { document } = await enable(emulator, "--yes");
  expect(document.plan).toEqual([]);
  expect(document.notChanged).toMatchObject([
    {
      resource: { id: "vpc-1" },
      reason: { code: "PARTLY_COVERED" },
      unreadable: false,
      commands: ["aliyun vpc ActiveFlowLog --region cn-a --FlowLogId fl-2"],
    },
  ]);
  expect(creationsOf(emulator)).toBe(0);
});

test("creates them, waits until they are active, and audits by the rule about flow logs", async () => {
  await using emulator = await startEmulator({
    regions: { "cn-a": bare({ activated: false }), "cn-b": bare() },
  });
  const { exitCode, stdout, stderr } = await runCli([...FLAGS, "--yes"], emulatorEnv(emulator));
  expect({ exitCode, stderr }).toEqual({
    exitCode: 0,
    stderr: expect.stringContaining("flowlog-guard: 3 done\n"),
  });
  expect(stdout).toContain("FLOW_LOG_ACTIVE");
  for (const regionId of ["cn-a", "cn-b"]) {
    expect(emulator.world.regions[regionId]?.flowLogs).toMatchObject([
      { resourceType: "VPC", resourceId: "vpc-1", trafficType: "All", status: "Active" },
    ]);
  }
});

test("fills region and account in", async () => {
  const seed = bare({
    logStores: { [`p-${ACCOUNT}-cn-a`]: 180, [`p-${ACCOUNT}-cn-a/l_cn-a`]: 30 },
  });
  await using emulator = await startEmulator({ regions: { "cn-a": seed } });
  const { document } = await enable(
    emulator,
    "--project",
    "p-{account}-{region}",
    "--logstore",
    "l_{region}",
  );
  expect(document.plan).toMatchObject([
    { projectName: `p-${ACCOUNT}-cn-a`, logStoreName: "l_cn-a" },
  ]);
});

test("an account that is not known cannot be filled in", async () => {
  await using emulator = await startEmulator({
    regions: { "cn-a": bare() },
    faults: { GetCallerIdentity: { kind: "denied" } },
  });
  const { exitCode, document, stderr } = await enable(emulator, "--project", "p-{account}");
  expect({ exitCode, document }).toEqual({ exitCode: 3, document: null });
  expect(stderr).toContain("so {account} cannot be filled in");
  expect(stderr).not.toContain("p-unknown");
});

test("a name that is too long once it is filled in is an error, and nothing is changed", async () => {
  await using emulator = await startEmulator({ regions: { "cn-hangzhou-long": bare() } });
  const { exitCode, stderr } = await enable(
    emulator,
    "--yes",
    "--project",
    `${"p".repeat(50)}{region}`,
  );
  expect(exitCode).toBe(3);
  expect(stderr).toContain("--project: in cn-hangzhou-long is not a valid name");
  expect(creationsOf(emulator)).toBe(0);
});

describe("the vendor's refusal", () => {
  test("is told for the VPC with its code, the others go on, and the exit code is the audit's", async () => {
    await using emulator = await startEmulator({
      regions: {
        "cn-a": bare({
          vpcs: [{ vpcId: "vpc-1" }, { vpcId: "vpc-2" }, { vpcId: "vpc-3" }],
          flowLogRefusals: {
            "vpc-1": "OperationUnsupported.InstanceType",
            "vpc-2": "QuotaExceeded.FlowLog",
          },
        }),
      },
    });
    const { exitCode, document, stderr } = await enable(emulator, "--yes");
    expect(exitCode).toBe(1);
    expect(document.plan).toMatchObject([
      { resource: { id: "vpc-1" }, outcome: "failed" },
      { resource: { id: "vpc-2" }, outcome: "failed" },
      { resource: { id: "vpc-3" }, outcome: "done", flowLogId: "fl-created-vpc-3-0" },
    ]);
    expect(stderr).toMatch(
      /cn-a vpc-1: flow log not created: .*OperationUnsupported.*old families/,
    );
    expect(stderr).toMatch(/cn-a vpc-2: flow log not created: .*QuotaExceeded.*a quota is used up/);
  });
});

test("a project that is not there is told with its commands; the other regions go on", async () => {
  await using emulator = await startEmulator({
    regions: { "cn-a": bare({ activated: false, logStores: {} }), "cn-b": bare() },
  });
  const { exitCode, document } = await enable(emulator, "--yes");
  expect(exitCode).toBe(1);
  expect(document.plan).toMatchObject([
    { regionId: "cn-a", action: "activate-flow-log-service", outcome: "done" },
    { regionId: "cn-b", action: "create-flow-log", outcome: "done" },
  ]);
  expect(document.notChanged).toMatchObject([
    {
      regionId: "cn-a",
      reason: { code: "LOG_STORE_MISSING" },
      commands: [
        expect.stringMatching(
          /^aliyun sls create-project --region cn-a .*; aliyun sls create-log-store /,
        ),
      ],
    },
  ]);
});

test.each(["DescribeVpcs", "DescribeFlowLogs", "GetLogStore"])(
  "where %s is denied, the region is told as unreadable, and the exit code is 2",
  async (action) => {
    await using emulator = await startEmulator({
      regions: { "cn-a": bare({ faults: { [action]: { kind: "denied" } } }), "cn-b": bare() },
    });
    const { exitCode, document } = await enable(emulator);
    expect(exitCode).toBe(2);
    expect(document.plan).toMatchObject([{ regionId: "cn-b" }]);
    expect(document.notChanged).toMatchObject([{ regionId: "cn-a", unreadable: true }]);
  },
);

test.each(["reset", "hang"] as const)(
  "an answer that is lost (%s) creates no second flow log",
  async (kind) => {
    await using emulator = await startEmulator({
      regions: { "cn-a": bare({ faults: { CreateFlowLog: { kind, times: 1 } } }) },
    });
    const { exitCode, document } = await enable(
      emulator,
      "--yes",
      "--timeout",
      "5s",
      "--attempt-timeout",
      "1s",
    );
    expect(exitCode).toBe(0);
    expect(document.plan).toMatchObject([{ outcome: "done" }]);
    expect(emulator.world.regions["cn-a"]?.flowLogs).toHaveLength(1);
    expect(creationsOf(emulator)).toBe(1);
  },
);

test("running it again finds nothing to change", async () => {
  await using emulator = await startEmulator({ regions: { "cn-a": bare() } });
  await enable(emulator, "--yes");
  const { exitCode, document } = await enable(emulator, "--yes");
  expect(exitCode).toBe(0);
  expect(document.plan).toEqual([]);
  expect(creationsOf(emulator)).toBe(1);
});
