import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { bundle, ROOT } from "../../scripts/bundle.ts";
import { runNode } from "../harness/run-process.ts";
import { type BenchResult, duration, megabytes } from "./bench-result.ts";

/** Runs of each program, in turns; the fastest counts, since it was disturbed least. */
const RUNS = 15;

interface Cost {
  /** From the start of the process to its end. */
  readonly ms: number;
  /** Resident memory, after loading. */
  readonly bytes: number;
}

/** The cost of a process that requires a module, if any, and exits. */
async function costOf(module: string | null): Promise<Cost> {
  const load = module === null ? "" : `require(${JSON.stringify(module)});`;
  const script = `${load} process.stdout.write(String(process.memoryUsage.rss()))`;
  const startedMs = performance.now();
  const { exitCode, stdout, stderr } = await runNode(["-e", script], { env: {}, cwd: ROOT });
  if (exitCode !== 0) throw new Error(stderr);
  return { ms: performance.now() - startedMs, bytes: Number(stdout) };
}

/** The cost of loading the check function, compared with bare Node and with the whole SDK. */
export async function benchColdStart(): Promise<BenchResult> {
  const dir = await mkdtemp(join(tmpdir(), "flowlog-guard-bench-"));
  try {
    const file = join(dir, "index.js");
    await bundle("functions/check/index.ts", file);
    const best = new Map<string | null, Cost>();
    for (let run = 0; run < RUNS; run += 1) {
      for (const module of [null, file, "@alicloud/vpc20160428"]) {
        const cost = await costOf(module);
        const { ms, bytes } = best.get(module) ?? cost;
        best.set(module, { ms: Math.min(ms, cost.ms), bytes: Math.min(bytes, cost.bytes) });
      }
    }
    const [bare, check, sdk] = [...best.values()];
    if (bare === undefined || check === undefined || sdk === undefined) throw new Error("no runs");
    return resultOf(bare, check, sdk);
  } finally {
    await rm(dir, { recursive: true });
  }
}

function resultOf(bare: Cost, check: Cost, sdk: Cost): BenchResult {
  const [checkMs, sdkMs] = [check.ms - bare.ms, sdk.ms - bare.ms];
  return {
    lines: [
      `loading the check bundle, above bare node (${duration(bare.ms)}): ${duration(checkMs)}`,
      `  against importing the VPC SDK as it comes (${duration(sdkMs)}): 1/${(sdkMs / checkMs).toFixed(1)} (goal: at most 1/14)`,
      `  memory after loading (${megabytes(check.bytes)}), against bare node (${megabytes(bare.bytes)}): ${(check.bytes / bare.bytes).toFixed(2)} times (goal: at most 1.3)`,
    ],
    bars: [
      {
        title: "Cold start: loading, above bare Node",
        own: { label: "flowlog-guard", value: checkMs, text: duration(checkMs) },
        other: { label: "the VPC SDK alone", value: sdkMs, text: duration(sdkMs) },
      },
    ],
  };
}
