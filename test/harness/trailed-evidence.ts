import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Report } from "../../shared/audit/report.ts";
import { keptFiles, writeFiles } from "./evidence-runs.ts";

/** A folder with kept runs, and a configuration that has `history` ask ActionTrail about them. */
export interface TrailedEvidence extends AsyncDisposable {
  readonly config: string;
}

/** Keeps runs in a folder of their own. */
export async function trailedEvidence(reports: readonly Report[]): Promise<TrailedEvidence> {
  const folder = await mkdtemp(join(tmpdir(), "history-trail-"));
  await writeFiles(join(folder, "evidence"), keptFiles(reports));
  const config = join(folder, "flowlog-guard.yaml");
  await writeFile(config, `evidence: file:${folder}/evidence/\nactiontrail: true\n`);
  return { config, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}
