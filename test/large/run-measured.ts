import { type ProcessResult, runNode } from "../harness/run-process.ts";

/** The outcome of a process, and what it needed. */
export interface MeasuredResult extends ProcessResult {
  readonly peakBytes: number;
}

const MARK = "peak memory in kilobytes: ";

/** Loaded before the program, whose last line on stderr it writes. */
const MEASURE = `data:text/javascript,${encodeURIComponent(`
  import { writeSync } from "node:fs";
  import process from "node:process";
  process.on("exit", () => writeSync(2, "\\n${MARK}" + process.resourceUsage().maxRSS));
`)}`;

/** Runs Node with exactly the given environment, and measures its memory. */
export async function runMeasured(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<MeasuredResult> {
  const { stderr, ...result } = await runNode(["--import", MEASURE, ...args], { env });
  const [errors = "", kilobytes] = stderr.split(`\n${MARK}`);
  return { ...result, stderr: errors, peakBytes: Number(kilobytes) * 1_024 };
}
