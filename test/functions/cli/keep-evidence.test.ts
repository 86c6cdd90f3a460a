import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { type Emulator, startEmulator } from "../../emulator/emulator.ts";
import type { RegionSeed } from "../../emulator/world.ts";
import { OSS_SEED } from "../../harness/emulated-bucket.ts";
import { startEvidenceBucket } from "../../harness/evidence-bucket.ts";
import { evidenceIn, readChain } from "../../harness/read-evidence.ts";
import { emulatorEnv, runCli } from "../../harness/run-cli.ts";
import { startWebhookCatcher } from "../../harness/webhook-catcher.ts";

const WELL: RegionSeed = { activated: true };
const OPEN: RegionSeed = { activated: false };
const AUDIT = ["audit", "--format", "json"];

let home: string;
let folder: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "flowlog-guard-keep-"));
  folder = join(home, "evidence");
});
afterEach(() => rm(home, { recursive: true, force: true }));

function envOf(emulator: Emulator, more: Record<string, string> = {}): Record<string, string> {
  return { ...emulatorEnv(emulator), FLOWLOG_GUARD_EVIDENCE: `file:${folder}/`, ...more };
}

describe("evidence in a folder", () => {
  test("has the report of every run, chained, without a state", async () => {
    await using emulator = await startEmulator({ regions: { "cn-a": OPEN, "cn-b": WELL } });
    const first = await runCli(AUDIT, envOf(emulator));
    expect(first.exitCode).toBe(1);
    expect(first.stderr).toContain("A new chain of evidence begins in file:");
    // Narrowed, and without anybody who is notified: it is kept too, and its scope says so.
    const second = await runCli([...AUDIT, "--regions", "cn-b"], envOf(emulator));
    expect(second.exitCode).toBe(0);
    expect(second.stderr).not.toContain("A new chain");
    const third = await runCli(["watch", "--once", "--no-exit-zero"], envOf(emulator));
    expect(third.exitCode).toBe(1);

    const kept = await evidenceIn(folder);
    const { manifests, head, loose } = readChain(kept);
    expect(loose).toEqual([]);
    expect(manifests).toHaveLength(3);
    expect(manifests[0]).toMatchObject({
      manifestVersion: 1,
      previousSha256: null,
      toolVersion: expect.stringMatching(/^\d+\.\d+\.\d+/),
      clockDifferenceMs: expect.any(Number),
    });
    const reports = manifests.map(({ report }) => JSON.parse(String(kept.get(report))));
    // Also what is compliant; and as it was printed.
    expect(reports[0]).toEqual(JSON.parse(first.stdout));
    expect(reports[0].summary).toMatchObject({ compliant: 1, nonCompliant: 1 });
    expect(reports[1].scope.regions).toEqual(["cn-b"]);
    expect(reports[2].trigger).toBe("schedule");
    expect(second.stderr).toMatch(/report kept in file:.*, manifest [0-9a-f]{64}\n/);
    expect(JSON.parse(third.stdout.trim().split("\n").at(-1) ?? "")).toMatchObject({
      evidence: { manifestSha256: head },
    });
    const [report = ""] = kept.keys();
    expect((await stat(join(folder, report))).mode & 0o222).toBe(0);
  });
});

