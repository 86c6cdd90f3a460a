import { type ChildProcess, fork } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";

import { build } from "esbuild";

import { BUNDLE_OPTIONS, ROOT } from "../../scripts/bundle.ts";
import { answerOf } from "./answer-of.ts";
import type { Cost, Question } from "./many-regions.ts";

const [FEW_REGIONS, MANY_REGIONS] = [2_000, 8_000];
const CONCURRENCY = 100;
/** Processes of each program, in turns, and requests to each: a new process is slower at first. */
const [PROCESSES, ROUNDS] = [5, 3];

type PeakCost = Cost & { readonly peakBytes: number };

/** The regions per second that an audit checks, compared with bare calls of the SDK. */
export async function benchThroughput(): Promise<string[]> {
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
    return linesFor(best);
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

function linesFor({
  bareSdk: bare,
  audit,
  few,
}: Readonly<Record<(typeof PROGRAMS)[number][0], PeakCost>>): string[] {
  const perSecond = ({ ms }: PeakCost): string => ((MANY_REGIONS / ms) * 1_000).toFixed(0);
  const growth = audit.cpuMs / MANY_REGIONS / (few.cpuMs / FEW_REGIONS);
  return [
    `${MANY_REGIONS} regions, ${CONCURRENCY} at once: ${perSecond(audit)} checks a second`,
    `  against plain SDK calls (${perSecond(bare)} a second): ${(bare.ms / audit.ms).toFixed(2)} of them (goal: at least 1)`,
    `  processor time against theirs: ${(audit.cpuMs / bare.cpuMs).toFixed(2)} times (${audit.cpuMs.toFixed(0)} ms, ${bare.cpuMs.toFixed(0)} ms)`,
    `  a check's against one of ${FEW_REGIONS} regions: ${growth.toFixed(2)} times (linear: about 1)`,
    `  memory at most ${(audit.peakBytes / 1_048_576).toFixed(0)} MB (goal: at most 250 MB)`,
  ];
}
