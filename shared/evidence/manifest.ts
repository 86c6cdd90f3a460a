import * as v from "valibot";

import type { Report } from "../audit/report.ts";
import { type DigestedDocument, sha256Of } from "../report/report-digest.ts";
import { canonicalJson } from "../text/canonical-json.ts";

const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const time = v.pipe(v.string(), v.isoTimestamp());

const ManifestSchema = v.object({
  manifestVersion: v.literal(1),
  // It is a part of names, and must lead to no other folder.
  runId: v.pipe(v.string(), v.regex(/^[\w-]+$/)),
  startedAt: time,
  finishedAt: time,
  report: v.string(),
  reportSha256: sha256,
  previousSha256: v.nullable(sha256),
  toolVersion: v.string(),
  clockDifferenceMs: v.nullable(v.number()),
});

/**
 * What is kept beside a report: its digest, and that of the manifest before, so that nobody can change or
 * remove a report and leave the chain whole. Stored as canonical JSON without a line end, so that the
 * digest of the file is that of the manifest. Within a `manifestVersion` fields are only added.
 */
export type Manifest = Readonly<v.InferOutput<typeof ManifestSchema>>;

/** A manifest as it is stored. */
export interface StoredManifest {
  /** Below the evidence's address, with slashes. */
  readonly name: string;
  readonly text: string;
  /** SHA-256 of the text in UTF-8, in hex. */
  readonly sha256: string;
}

/** The end of the name of every manifest, and of every report. */
export const MANIFEST_SUFFIX = ".manifest.json";
export const REPORT_SUFFIX = ".report.json";

/**
 * The name of a run's report below the evidence's address, such as
 * `2026/11/28/20261128T170000123Z-<run id>.report.json`: names are in the order of time.
 */
export function reportName({ startedAt, runId }: Pick<Report, "startedAt" | "runId">): string {
  const [day = ""] = startedAt.split("T");
  const moment = startedAt.replaceAll(/[-:.]/g, "");
  return `${day.replaceAll("-", "/")}/${moment}-${runId}${REPORT_SUFFIX}`;
}

/** The name of the manifest of a report. */
export function manifestName(nameOfReport: string): string {
  return `${nameOfReport.slice(0, -REPORT_SUFFIX.length)}${MANIFEST_SUFFIX}`;
}

/**
 * Makes the manifest of a report.
 *
 * @param previousSha256 - of the manifest before; null for the first of a chain
 * @param clockDifferenceMs - the largest difference between the vendor's clock and this machine's that
 *   an answer of the run showed, positive where the vendor's is ahead; null where none showed one
 */
export function manifestOf(
  { runId, startedAt, finishedAt, tool }: Report,
  { sha256: reportSha256 }: Pick<DigestedDocument, "sha256">,
  previousSha256: string | null,
  clockDifferenceMs: number | null,
): StoredManifest {
  const report = reportName({ startedAt, runId });
  const manifest: Manifest = {
    manifestVersion: 1,
    runId,
    startedAt,
    finishedAt,
    report,
    reportSha256,
    previousSha256,
    toolVersion: tool.version,
    clockDifferenceMs,
  };
  const text = canonicalJson(manifest);
  return { name: manifestName(report), text, sha256: sha256Of(text) };
}

/** Whether a manifest is what the digest and the name say. */
export function isWholeManifest({ name, text, sha256: expected }: StoredManifest): boolean {
  const manifest = parseManifest(text);
  return sha256Of(text) === expected && manifest !== null && placeOf(manifest) === name;
}

/** The only name that a manifest may have; null where it names no report of its own run. */
export function placeOf(manifest: Manifest): string | null {
  return manifest.report === reportName(manifest) ? manifestName(manifest.report) : null;
}

/** Reads the text of a manifest. Fields of a newer program are left out. */
export function parseManifest(text: string): Manifest | null {
  try {
    const read = v.safeParse(ManifestSchema, JSON.parse(text));
    return read.success ? read.output : null;
  } catch {
    return null;
  }
}
