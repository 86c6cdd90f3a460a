import type { RegionSeed } from "./world.ts";

/**
 * A typical cloud: most regions activated, some not, one unreadable. Its VPCs and log stores give each
 * rule something to find.
 */
export const SAMPLE_REGIONS: Readonly<Record<string, RegionSeed>> = {
  // One VPC as it should be, and one that is covered in part only.
  "cn-hangzhou": {
    activated: true,
    localName: "China (Hangzhou)",
    chineseName: "华东1（杭州）",
    vpcs: [
      { vpcId: "vpc-bp1shop", name: "shop", vSwitchIds: ["vsw-bp1a", "vsw-bp1b"] },
      { vpcId: "vpc-bp1test", name: "test", vSwitchIds: ["vsw-bp1c", "vsw-bp1d"] },
    ],
    flowLogs: [
      {
        flowLogId: "fl-bp1shop",
        resourceType: "VPC",
        resourceId: "vpc-bp1shop",
        projectName: "flow-logs-hangzhou",
      },
      {
        flowLogId: "fl-bp1test",
        resourceType: "VSwitch",
        resourceId: "vsw-bp1c",
        projectName: "flow-logs-hangzhou",
      },
    ],
    logStores: { "flow-logs-hangzhou/vpc": 365 },
  },
  // A flow log that somebody stopped, and one that records a single path, for a month.
  "cn-shanghai": {
    activated: true,
    localName: "China (Shanghai)",
    chineseName: "华东2（上海）",
    fault: { kind: "slow", ms: 400 },
    vpcs: [
      { vpcId: "vpc-uf6bank", name: "bank", vSwitchIds: ["vsw-uf6a"] },
      { vpcId: "vpc-uf6old", name: "old", vSwitchIds: ["vsw-uf6b"] },
    ],
    flowLogs: [
      {
        flowLogId: "fl-uf6bank",
        resourceType: "VPC",
        resourceId: "vpc-uf6bank",
        trafficPaths: ["internetGateway"],
        projectName: "flow-logs-shanghai",
      },
      {
        flowLogId: "fl-uf6old",
        resourceType: "VPC",
        resourceId: "vpc-uf6old",
        status: "Inactive",
        projectName: "flow-logs-shanghai",
      },
    ],
    logStores: { "flow-logs-shanghai/vpc": 30 },
  },
  // A flow log whose project was deleted.
  "cn-beijing": {
    activated: true,
    localName: "China (Beijing)",
    chineseName: "华北2（北京）",
    fault: { kind: "throttled", times: 2, headers: { "x-acs-retry-after": "150" } },
    vpcs: [{ vpcId: "vpc-2zedata", name: "data", vSwitchIds: ["vsw-2zea"] }],
    flowLogs: [
      {
        flowLogId: "fl-2zedata",
        resourceType: "VPC",
        resourceId: "vpc-2zedata",
        projectName: "flow-logs-beijing",
        deliverStatus: "FAILED",
        deliverError: "ProjectNotExist",
      },
    ],
  },
  "cn-heyuan": { activated: false, localName: "China (Heyuan)", chineseName: "华南2（河源）" },
  // Another account's VPC.
  "ap-southeast-1": {
    activated: true,
    localName: "Singapore",
    chineseName: "新加坡",
    vpcs: [{ vpcId: "vpc-t4nhub", name: "hub", ownerId: "1000000000000002" }],
  },
  // A VPC without a flow log, and a log store to which one could deliver.
  "ap-southeast-5": {
    activated: false,
    localName: "Indonesia (Jakarta)",
    chineseName: "印度尼西亚（雅加达）",
    fault: { kind: "slow", ms: 900 },
    vpcs: [{ vpcId: "vpc-k1ashop", name: "shop", vSwitchIds: ["vsw-k1aa"] }],
    logStores: { "flow-logs-1234567890123456-ap-southeast-5/vpc": 180 },
  },
  "eu-central-1": {
    activated: true,
    localName: "Germany (Frankfurt)",
    chineseName: "德国（法兰克福）",
  },
  "me-east-1": {
    activated: true,
    localName: "UAE (Dubai)",
    chineseName: "阿联酋（迪拜）",
    fault: { kind: "denied" },
    faults: { DescribeVpcs: { kind: "denied" } },
  },
};