describe("evidence that cannot be kept", () => {
  test("fails the run after its alert, and the heartbeat says why", async () => {
    await using emulator = await startEmulator({ regions: { "cn-a": OPEN } });
    await using catcher = await startWebhookCatcher();
    await using watchdog = await startWebhookCatcher();
    // A file where the folder would have to be.
    await writeFile(folder, "");
    const env = envOf(emulator, {
      FLOWLOG_GUARD_WEBHOOK_URL: catcher.url,
      FLOWLOG_GUARD_HEARTBEAT_URL: watchdog.url,
    });
    const { exitCode, stdout } = await runCli(["watch", "--once"], env);
    expect(exitCode).toBe(3);
    expect(JSON.parse(stdout.trim().split("\n").at(-1) ?? "")).toMatchObject({
      outcome: "failed",
      error: "EvidenceError",
      message: expect.stringMatching(/^The evidence cannot be written in .*evidence\/ \(E/),
      alert: "NON_COMPLIANT",
    });
    expect(catcher.messages).toHaveLength(1);
    expect(JSON.parse(String(catcher.messages[0]?.body)).data).not.toHaveProperty("evidence");
    const end = watchdog.messages.find(({ path }) => path.includes("/fail"));
    expect(JSON.parse(String(end?.body))).toMatchObject({ error: "EvidenceError" });
    expect(JSON.parse(String(end?.body))).not.toHaveProperty("evidence");
  });

  test("leaves the report of an audit printed, and is exit 3", async () => {
    await using emulator = await startEmulator({ regions: { "cn-a": WELL } });
    await writeFile(folder, "");
    const { exitCode, stdout, stderr } = await runCli(AUDIT, envOf(emulator));
    expect(exitCode).toBe(3);
    expect(JSON.parse(stdout).summary.compliant).toBe(1);
    expect(stderr).toContain("flowlog-guard: The evidence cannot be written in");
    expect(stderr).not.toContain("report kept");
  });
});

describe("evidence in a bucket", () => {
  test("is kept by an audit that alerts nobody, with the state's lock, and by one that does", async () => {
    await using emulator = await startEmulator({ regions: { "cn-a": OPEN }, keys: [OSS_SEED.key] });
    await using catcher = await startWebhookCatcher();
    await using kept = await startEvidenceBucket();
    const env = envOf(emulator, {
      FLOWLOG_GUARD_EVIDENCE: kept.evidence,
      FLOWLOG_GUARD_STATE: kept.state,
      FLOWLOG_GUARD_OSS_ENDPOINT: kept.oss.origin,
      FLOWLOG_GUARD_WEBHOOK_URL: catcher.url,
      DEPLOY_REGION: "cn-hangzhou",
      ALIBABA_CLOUD_SECURITY_TOKEN: OSS_SEED.key.securityToken,
    });
    const first = await runCli(["audit"], env);
    expect(first).toMatchObject({ exitCode: 1 });
    const state = JSON.parse(String(kept.oss.objects.get("guard/state.json")));
    // Nothing else is remembered of a run that notified nobody.
    expect(state).toMatchObject({ entries: [], evidence: { sha256: kept.chain().head } });
    const second = await runCli(["audit", "--alert", "--exit-zero"], env);
    expect(second.exitCode).toBe(0);
    const { manifests, loose, head } = kept.chain();
    expect([manifests.length, loose]).toEqual([2, []]);
    expect(second.stderr).toContain(`report kept in ${kept.evidence}, manifest ${head}`);
    expect(JSON.parse(String(catcher.messages[0]?.body)).data.evidence).toEqual({
      manifestSha256: head,
    });
    const quiet = await runCli(["audit", "-q"], env);
    expect(quiet.stderr).toBe("");
    expect(kept.chain().manifests).toHaveLength(3);
    expect([...kept.oss.objects.keys()]).toEqual(["guard/state.json"]);
  });

  test("whose region is not known is an error before the audit", async () => {
    await using emulator = await startEmulator({ regions: { "cn-a": OPEN } });
    const env = envOf(emulator, {
      FLOWLOG_GUARD_EVIDENCE: "oss://guard-evidence/kept/",
      FLOWLOG_GUARD_STATE: `file:${home}/state.json`,
    });
    for (const args of [["audit"], ["watch", "--once"]]) {
      const { exitCode, stdout, stderr } = await runCli(args, env);
      expect(exitCode).toBe(3);
      expect(stdout + stderr).toContain("evidence: the region of the bucket guard-evidence");
    }
    expect(emulator.requests.map(({ action }) => action)).not.toContain("GetFlowLogServiceStatus");
  });

  test("of the state too, is a warning of config", async () => {
    const { exitCode, stderr } = await runCli(["config"], {
      FLOWLOG_GUARD_EVIDENCE: "oss://guard-bucket/kept/",
      FLOWLOG_GUARD_STATE: "oss://guard-bucket/state/",
    });
    expect(exitCode).toBe(0);
    expect(stderr).toContain("evidence: is in the bucket of the state, guard-bucket");
  });
});

test("evidence in a bucket takes a state, which every command that keeps it says first", async () => {
  await using emulator = await startEmulator({ regions: { "cn-a": WELL } });
  const env = envOf(emulator, { FLOWLOG_GUARD_EVIDENCE: "oss://evidence-bucket/guard/" });
  for (const args of [["audit"], ["watch", "--once"], ["config"]]) {
    const { exitCode, stderr } = await runCli(args, env);
    expect(exitCode).toBe(3);
    expect(stderr).toContain("there is no state to remember its newest run in");
  }
  expect(emulator.requests).toEqual([]);
});
