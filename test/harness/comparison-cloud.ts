import type { FlowLogSeed, RegionSeed, VpcSeed } from "../emulator/world.ts";

/** The cloud of docs/compare.md: each region but the last has something that an audit must not miss. */
export const COMPARISON_REGIONS: Readonly<Record<string, RegionSeed>> = {
  // Twelve VPCs, of which the API lists ten on its first page; the twelfth has no flow log.
  "cn-hangzhou": {
    activated: true,
    vpcs: vpcs("hz", 12),
    flowLogs: flowLogs("hz", 11),
    logStores: { "flow-logs/vpc": 365 },
  },
  // Opened without anybody activating the service. No VPC yet.
  "cn-shanghai": { activated: false },
  // The identity may read nothing here.
  "eu-central-1": {
    activated: true,
    vpcs: vpcs("eu", 1),
    fault: { kind: "denied" },
    faults: { DescribeVpcs: { kind: "denied" }, DescribeFlowLogs: { kind: "denied" } },
  },
  // An active flow log that delivers to a log store which was deleted.
  "ap-southeast-1": {
    activated: true,
    vpcs: vpcs("sg", 1),
    flowLogs: flowLogs("sg", 1).map((seed) => ({
      ...seed,
      deliverStatus: "FAILED",
      deliverError: "LogStoreNotExist",
    })),
  },
  // Covered by a flow log of its only vSwitch.
  "us-west-1": {
    activated: true,
    vpcs: vpcs("us", 1),
    flowLogs: flowLogs("us", 1).map((seed) => ({
      ...seed,
      resourceType: "VSwitch",
      resourceId: "vsw-us0",
    })),
    logStores: { "flow-logs/vpc": 365 },
  },
};

function vpcs(prefix: string, count: number): VpcSeed[] {
  return Array.from({ length: count }, (_, index) => ({
    vpcId: `vpc-${prefix}${index}`,
    name: `${prefix}-${index}`,
    vSwitchIds: [`vsw-${prefix}${index}`],
  }));
}

function flowLogs(prefix: string, count: number): FlowLogSeed[] {
  return Array.from({ length: count }, (_, index) => ({
    flowLogId: `fl-${prefix}${index}`,
    resourceType: "VPC",
    resourceId: `vpc-${prefix}${index}`,
    projectName: "flow-logs",
  }));
}
