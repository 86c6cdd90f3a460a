import { type ChildProcess, fork } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";

import { build } from "esbuild";

import { BUNDLE_OPTIONS, ROOT } from "../../scripts/bundle.ts";
import { answerOf } from "./answer-of.ts";
import { type BenchResult, megabytes, perSecond } from "./bench-result.ts";
import type { Cost, Question } from "./many-regions.ts";

const [FEW_REGIONS, MANY_REGIONS] = [2_000, 8_000];
const CONCURRENCY = 100;
/** Processes of each program, in turns, and requests to each: a new process is slower at first. */
const [PROCESSES, ROUNDS] = [5, 3];

type PeakCost = Cost & { readonly peakBytes: number };

/** The regions per second that an audit checks, compared with bare calls of the SDK. */
export async function benchThroughput(): Promise<BenchResult> {
  // Inside the package, so that its dependencies are found; built, like the deployed functions.
  const dir = await mkdtemp(join(ROOT, "node_modules/.bench-"));
  const processes: ChildProcess[] = [];
  try {
    const file = join(dir, "many-regions.cjs");
    await build({
      ...BUNDLE_OPTIONS,
      entryPoints: ["test/bench/many-regions.ts"],
      outfile: file,
      external: ["@alicloud/*", "@darabonba/*"],
    });
    const start = (module: string, args: string[], execArgv: string[] = []): ChildProcess => {
      const started = fork(module, args, { execArgv, cwd: ROOT });
      processes.push(started);
      return started;
    };
    const emulator = start("test/bench/emulator-process.ts", [], ["--import", "tsx"]);
    emulator.send(Object.fromEntries(regionIds.map((regionId) => [regionId, { activated: true }])));
    const cloud = await answerOf<Pick<Question, "endpoint" | "key">>(emulator);
    const best = { bareSdk: NONE, audit: NONE, few: NONE };
    for (let turn = 0; turn < PROCESSES; turn += 1) {
      for (const [name, program, regions] of PROGRAMS) {
        const asked = start(file, [program]);
        // The same number of calls for each, to warm it up.
        const rounds = ROUNDS * (MANY_REGIONS / regions);
        for (let round = 0; round < rounds; round += 1) {
          asked.send({ ...cloud, regions, concurrency: CONCURRENCY });
          best[name] = betterOf(best[name], await answerOf<PeakCost>(asked));
        }
        asked.kill();
      }
    }
    return resultOf(best);
  } finally {
    for (const started of processes) started.kill();
    await rm(dir, { recursive: true });
  }
}

const regionIds = Array.from({ length: MANY_REGIONS }, (_, index) => `cn-r${index}`);

const PROGRAMS = [
  ["bareSdk", "bareSdk", MANY_REGIONS],
  ["audit", "audit", MANY_REGIONS],
  ["few", "audit", FEW_REGIONS],
] as const;

const NONE: PeakCost = { ms: Infinity, cpuMs: Infinity, peakBytes: 0 };

/** What else the machine does only ever makes it longer. */
function betterOf(one: PeakCost, other: PeakCost): PeakCost {
  return {
    ms: Math.min(one.ms, other.ms),
    cpuMs: Math.min(one.cpuMs, other.cpuMs),
    peakBytes: Math.max(one.peakBytes, other.peakBytes),
  };
}

function resultOf({
  bareSdk: bare,
  audit,
  few,
}: Readonly<Record<(typeof PROGRAMS)[number][0], PeakCost>>): BenchResult {
  const [rate, bareRate] = [audit, bare].map(({ ms }) => perSecond(MANY_REGIONS, ms));
  const growth = audit.cpuMs / MANY_REGIONS / (few.cpuMs / FEW_REGIONS);
  return {
    lines: [
      `${MANY_REGIONS} regions, ${CONCURRENCY} at once: ${rate} checks a second`,
      `  against plain SDK calls (${bareRate} a second): ${(bare.ms / audit.ms).toFixed(2)} of them (goal: at least 1)`,
      `  processor time against theirs: ${(audit.cpuMs / bare.cpuMs).toFixed(2)} times (${audit.cpuMs.toFixed(0)} ms, ${bare.cpuMs.toFixed(0)} ms)`,
      `  a check's against one of ${FEW_REGIONS} regions: ${growth.toFixed(2)} times (linear: about 1)`,
      `  memory at most ${megabytes(audit.peakBytes)} (goal: at most 250 MB)`,
    ],
    bars: [
      {
        title: `Checks a second: ${MANY_REGIONS} regions of one account`,
        own: { label: "flowlog-guard", value: MANY_REGIONS / audit.ms, text: rate ?? "" },
        other: { label: "plain SDK calls", value: MANY_REGIONS / bare.ms, text: bareRate ?? "" },
      },
    ],
  };
}
