import { expect, test } from "vitest";

import { loadRules } from "../../../shared/rules/rules.ts";
import { startEmulator } from "../../emulator/emulator.ts";
import type { RegionSeed } from "../../emulator/world.ts";
import { auditEmulator } from "../../harness/audit-emulator.ts";

const [REGIONS, VPCS] = [10, 120];

/** Three pages of VPCs and three of flow logs. */
const SEED: RegionSeed = {
  activated: true,
  vpcs: Array.from({ length: VPCS }, (_, index) => ({ vpcId: `vpc-${index}` })),
  flowLogs: Array.from({ length: VPCS }, (_, index) => ({
    flowLogId: `fl-${index}`,
    resourceType: "VPC",
    resourceId: `vpc-${index}`,
  })),
};

test("an account is read whole at the rate that it allows, within the time of its regions", async () => {
  const callsPerSecond = 20;
  await using emulator = await startEmulator({
    regions: Object.fromEntries(
      Array.from({ length: REGIONS }, (_, index) => [`cn-r${index}`, SEED]),
    ),
    callsPerSecond,
    burst: 5,
  });
  const rules = await loadRules(["flow-log-service-activated", "vpc-flow-log-active"]);
  const startedMs = performance.now();
  // All regions at once: none of them could be read to its end in this time if waiting were part of it.
  const report = await auditEmulator(emulator, { rules, timeoutMs: 1_800, deadlineMs: 60_000 });
  expect(report.summary).toMatchObject({ compliant: REGIONS * (1 + VPCS), insufficientData: 0 });
  const leastMs = (((1 + 3 + 3) * REGIONS - 5) / callsPerSecond) * 1_000;
  expect(performance.now() - startedMs).toBeLessThan(2 * leastMs);
});

test("a region that is always throttled does not keep the others", async () => {
  await using emulator = await startEmulator({
    regions: {
      ...Object.fromEntries(
        Array.from({ length: 200 }, (_, index) => [`cn-r${index}`, { activated: true }]),
      ),
      "cn-busy": { activated: true, fault: { kind: "throttled" } },
    },
  });
  const report = await auditEmulator(emulator, { deadlineMs: 60_000, concurrency: 10 });
  expect(report.summary).toMatchObject({ compliant: 200, insufficientData: 1 });
  expect(report.findings.find(({ regionId }) => regionId === "cn-busy")).toMatchObject({
    reason: { code: "THROTTLED" },
    evidence: { attempts: 10 },
  });
  const { startedAt, finishedAt } = report;
  expect(Date.parse(finishedAt) - Date.parse(startedAt)).toBeLessThan(20_000);
});
