import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Report } from "../../shared/audit/report.ts";
import { manifestOf, type StoredManifest } from "../../shared/evidence/manifest.ts";
import { digestReport } from "../../shared/report/report-digest.ts";
import { writeFiles } from "./evidence-runs.ts";
import { reportWith } from "./report-with.ts";

/** A run as it is kept. */
export interface MadeRun {
  readonly report: Report;
  readonly reportName: string;
  readonly reportText: string;
  readonly manifest: StoredManifest;
}

/** Runs an hour apart, each chained to the one before. */
export function makeChain(
  count: number,
  { startMs = Date.UTC(2026, 10, 1), previousSha256 = null as string | null } = {},
): MadeRun[] {
  const runs: MadeRun[] = [];
  for (let at = 0; at < count; at += 1) {
    runs.push(makeRun(startMs + at * 3_600_000, runs.at(-1)?.manifest.sha256 ?? previousSha256));
  }
  return runs;
}

/**
 * A run at a time.
 *
 * @param edit - changes its report before it is digested
 */
export function makeRun(
  startedMs: number,
  previousSha256: string | null,
  edit: (report: Report) => Report = (report) => report,
): MadeRun {
  const report = edit({
    ...reportWith(["COMPLIANT", "NON_COMPLIANT"]),
    runId: `11111111-2222-4333-8444-${String(startedMs).padStart(12, "0").slice(-12)}`,
    startedAt: new Date(startedMs).toISOString(),
    finishedAt: new Date(startedMs + 2_000).toISOString(),
  });
  const digested = digestReport(report);
  const manifest = manifestOf(report, digested, previousSha256, 12);
  const reportName = manifest.name.replace(".manifest.json", ".report.json");
  return { report, reportName, reportText: digested.text, manifest };
}

/** What is kept of runs, by name. */
export function filesOf(runs: readonly MadeRun[]): Map<string, string> {
  return new Map(
    runs.flatMap(({ reportName, reportText, manifest }) => [
      [reportName, reportText],
      [manifest.name, manifest.text],
    ]),
  );
}

/** A folder with files, which is removed when it is disposed of. */
export interface MadeFolder extends AsyncDisposable {
  readonly path: string;
}

/** Writes files to a new folder. */
export async function folderWith(files: ReadonlyMap<string, string>): Promise<MadeFolder> {
  const path = await mkdtemp(join(tmpdir(), "guard-evidence-"));
  await writeFiles(path, files);
  return { path, [Symbol.asyncDispose]: async () => rm(path, { recursive: true, force: true }) };
}
