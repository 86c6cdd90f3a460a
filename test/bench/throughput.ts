import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";

import { build } from "esbuild";

import { BUNDLE_OPTIONS, ROOT } from "../../build/bundle.ts";
import type { Cost, Question } from "./many-regions.ts";

const [FEW_REGIONS, MANY_REGIONS] = [2_000, 8_000];
const CONCURRENCY = 100;
/** After one that warms the program up; the best one counts, as the one least disturbed. */
const ROUNDS = 9;

type Answer = Cost & { readonly peakBytes: number };

/** How many regions a second an audit checks, against plain calls of the SDK. */
export async function benchThroughput(): Promise<string[]> {
  // Within the package, so that what it requires is found; built, as what is deployed is.
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
    const start = (program: string, args: string[], execArgv: string[]): ChildProcess => {
      const started = fork(program, args, { execArgv, cwd: ROOT });
      processes.push(started);
      return started;
    };
    const emulator = start(
      "test/bench/emulator-process.ts",
      [String(MANY_REGIONS)],
      ["--import", "tsx"],
    );
    const cloud = await answerOf<Pick<Question, "endpoint" | "key">>(emulator);
    const programs = ["bareSdk", "audit"].map((name) => start(file, [name], []));
    const [bare = NONE, audit = NONE] = await bestOf(programs, { ...cloud, regions: MANY_REGIONS });
    const [, few = NONE] = await bestOf(programs, { ...cloud, regions: FEW_REGIONS });
    return linesFor(bare, audit, few);
  } finally {
    for (const started of processes) started.kill();
    await rm(dir, { recursive: true });
  }
}

const NONE: Answer = { ms: Infinity, cpuMs: Infinity, peakBytes: 0 };

/** What a process says next. One that ends first has said why. */
async function answerOf<T>(child: ChildProcess): Promise<T> {
  const done = new AbortController();
  const { signal } = done;
  const [answer]: T[] = await Promise.race([
    once(child, "message", { signal }),
    once(child, "exit", { signal }),
  ]);
  done.abort();
  if (typeof answer === "object" && answer !== null) return answer;
  throw new Error("a program ended without an answer");
}

/** The best cost of each program, which take turns. */
async function bestOf(
  programs: readonly ChildProcess[],
  question: Omit<Question, "concurrency">,
): Promise<Answer[]> {
  const best = programs.map(() => NONE);
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [index, program] of programs.entries()) {
      program.send({ ...question, concurrency: CONCURRENCY });
      const { ms, cpuMs, peakBytes } = await answerOf<Answer>(program);
      const before = best[index] ?? NONE;
      if (round === 0) continue;
      best[index] = {
        ms: Math.min(ms, before.ms),
        cpuMs: Math.min(cpuMs, before.cpuMs),
        peakBytes,
      };
    }
  }
  return best;
}

function linesFor(bare: Answer, audit: Answer, few: Answer): string[] {
  const perSecond = ({ ms }: Answer): string => ((MANY_REGIONS / ms) * 1_000).toFixed(0);
  const growth = audit.cpuMs / MANY_REGIONS / (few.cpuMs / FEW_REGIONS);
  return [
    `${MANY_REGIONS} regions, ${CONCURRENCY} at once: ${perSecond(audit)} checks a second`,
    `  against plain SDK calls (${perSecond(bare)} a second): ${(bare.ms / audit.ms).toFixed(2)} of them (goal: at least 1)`,
    `  processor time against theirs: ${(audit.cpuMs / bare.cpuMs).toFixed(2)} times (${audit.cpuMs.toFixed(0)} ms, ${bare.cpuMs.toFixed(0)} ms)`,
    `  a check's against one of ${FEW_REGIONS} regions: ${growth.toFixed(2)} times (linear: about 1)`,
    `  memory at most ${(audit.peakBytes / 1_048_576).toFixed(0)} MB (goal: at most 250 MB)`,
  ];
}
