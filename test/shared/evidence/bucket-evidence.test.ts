import { describe, expect, test } from "vitest";

import type { Report } from "../../../shared/audit/report.ts";
import { manifestName, reportName } from "../../../shared/evidence/manifest.ts";
import { digestReport } from "../../../shared/report/report-digest.ts";
import { startOss } from "../../emulator/oss.ts";
import { OSS_SEED } from "../../harness/emulated-bucket.ts";
import { startEvidenceBucket } from "../../harness/evidence-bucket.ts";
import { keepRun, keepRuns, madeUpReport } from "../../harness/keep-runs.ts";

const NOON = Date.UTC(2026, 10, 28, 12);

/** Reports of runs, an hour apart. */
function hourly(count: number): Report[] {
  return Array.from({ length: count }, (_, hour) =>
    madeUpReport(new Date(NOON + hour * 3_600_000), ["NON_COMPLIANT", "COMPLIANT"]),
  );
}

function stateIn(oss: { readonly objects: ReadonlyMap<string, string> }) {
  return JSON.parse(String(oss.objects.get("guard/state.json")));
}

describe("a locked bucket in which the identity may only create", () => {
  test("has every report and manifest, each once, by nothing but creation", async () => {
    await using kept = await startEvidenceBucket();
    const reports = hourly(3);
    const heads = await keepRuns(reports, kept);
    const { manifests, head, loose } = kept.chain();
    expect(manifests.map(({ runId }) => runId)).toEqual(reports.map(({ runId }) => runId));
    expect([head, loose]).toEqual([heads.at(-1), []]);
    expect(kept.vault.objects.get(`kept/${String(manifests[1]?.report)}`)).toBe(
      digestReport(reports[1] as Report).text,
    );
    expect(kept.vault.requests.map(({ method, query }) => method + query)).toEqual(
      Array.from({ length: 6 }, () => "PUT"),
    );
    expect(stateIn(kept.oss).evidence).toEqual({ address: kept.evidence, sha256: head });
  });

  test.concurrent.each([1, 2, 3, 4, 5, 6, 7, 8])(
    "has one whole chain where a run is killed at its request number %i",
    async (last) => {
      let aheadMs = 0;
      const clock = (): Date => new Date(Date.now() + aheadMs);
      await using kept = await startEvidenceBucket({ clock }, { clock });
      const [before, killed, after] = hourly(3) as [Report, Report, Report];
      await keepRuns([before], kept);
      let requests = 0;
      let reach = (): void => {};
      const reached = new Promise<void>((resolve) => (reach = resolve));
      const front = await startOss({
        ...OSS_SEED,
        bucket: "no-bucket",
        beside: [kept.oss, kept.vault],
        faultFor() {
          requests += 1;
          if (requests < last) return undefined;
          reach();
          return "hang";
        },
      });
      const run = keepRun(killed, { ...kept, oss: front });
      await reached;
      // From now on it reaches nothing, as if it were dead.
      await front[Symbol.asyncDispose]();
      aheadMs = 70_000;
      await keepRuns([after], kept);
      await run;

      const { manifests, loose } = kept.chain();
      const runs = manifests.map(({ runId }) => runId);
      // The state has the manifest from its fifth request on: then the next run stores it.
      const recorded = last > 5;
      expect(runs).toEqual(
        (recorded ? [before, killed, after] : [before, after]).map(({ runId }) => runId),
      );
      expect(loose).toEqual(recorded || last === 1 ? [] : [reportName(killed)]);
      expect(stateIn(kept.oss).evidence).not.toHaveProperty("unconfirmed");
    },
  );

  test("has one chain of runs side by side", async () => {
    await using kept = await startEvidenceBucket();
    const reports = hourly(4);
    await Promise.all([keepRuns(reports.slice(0, 2), kept), keepRuns(reports.slice(2), kept)]);
    const { manifests, loose } = kept.chain();
    expect(manifests.map(({ runId }) => runId).toSorted()).toEqual(
      reports.map(({ runId }) => runId).toSorted(),
    );
    expect(loose).toEqual([]);
  });

  test("refuses to replace a report, and the run that tries says so", async () => {
    await using kept = await startEvidenceBucket();
    const [report] = hourly(1) as [Report];
    await keepRuns([report], kept);
    const again = await keepRun({ ...report, findings: [] }, kept);
    expect(again).toMatchObject({ manifestSha256: null });
    expect(again.problem?.message).toMatch(/^There is already a 2026\/11\/28\/.*of another run/);
    expect(kept.chain().manifests).toHaveLength(1);
  });

  test("takes a report whose first answer was lost as stored", async () => {
    let lost = 0;
    await using kept = await startEvidenceBucket({
      faultFor: () => ((lost += 1) === 1 ? "lost-answer" : undefined),
    });
    await keepRuns(hourly(1), kept);
    expect(kept.chain()).toMatchObject({ manifests: [{}], loose: [] });
    expect(kept.vault.requests).toHaveLength(3);
  });
});

