import { RULE_IDS } from "../../shared/rules/rule-ids.ts";
import { loadRules } from "../../shared/rules/rules.ts";
import { startEmulator } from "../emulator/emulator.ts";
import type { RegionSeed } from "../emulator/world.ts";
import { auditEmulator } from "../harness/audit-emulator.ts";
import { type BenchResult, duration } from "./bench-result.ts";

const REGIONS = 30;
const CALLS_PER_SECOND = 10;
/** Of VPC and ECS: the region's service, its VPCs, and its flow logs. */
const CALLS = 3;

const REGION: RegionSeed = {
  activated: true,
  vpcs: [{ vpcId: "vpc-1" }],
  flowLogs: [{ flowLogId: "fl-1", resourceType: "VPC", resourceId: "vpc-1" }],
  logStores: { "flow-logs/vpc": 365 },
};

/** An audit with all rules of an account that allows few calls a second, against the time that its limit takes. */
export async function benchThrottling(): Promise<BenchResult> {
  await using emulator = await startEmulator({
    regions: Object.fromEntries(
      Array.from({ length: REGIONS }, (_, index) => [`cn-r${index}`, REGION]),
    ),
    callsPerSecond: CALLS_PER_SECOND,
  });
  const rules = await loadRules(RULE_IDS);
  const startedMs = performance.now();
  const { findings } = await auditEmulator(emulator, {
    rules,
    concurrency: 32,
    deadlineMs: 300_000,
    retryBaseMs: 200,
  });
  const ms = performance.now() - startedMs;
  const wrong = findings.find(({ status }) => status !== "COMPLIANT");
  if (wrong !== undefined) throw new Error(JSON.stringify(wrong));
  // What the account allows at once does not wait.
  const leastMs = ((REGIONS * CALLS - CALLS_PER_SECOND) / CALLS_PER_SECOND) * 1_000;
  const refused = [...emulator.counts.throttled.values()].reduce((sum, count) => sum + count, 0);
  return {
    lines: [
      `${REGIONS} regions, all rules, of an account that allows ${CALLS_PER_SECOND} calls a second: ${duration(ms)}`,
      `  against what its limit takes (${duration(leastMs)}): ${(ms / leastMs).toFixed(2)} times; ${refused} calls were refused and repeated, no region was lost`,
    ],
    bars: [],
  };
}
