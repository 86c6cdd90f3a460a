import type { Report } from "../audit/report.ts";
import type { RuleCard } from "../audit/rule-card.ts";
import type { EvidenceArchive } from "../evidence/evidence-archive.ts";
import { manifestName, parseManifest, reportName } from "../evidence/manifest.ts";
import { readReport } from "../report/read-report.ts";
import { sha256Of } from "../report/report-digest.ts";
import type { TimeBudget } from "../retry/time-budget.ts";
import type { UnusableRun } from "./history.ts";

/** The report of a kept run, or why it is not used. */
export type KeptRun =
  | { readonly report: Report }
  | { readonly problem: Pick<UnusableRun, "code" | "message"> };

/**
 * Reads a kept run, and believes its report only if it has the digest that the manifest holds.
 *
 * @param name - of the manifest
 * @param known - the cards of this version's rules
 * @throws `EvidenceError` when the archive cannot be read
 */
export async function readKeptRun(
  archive: EvidenceArchive,
  name: string,
  known: readonly RuleCard[],
  limit: TimeBudget,
): Promise<KeptRun> {
  const stored = await archive.read(name, limit);
  const manifest = stored === null ? null : parseManifest(decode(stored));
  if (manifest === null) return unusable("MANIFEST_INVALID", "the manifest cannot be read as one");
  if (reportName(manifest) !== manifest.report || manifestName(manifest.report) !== name) {
    return unusable("MANIFEST_INVALID", "the manifest is not about the run of its name");
  }
  const bytes = await archive.read(manifest.report, limit);
  if (bytes === null) return unusable("REPORT_MISSING", "the report is missing");
  if (sha256Of(bytes) !== manifest.reportSha256) {
    return unusable("REPORT_CHANGED", "the report was changed: its SHA-256 is not the manifest's");
  }
  const read = readReport(parseJson(decode(bytes)), known);
  if ("problem" in read) {
    return unusable("REPORT_UNREADABLE", `this version cannot read the report: ${read.problem}`);
  }
  const { runId, startedAt } = read.report;
  return runId === manifest.runId && startedAt === manifest.startedAt
    ? read
    : unusable("REPORT_CHANGED", "the report is of another run than the manifest");
}

function unusable(code: UnusableRun["code"], message: string): KeptRun {
  return { problem: { code, message } };
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** The value of a text of JSON; null, which is no report, where it is none. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