test("a bucket that keeps versions takes evidence", async () => {
  await using kept = await startEvidenceBucket({ locked: false, versioning: "enabled" });
  await keepRuns(hourly(2), kept);
  expect(kept.chain()).toMatchObject({ manifests: [{}, {}], loose: [] });
});

test("the region in an address makes no other chain of it, and another prefix does", async () => {
  await using kept = await startEvidenceBucket();
  const [first, second, third] = hourly(3) as [Report, Report, Report];
  await keepRuns([first], kept);
  await keepRuns([second], { ...kept, evidence: `${kept.evidence}?region=cn-hangzhou` });
  expect(kept.chain().manifests).toHaveLength(2);
  const { warnings } = await keepRun(third, { ...kept, evidence: "oss://guard-evidence/other/" });
  expect(warnings).toEqual([
    expect.stringMatching(/^A new chain of evidence begins in oss:\/\/guard-evidence\/other\//),
  ]);
});

test("a state that was lost begins a new chain, and the run says so", async () => {
  await using kept = await startEvidenceBucket();
  const [first, second] = hourly(2) as [Report, Report];
  expect((await keepRun(first, kept)).warnings).toHaveLength(1);
  kept.oss.objects.delete("guard/state.json");
  const { warnings, manifestSha256 } = await keepRun(second, kept);
  expect(manifestSha256).not.toBeNull();
  expect(warnings).toEqual([
    "A new chain of evidence begins in oss://guard-evidence/kept/. If reports were kept there before, the state that remembered the last one was lost.",
  ]);
  const text = kept.vault.objects.get(`kept/${manifestName(reportName(second))}`);
  expect(JSON.parse(String(text)).previousSha256).toBeNull();
});

describe("evidence that cannot be kept", () => {
  test("has a message that names the permission where the bucket is denied", async () => {
    await using kept = await startEvidenceBucket({ denied: ["PUT"] });
    const { problem, manifestSha256 } = await keepRun(madeUpReport(new Date(NOON)), kept);
    expect(manifestSha256).toBeNull();
    expect(problem).toMatchObject({
      name: "EvidenceError",
      message: expect.stringMatching(
        /^Access denied to the evidence in guard-evidence at .*Allow oss:PutObject on acs:oss:\*:\*:guard-evidence\/kept\/\*/,
      ),
    });
    // Nothing is remembered that is not there.
    expect(kept.oss.objects.size).toBe(0);
  });

  test("has its report kept where the state cannot be read, and no manifest", async () => {
    await using kept = await startEvidenceBucket(
      {},
      { faultFor: ({ key }) => (key.startsWith("guard/") ? "denied" : undefined) },
    );
    const { problem, manifestSha256 } = await keepRun(madeUpReport(new Date(NOON)), kept);
    expect(manifestSha256).toBeNull();
    expect(problem?.message).toMatch(
      /^The report of this run was kept as 2026\/11\/28\/.*\.report\.json, but not added to the chain of evidence\. Access denied to the state/,
    );
    expect([...kept.vault.objects.keys()]).toEqual([expect.stringMatching(/\.report\.json$/)]);
  });

  test("has no manifest where the state cannot be written first", async () => {
    let full = false;
    await using kept = await startEvidenceBucket(
      {},
      {
        faultFor: ({ method, key }) =>
          full && method === "PUT" && key === "guard/state.json" ? "denied" : undefined,
      },
    );
    const [first, second, third] = hourly(3) as [Report, Report, Report];
    await keepRuns([first], kept);
    full = true;
    expect((await keepRun(second, kept)).problem?.message).toContain("but not added to the chain");
    full = false;
    await keepRuns([third], kept);
    expect(kept.chain()).toMatchObject({ manifests: [{}, {}], loose: [reportName(second)] });
  });

  test("is completed by the next run where only the manifest was not stored", async () => {
    let down = false;
    await using kept = await startEvidenceBucket({
      faultFor: ({ key }) => (down && key.endsWith(".manifest.json") ? "denied" : undefined),
    });
    const [first, second, third, fourth] = hourly(4) as [Report, Report, Report, Report];
    await keepRuns([first], kept);
    down = true;
    expect((await keepRun(second, kept)).manifestSha256).toBeNull();
    expect(stateIn(kept.oss).evidence.unconfirmed.name).toBe(manifestName(reportName(second)));
    // The manifest before cannot be stored either, so this one cannot follow it.
    expect((await keepRun(third, kept)).manifestSha256).toBeNull();
    expect(stateIn(kept.oss).evidence.unconfirmed.name).toBe(manifestName(reportName(second)));
    down = false;
    await keepRuns([fourth], kept);
    const { manifests, loose } = kept.chain();
    expect(manifests.map(({ runId }) => runId)).toEqual(
      [first, second, fourth].map(({ runId }) => runId),
    );
    expect(loose).toEqual([reportName(third)]);
  });
});
