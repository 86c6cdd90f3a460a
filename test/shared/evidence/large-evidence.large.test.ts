import { mkdirSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";

import { expect, test } from "vitest";

import type { Status } from "../../../shared/audit/finding.ts";
import { FileReader } from "../../../shared/storage/file-reader.ts";
import { startEvidenceBucket } from "../../harness/evidence-bucket.ts";
import { keepRun, madeUpReport } from "../../harness/keep-runs.ts";

const STATUSES: readonly Status[] = ["COMPLIANT", "NON_COMPLIANT", "INSUFFICIENT_DATA"];

test("a report of 30,000 findings is kept whole", async () => {
  await using kept = await startEvidenceBucket();
  const statuses = Array.from({ length: 30_000 }, (_, index) => STATUSES[index % 3] ?? "COMPLIANT");
  const report = madeUpReport(new Date(Date.UTC(2026, 10, 28)), statuses);
  const beganMs = performance.now();
  const { problem } = await keepRun(report, kept);
  const tookMs = performance.now() - beganMs;
  expect(problem).toBeNull();
  const { manifests, loose } = kept.chain();
  expect(loose).toEqual([]);
  const text = String(kept.vault.objects.get(`kept/${String(manifests[0]?.report)}`));
  expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(report)));
  // A quarter of what is left to a function after its audit.
  expect(tookMs).toBeLessThan(10_000);
}, 60_000);

test("a folder of 150,000 files is listed", async () => {
  const folder = await mkdtemp(join(tmpdir(), "flowlog-guard-large-"));
  try {
    // More in one folder than a call takes arguments.
    mkdirSync(join(folder, "2026/11/28"), { recursive: true });
    for (let file = 0; file < 150_000; file++) {
      writeFileSync(join(folder, "2026/11/28", String(file)), "");
    }
    expect(await new FileReader(folder).list()).toHaveLength(150_000);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, 120_000);
