import { sha256Of } from "../report/report-digest.ts";
import type { TimeBudget } from "../retry/time-budget.ts";
import type { EvidenceArchive } from "./evidence-archive.ts";
import type { Manifest } from "./manifest.ts";
import type { ChainBreak } from "./verification.ts";

/**
 * Checks that the report of a manifest is there, byte for byte, and is that of the same run.
 *
 * @returns null where it is whole
 * @throws `EvidenceError` when it cannot be read
 */
export async function checkReport(
  archive: EvidenceArchive,
  { report: name, reportSha256: expected, runId, startedAt }: Manifest,
  within: TimeBudget,
): Promise<ChainBreak | null> {
  const bytes = await archive.read(name, within);
  if (bytes === null) return { code: "REPORT_MISSING", name, expected, actual: null };
  const actual = sha256Of(bytes);
  if (actual !== expected) return { code: "REPORT_CHANGED", name, expected, actual };
  const run = `${runId} of ${startedAt}`;
  const found = runOf(bytes);
  return found === run
    ? null
    : { code: "REPORT_OF_ANOTHER_RUN", name, expected: run, actual: found };
}

/** The run that a report says it is of; null for what is no report. */
function runOf(bytes: Uint8Array): string | null {
  try {
    const { runId, startedAt } = Object(JSON.parse(Buffer.from(bytes).toString("utf8")));
    const isRun = typeof runId === "string" && typeof startedAt === "string";
    return isRun ? `${runId} of ${startedAt}` : null;
  } catch {
    return null;
  }
}
