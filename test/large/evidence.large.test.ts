import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";

import type { ChainNote } from "../../shared/evidence/verification.ts";
import { sha256Of } from "../../shared/report/report-digest.ts";
import { startTimeBudget } from "../../shared/retry/time-budget.ts";
import { OssObjects } from "../../shared/storage/oss-objects.ts";
import { DIRECT } from "../harness/direct.ts";
import { emulatorEndpoint, OSS_SEED } from "../harness/emulated-bucket.ts";
import { type EvidenceBucket, startEvidenceBucket } from "../harness/evidence-bucket.ts";
import { keepRun, madeUpReport } from "../harness/keep-runs.ts";
import { cliEnv } from "../harness/run-cli.ts";
import { type MeasuredResult, runMeasured } from "./run-measured.ts";

const RUNS = 1_000;
const FIRST_MS = Date.UTC(2026, 0, 1);
const MAX_PEAK_BYTES = 250 * 1_048_576;

/** Where a run is cut off: before it locks the state, before its manifest, or after it. */
type CutOff = "lock" | "manifest" | "state";
const CUT_OFF = new Map<number, CutOff>([
  [201, "lock"],
  [402, "manifest"],
  [603, "state"],
]);

let cutOff: CutOff | null = null;
let bucket: EvidenceBucket;
/** The heads that a second party was told, in the order of time. */
const heads: string[] = [];
let notKept = 0;

beforeAll(async () => {
  let chained = false;
  bucket = await startEvidenceBucket(
    {
      denied: [],
      faultFor: ({ method, key }) => {
        if (method !== "PUT" || !key.endsWith(".manifest.json")) return undefined;
        chained = cutOff === "state";
        return cutOff === "manifest" ? "reset" : undefined;
      },
    },
    {
      faultFor: ({ method, key }) => {
        // Requests to the bucket of the evidence come here too.
        const isState = key.startsWith("guard/");
        const isCut = cutOff === "lock" || (chained && key.endsWith("state.json"));
        return method === "PUT" && isState && isCut ? "reset" : undefined;
      },
    },
  );
  /** Keeps every second run; two writers at once have all of them. */
  const write = async (writer: number): Promise<void> => {
    for (let run = writer; run < RUNS; run += 2) {
      cutOff = CUT_OFF.get(run) ?? null;
      const report = madeUpReport(new Date(FIRST_MS + run * 3_600_000), ["NON_COMPLIANT"]);
      const { manifestSha256 } = await keepRun(report, {
        evidence: bucket.evidence,
        state: bucket.state,
        oss: bucket.oss,
      });
      if (cutOff !== null) [cutOff, chained] = [null, false];
      if (manifestSha256 === null) notKept += 1;
      else heads.push(manifestSha256);
    }
  };
  await Promise.all([write(0), write(1)]);
}, 600_000);
afterAll(async () => bucket[Symbol.asyncDispose]());

/** Verifies with the built command line, and measures it. */
async function verify(...args: readonly string[]): Promise<MeasuredResult> {
  const { accessKeyId, accessKeySecret, securityToken } = OSS_SEED.key;
  const env = cliEnv({
    FLOWLOG_GUARD_EVIDENCE: `${bucket.evidence}?region=cn-hangzhou`,
    FLOWLOG_GUARD_OSS_ENDPOINT: bucket.oss.origin,
    ALIBABA_CLOUD_ACCESS_KEY_ID: accessKeyId,
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: accessKeySecret,
    ALIBABA_CLOUD_SECURITY_TOKEN: securityToken,
  });
  return runMeasured([join(inject("dist"), "cli/index.js"), "verify", ...args], env);
}

describe("a chain of 1,000 runs of two writers, of which some were cut off", () => {
  test("is whole, and has a head that a second party was told", { timeout: 120_000 }, async () => {
    const held = String(heads.at(RUNS / 2));
    const { exitCode, stdout, peakBytes } = await verify("--format", "json", "--head", held);
    const { status, runs, wholeReports, notes, lock, heldHead } = JSON.parse(stdout);
    expect({ exitCode, status }).toEqual({ exitCode: 0, status: "WHOLE" });
    expect(runs).toBeGreaterThanOrEqual(heads.length);
    expect(wholeReports).toBe(runs);
    expect(heldHead).toMatchObject({ leadsToHead: true, run: { sha256: held } });
    expect(heldHead.runsAfter).toBeGreaterThanOrEqual(heads.length - RUNS / 2 - 1);
    // The manifest of a run that was cut off later is written by the next run.
    expect(notKept).toBeGreaterThan(0);
    const lonely = notes.filter(({ code }: ChainNote) => code === "REPORT_WITHOUT_MANIFEST");
    expect(lonely).toHaveLength(RUNS - runs);
    expect(lonely.length).toBeGreaterThan(0);
    expect(notes).toEqual(lonely);
    expect(lock.status).toBe("LOCKED");
    expect(peakBytes).toBeLessThan(MAX_PEAK_BYTES);
  });

  test("is in a bucket that refuses to overwrite and to delete", async () => {
    const { objects } = bucket.vault;
    const name = String([...objects.keys()].find((key) => key.endsWith(".report.json")));
    const before = objects.get(name);
    const client = new OssObjects({
      bucket: "guard-evidence",
      prefix: "",
      regionId: "cn-hangzhou",
      endpoint: emulatorEndpoint(bucket.oss),
      credentials: OSS_SEED.key,
      transport: DIRECT,
      contents: { called: "evidence", actions: "", maxBytes: 1_000_000 },
    });
    const within = startTimeBudget(60_000, "TIMEOUT");
    await expect(client.put(name, Buffer.from("{}"), within)).rejects.toThrow("FileImmutable");
    await expect(client.delete(name, within)).rejects.toThrow("FileImmutable");
    within.release();
    expect(objects.get(name)).toBe(before);
  });

  test("with one byte changed is broken there alone", { timeout: 120_000 }, async () => {
    // Only somebody beyond the service could do this.
    const { objects } = bucket.vault;
    const names = [...objects.keys()].filter((key) => key.endsWith(".report.json")).toSorted();
    const name = String(names[RUNS / 2]);
    const text = String(objects.get(name));
    objects.set(name, text.replace("NON_COMPLIANT", "NOM_COMPLIANT"));
    const { exitCode, stdout } = await verify();
    objects.set(name, text);
    expect(exitCode).toBe(1);
    expect(stdout).toContain("BROKEN: 1 break\n");
    expect(stdout).toContain(`  ${name.slice("kept/".length)} was changed`);
  });

  test("without its head is whole, and broken for who holds it", { timeout: 120_000 }, async () => {
    const { objects } = bucket.vault;
    const last = String(heads.at(-1));
    const [name = "", text = ""] = [...objects].find(([, kept]) => sha256Of(kept) === last) ?? [];
    objects.delete(name);
    const [without, held] = [await verify(), await verify("--head", last)];
    objects.set(name, text);
    expect(name).toMatch(/manifest\.json$/);
    expect(without.exitCode).toBe(0);
    expect(held.exitCode).toBe(1);
    expect(held.stdout).toContain("The manifest that a second party holds is not there");
  });
});
