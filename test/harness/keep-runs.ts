import { randomUUID } from "node:crypto";

import type { Status } from "../../shared/audit/finding.ts";
import type { Report } from "../../shared/audit/report.ts";
import { type EvidenceOutcome, RunEvidence } from "../../shared/conclude/run-evidence.ts";
import { openEvidence } from "../../shared/evidence/open-evidence.ts";
import { openState } from "../../shared/state/open-state.ts";
import {
  parseEvidenceAddress,
  parseStorageAddress,
  type StorageAddress,
} from "../../shared/storage/storage-address.ts";
import type { OssEmulator } from "../emulator/oss.ts";
import { DIRECT } from "./direct.ts";
import { emulatorEndpoint, OSS_SEED } from "./emulated-bucket.ts";
import { reportOf, reportWith } from "./report-with.ts";

/** Where made-up runs keep their evidence. */
export interface KeptAt {
  /** An address of evidence, such as `file:/tmp/evidence/`. */
  readonly evidence: string;
  /** An address of a state, which evidence in a bucket takes. @default none */
  readonly state?: string;
  /** The emulator of the buckets, where there are any. */
  readonly oss?: OssEmulator;
}

/** A report of a made-up run, which ended at that time. Each call is another run. */
export function madeUpReport(at: Date, statuses: readonly Status[] = ["COMPLIANT"]): Report {
  return { ...reportOf(reportWith(statuses), at), runId: randomUUID() };
}

/** Keeps the report of one run as `audit` does: with all the code that keeps evidence, in this process. */
export async function keepRun(
  report: Report,
  { evidence, state, oss }: KeptAt,
): Promise<EvidenceOutcome & Pick<RunEvidence, "warnings">> {
  const surroundings = {
    credentials: OSS_SEED.key,
    regionId: "cn-hangzhou",
    inFunctionCompute: false,
    endpoint: oss === undefined ? null : emulatorEndpoint(oss),
    transport: DIRECT,
    clock: () => new Date(),
    clockDifferenceMs: () => 0,
  };
  const keeper = openEvidence(addressOf(parseEvidenceAddress(evidence)), surroundings);
  if (keeper === null) throw new Error("made-up runs are kept");
  const run = new RunEvidence(keeper);
  await run.keepAlone(
    report,
    openState(addressOf(parseStorageAddress(state ?? "none")), surroundings),
  );
  return { ...run.outcome, warnings: run.warnings };
}

/**
 * Keeps the reports of runs that follow each other.
 *
 * @returns the SHA-256 of each manifest
 * @throws when one was not kept
 */
export async function keepRuns(reports: readonly Report[], at: KeptAt): Promise<string[]> {
  const heads: string[] = [];
  for (const report of reports) {
    const { manifestSha256, problem } = await keepRun(report, at);
    if (manifestSha256 === null) throw problem ?? new Error("a report was not kept");
    heads.push(manifestSha256);
  }
  return heads;
}

function addressOf(parsed: StorageAddress | { readonly problem: string }): StorageAddress {
  if ("problem" in parsed) throw new Error(parsed.problem);
  return parsed;
}
