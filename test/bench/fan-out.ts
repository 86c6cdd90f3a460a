import { $OpenApiUtil } from "@alicloud/openapi-core";
import VpcSdk from "@alicloud/vpc20160428";
import { RuntimeOptions } from "@darabonba/typescript";

import { startEmulator } from "../emulator/emulator.ts";
import type { RegionSeed } from "../emulator/world.ts";
import { auditEmulator } from "../harness/audit-emulator.ts";
import { type BenchResult, duration } from "./bench-result.ts";

const REGIONS = 30;
const ATTEMPT_TIMEOUT_MS = 500;
const [SHORTEST_MS, LONGEST_MS] = [20, 400];

/** Evenly spread delays, in a fixed mixed order. */
const seeds = Array.from({ length: REGIONS }, (_, index): [string, RegionSeed] => {
  const rank = (index * 7) % REGIONS;
  const ms = SHORTEST_MS + (rank / (REGIONS - 1)) * (LONGEST_MS - SHORTEST_MS);
  return [`cn-r${index}`, { activated: true, fault: { kind: "slow", ms } }];
});

/** The shortest of a few times: other work of the machine only makes it longer. */
async function timed(work: () => Promise<unknown>, times = 5): Promise<number> {
  let bestMs = Infinity;
  for (let time = 0; time < times; time += 1) {
    const startedMs = performance.now();
    await work();
    bestMs = Math.min(bestMs, performance.now() - startedMs);
  }
  return bestMs;
}

/** The same audit, with one answer that never arrives. */
async function auditWithOneHungAnswer(regionId: string): Promise<void> {
  const regions = Object.fromEntries(seeds);
  const hung: RegionSeed = { activated: true, fault: { kind: "hang", times: 1 } };
  await using emulator = await startEmulator({ regions: { ...regions, [regionId]: hung } });
  const { summary } = await auditEmulator(emulator, { attemptTimeoutMs: ATTEMPT_TIMEOUT_MS });
  if (summary.compliant !== REGIONS) throw new Error("not all regions were read");
}

/** The time of an audit of many regions, compared with the slowest region and with bare SDK calls. */
export async function benchFanOut(): Promise<BenchResult> {
  await using emulator = await startEmulator({ regions: Object.fromEntries(seeds) });
  const [slowest = ""] =
    seeds.find(([, { fault }]) => fault?.kind === "slow" && fault.ms === LONGEST_MS) ?? [];
  const client = new VpcSdk.default(
    new $OpenApiUtil.Config({
      ...emulator.world.keys[0],
      endpoint: new URL(emulator.endpoint).host,
      protocol: "HTTP",
    }),
  );
  const askOneByOne = async (): Promise<void> => {
    for (const [regionId] of seeds) {
      const request = new VpcSdk.GetFlowLogServiceStatusRequest({ regionId });
      await client.getFlowLogServiceStatusWithOptions(request, new RuntimeOptions({}));
    }
  };
  await auditEmulator(emulator);
  const allMs = await timed(() => auditEmulator(emulator));
  const slowestMs = await timed(() => auditEmulator(emulator, { selectors: [slowest] }));
  const hungMs = await timed(() => auditWithOneHungAnswer(slowest));
  const oneByOneMs = await timed(askOneByOne, 1);
  return {
    lines: [
      `${REGIONS} regions with delays of ${SHORTEST_MS} to ${LONGEST_MS} ms: ${duration(allMs)}`,
      `  against the slowest region alone (${duration(slowestMs)}): ${(allMs / slowestMs).toFixed(2)} times (goal: at most 1.1)`,
      `  where the first answer of the slowest never comes: ${duration(hungMs - allMs)} more (goal: at most its attempt limit, ${ATTEMPT_TIMEOUT_MS} ms)`,
      `  against the same SDK calls one after another (${duration(oneByOneMs)}): ${(oneByOneMs / allMs).toFixed(1)} times faster (goal: at least 10)`,
    ],
    bars: [
      {
        title: `${REGIONS} regions that answer in ${SHORTEST_MS} to ${LONGEST_MS} ms`,
        own: { label: "flowlog-guard", value: allMs, text: duration(allMs) },
        other: { label: "one call after another", value: oneByOneMs, text: duration(oneByOneMs) },
      },
    ],
  };
}
