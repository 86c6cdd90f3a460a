import { sha256Of } from "../report/report-digest.ts";
import type { TimeBudget } from "../retry/time-budget.ts";
import type { LinkedManifest } from "./check-manifests.ts";
import type { EvidenceArchive } from "./evidence-archive.ts";
import type { Manifest } from "./manifest.ts";
import type { ChainBreak } from "./verification.ts";

/**
 * Checks that the report of a manifest is there, byte for byte, and that both say the same of the run.
 *
 * @returns null where it is whole
 * @throws `EvidenceError` when it cannot be read
 */
export async function checkReport(
  archive: EvidenceArchive,
  manifest: LinkedManifest,
  within: TimeBudget,
): Promise<ChainBreak | null> {
  const { report: name, reportSha256: expected } = manifest;
  const bytes = await archive.read(name, within);
  if (bytes === null) return { code: "REPORT_MISSING", name, expected, actual: null };
  const actual = sha256Of(bytes);
  if (actual !== expected) return { code: "REPORT_CHANGED", name, expected, actual };
  const found = readRun(bytes);
  const run = describeRun(manifest);
  if (found === null || describeRun(found) !== run) {
    const other = found && describeRun(found);
    return { code: "REPORT_OF_ANOTHER_RUN", name, expected: run, actual: other };
  }
  const [said, end] = [describeEnd(manifest), describeEnd(found)];
  if (said === end) return null;
  return { code: "MANIFEST_DIFFERS", name: manifest.name, expected: end, actual: said };
}

/** What a manifest and its report both say of the run. */
type Run = Pick<Manifest, "runId" | "startedAt" | "finishedAt" | "toolVersion">;

/** Null for what is no report. */
function readRun(bytes: Uint8Array): Run | null {
  try {
    const report = Object(JSON.parse(Buffer.from(bytes).toString("utf8")));
    const { runId, startedAt, finishedAt, tool } = report;
    const run = { runId, startedAt, finishedAt, toolVersion: Object(tool).version };
    return Object.values(run).every((value) => typeof value === "string") ? run : null;
  } catch {
    return null;
  }
}

function describeRun({ runId, startedAt }: Run): string {
  return `${runId} of ${startedAt}`;
}

function describeEnd({ finishedAt, toolVersion }: Run): string {
  return `finished at ${finishedAt} by version ${toolVersion}`;
}
