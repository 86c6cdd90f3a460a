import { open, stat } from "node:fs/promises";

import type { Environment } from "../../../shared/program/environment.ts";
import { JOB_SUMMARY_ROOM_BYTES } from "../../../shared/report/markdown/job-summary-room.ts";
import { identityOf } from "./real-path.ts";

/** Set by the runner of GitHub Actions: the file that a step adds its summary to. */
export const JOB_SUMMARY_VARIABLE = "GITHUB_STEP_SUMMARY";

/** Ends what another program wrote before, also where its last line has no end. */
const SEPARATOR = "\n\n";

/**
 * Whether a file is the one of the job summary, under whichever name.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#adding-a-job-summary
 */
export function isJobSummary(path: string, env: Environment): boolean {
  const summary = env[JOB_SUMMARY_VARIABLE] ?? "";
  return summary !== "" && identityOf(path) === identityOf(summary);
}

/**
 * How many bytes a report may add to a job summary: the limit is one for all that a step writes, and
 * beyond it GitHub shows nothing. Not more than 0 where the file is full.
 */
export async function roomInJobSummary(path: string): Promise<number> {
  return JOB_SUMMARY_ROOM_BYTES - (await sizeOf(path)) - SEPARATOR.length;
}

/**
 * Adds a report to a job summary, whole or not at all.
 *
 * @throws a system error when it could not be written
 */
export async function addToJobSummary(path: string, text: string): Promise<void> {
  const file = await open(path, "a");
  try {
    const { size } = await file.stat();
    await file.appendFile(size === 0 ? text : SEPARATOR + text).catch(async (error: unknown) => {
      await file.truncate(size).catch(() => {});
      throw error;
    });
  } finally {
    await file.close();
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch {
    return 0;
  }
}
