import { fork } from "node:child_process";
import { availableParallelism } from "node:os";

import { $OpenApiUtil } from "@alicloud/openapi-core";
import VpcSdk from "@alicloud/vpc20160428";
import { RuntimeOptions } from "@darabonba/typescript";
import pMap from "p-map";

import { ROOT } from "../../scripts/bundle.ts";
import { RULE_IDS } from "../../shared/rules/rule-ids.ts";
import { loadRules } from "../../shared/rules/rules.ts";
import type { Emulator } from "../emulator/emulator.ts";
import type { FlowLogSeed, RegionSeed } from "../emulator/world.ts";
import { auditEmulator } from "../harness/audit-emulator.ts";
import { answerOf } from "./answer-of.ts";
import type { BenchResult } from "./bench-result.ts";

const [REGIONS, VPCS, FLOW_LOGS] = [30, 20, 60];
const CONCURRENCY = 10;
/** Runs of each program, in turns; the fastest counts. */
const RUNS = 10;
/** A region's calls: its service, its VPCs, two pages of flow logs and its log store. */
const CALLS = 5;

const VPC_IDS = Array.from({ length: VPCS }, (_, index) => `vpc-${index}`);

/** Each VPC has a flow log, and the others are on its vSwitches. */
const REGION: RegionSeed = {
  activated: true,
  vpcs: VPC_IDS.map((vpcId) => ({ vpcId, vSwitchIds: [`${vpcId}-a`, `${vpcId}-b`] })),
  flowLogs: Array.from({ length: FLOW_LOGS }, (_, index): FlowLogSeed => {
    const vpcId = `vpc-${index % VPCS}`;
    const flowLogId = `fl-${index}`;
    if (index < VPCS) return { flowLogId, resourceType: "VPC", resourceId: vpcId };
    const resourceId = `${vpcId}-${index < 2 * VPCS ? "a" : "b"}`;
    return { flowLogId, resourceType: "VSwitch", resourceId };
  }),
  logStores: { "flow-logs/vpc": 365 },
};

const regionIds = Array.from({ length: REGIONS }, (_, index) => `cn-r${index}`);

/** An audit with all rules against as many bare calls of the SDK, as many regions at once. */
export async function benchDepth(): Promise<BenchResult> {
  const rules = await loadRules(RULE_IDS);
  const child = fork("test/bench/emulator-process.ts", {
    execArgv: ["--import", "tsx"],
    cwd: ROOT,
  });
  try {
    child.send(Object.fromEntries(regionIds.map((regionId) => [regionId, REGION])));
    const { endpoint, key } = await answerOf<EmulatorAddress>(child);
    const client = new VpcSdk.default(
      new $OpenApiUtil.Config({ ...key, endpoint: new URL(endpoint).host, protocol: "HTTP" }),
    );
    const audit = async (): Promise<void> => {
      const { findings } = await auditEmulator(
        { endpoint, world: { keys: [key], regions: {} } },
        { rules, selectors: regionIds, concurrency: CONCURRENCY },
      );
      const wrong = findings.find(({ status }) => status !== "COMPLIANT");
      if (wrong !== undefined) throw new Error(JSON.stringify(wrong));
      // The region, three verdicts on each VPC, and the log store.
      const expected = REGIONS * (1 + 3 * VPCS + 1);
      if (findings.length !== expected) throw new Error(`${findings.length} findings`);
    };
    const bare = async (): Promise<void> => {
      await pMap(regionIds, async (regionId) => askBare(client, regionId), {
        concurrency: CONCURRENCY,
      });
    };
    const [auditMs, bareMs] = await fastest([audit, bare]);
    const ratio = Number(auditMs) / Number(bareMs);
    const lines = [
      `${REGIONS} regions with ${VPCS} VPCs and ${FLOW_LOGS} flow logs each, all rules: ${Number(auditMs).toFixed(0)} ms`,
      `  against the same ${REGIONS * CALLS} calls of the SDK without rules (${Number(bareMs).toFixed(0)} ms), ${CONCURRENCY} regions at once on ${availableParallelism()} processors: ${ratio.toFixed(2)} times`,
    ];
    return { lines, bars: [] };
  } finally {
    child.kill();
  }
}

interface EmulatorAddress {
  readonly endpoint: string;
  readonly key: Emulator["world"]["keys"][number];
}

/** As many calls as the audit makes in a region, as many at once. The log service has no part in this SDK. */
async function askBare(client: VpcSdk.default, regionId: string): Promise<void> {
  const runtime = new RuntimeOptions({});
  const status = async () =>
    client.getFlowLogServiceStatusWithOptions(
      new VpcSdk.GetFlowLogServiceStatusRequest({ regionId }),
      runtime,
    );
  const vpcs = async () =>
    client.describeVpcsWithOptions(
      new VpcSdk.DescribeVpcsRequest({ regionId, pageSize: 50, pageNumber: 1 }),
      runtime,
    );
  const flowLogs = async (pageNumber: number) =>
    client.describeFlowLogsWithOptions(
      new VpcSdk.DescribeFlowLogsRequest({ regionId, pageSize: 50, pageNumber }),
      runtime,
    );
  const pages = async () => {
    await flowLogs(1);
    await flowLogs(2);
  };
  await Promise.all([status(), vpcs(), pages()]);
  await status();
}

/** The shortest time of each program in milliseconds, in turns. */
async function fastest(programs: readonly (() => Promise<void>)[]): Promise<readonly number[]> {
  const best = programs.map(() => Infinity);
  for (let run = 0; run < RUNS; run += 1) {
    for (const [index, program] of programs.entries()) {
      const startedMs = performance.now();
      await program();
      best[index] = Math.min(Number(best[index]), performance.now() - startedMs);
    }
  }
  return best;
}
