import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import type { Report } from "../../shared/audit/report.ts";
import type { EvidenceArchive } from "../../shared/evidence/evidence-archive.ts";
import { manifestOf, type StoredManifest } from "../../shared/evidence/manifest.ts";
import { digestReport } from "../../shared/report/report-digest.ts";

/** What is kept of runs, by name: reports and manifests, each chained to the one before. */
export function keptFiles(reports: readonly Report[]): Map<string, string> {
  const files = new Map<string, string>();
  let previous: StoredManifest | null = null;
  for (const report of reports) {
    const digested = digestReport(report);
    const manifest: StoredManifest = manifestOf(report, digested, previous?.sha256 ?? null, 12);
    files.set(manifest.name.replace(".manifest.json", ".report.json"), digested.text);
    files.set(manifest.name, manifest.text);
    previous = manifest;
  }
  return files;
}

/** The same run at another time; its id is made of the time. */
export function runAt(report: Report, startedAt: string): Report {
  const shiftMs = Date.parse(startedAt) - Date.parse(report.startedAt);
  const shift = (at: string): string => new Date(Date.parse(at) + shiftMs).toISOString();
  const digest = createHash("sha256").update(startedAt).digest("hex");
  return {
    ...report,
    runId: `${digest.slice(0, 8)}-0000-4000-8000-${digest.slice(0, 12)}`,
    startedAt: shift(report.startedAt),
    finishedAt: shift(report.finishedAt),
    findings: report.findings.map((finding) => {
      const { checkedAt } = finding.evidence;
      const evidence = { ...finding.evidence, checkedAt: checkedAt && shift(checkedAt) };
      return { ...finding, evidence };
    }),
  };
}

/** An archive of files in memory. */
export function archiveOf(files: ReadonlyMap<string, string>): EvidenceArchive {
  return {
    name: "file:./evidence/",
    list: async () => [...files.keys()].toSorted(),
    async read(name) {
      const text = files.get(name);
      return text === undefined ? null : new TextEncoder().encode(text);
    },
    lock: async () => null,
  };
}

/** Writes files below a folder. */
export async function writeFiles(
  folder: string,
  files: ReadonlyMap<string, string>,
): Promise<void> {
  for (const [name, text] of files) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
}
