import { spawn } from "node:child_process";
import { join } from "node:path";

import { expect, inject, test, vi } from "vitest";

import { startEmulator } from "../../emulator/emulator.ts";
import type { RegionSeed } from "../../emulator/world.ts";
import { OSS_SEED } from "../../harness/emulated-bucket.ts";
import { type EvidenceBucket, startEvidenceBucket } from "../../harness/evidence-bucket.ts";
import { envOf, startCloud, tick } from "../../harness/hourly-check.ts";
import { functionContext, invokeCheck } from "../../harness/invoke-function.ts";
import { startWebhookCatcher, type WebhookCatcher } from "../../harness/webhook-catcher.ts";

const WELL: RegionSeed = { activated: true };
const OPEN: RegionSeed = { activated: false };
const DENIED: RegionSeed = { activated: true, fault: { kind: "denied" } };

interface Listeners {
  readonly hook: WebhookCatcher;
  readonly watchdog: WebhookCatcher;
}

function environment(
  emulator: Parameters<typeof envOf>[0],
  { oss, evidence }: EvidenceBucket,
  { hook, watchdog }: Listeners,
) {
  return envOf(emulator, oss, {
    FLOWLOG_GUARD_EVIDENCE: evidence,
    FLOWLOG_GUARD_WEBHOOK_URL: hook.url,
    FLOWLOG_GUARD_HEARTBEAT_URL: watchdog.url,
  });
}

function dataAt({ messages }: WebhookCatcher, index: number) {
  return JSON.parse(String(messages.at(index)?.body)).data;
}

/** The ping at the end of the last run: its path, and its evidence. */
function lastPing({ messages }: WebhookCatcher): [path: string, evidence: unknown] {
  const ends = messages.filter(({ path }) => !path.includes("/start?"));
  const { path = "", body = "{}" } = ends.at(-1) ?? {};
  return [String(path.split("?")[0]), JSON.parse(body).evidence];
}

test("keeps the whole report of every run, and tells others the head of the chain", async () => {
  await using kept = await startEvidenceBucket();
  await using hook = await startWebhookCatcher();
  await using watchdog = await startWebhookCatcher();
  await using emulator = await startCloud({ "cn-a": OPEN, "cn-b": WELL });
  const env = environment(emulator, kept, { hook, watchdog });
  const first = await invokeCheck(tick(7), functionContext(emulator), env);
  expect(first.error).toBeNull();
  const { head, manifests } = kept.chain();
  const evidence = { manifestSha256: head };
  expect(dataAt(hook, -1)).toMatchObject({ evidence, changes: [{ event: "opened" }] });
  expect(lastPing(watchdog)).toEqual(["/hook-path-5c21", evidence]);
  expect(first.log.at(-1)).toMatchObject({ outcome: "done", evidence });
  expect(first.log).toContainEqual(
    expect.objectContaining({
      event: "warning",
      message: expect.stringMatching(/^A new chain of evidence begins/),
    }),
  );
  const text = kept.vault.objects.get(`kept/${String(manifests[0]?.report)}`);
  // What the run returns leaves the compliant region out.
  expect(JSON.parse(String(text)).findings).toMatchObject([
    { regionId: "cn-a", status: "NON_COMPLIANT" },
    { regionId: "cn-b", status: "COMPLIANT" },
  ]);

  // A run that has nobody to notify, and a part of the scope.
  const byHand = JSON.stringify({ regions: ["cn-b"] });
  const second = await invokeCheck(byHand, functionContext(emulator), env);
  expect(second.error).toBeNull();
  expect(hook.messages).toHaveLength(1);
  const chain = kept.chain();
  expect(chain).toMatchObject({ manifests: [{}, {}], loose: [] });
  expect(lastPing(watchdog)[1]).toEqual({ manifestSha256: chain.head });
  const state = JSON.parse(String(kept.oss.objects.get("guard/state.json")));
  expect(state.evidence).toEqual({ address: kept.evidence, sha256: chain.head });
  expect(state.entries).toHaveLength(1);
});

test("keeps the report of a run that could read nothing, which fails, and of an unknown account", async () => {
  await using kept = await startEvidenceBucket();
  await using hook = await startWebhookCatcher();
  await using watchdog = await startWebhookCatcher();
  await using unreadable = await startCloud({ "cn-a": DENIED });
  const listeners = { hook, watchdog };
  const failed = await invokeCheck(
    tick(7),
    functionContext(unreadable),
    environment(unreadable, kept, listeners),
  );
  expect(failed.error?.name).toBe("NothingReadError");
  expect(lastPing(watchdog)).toEqual([
    "/hook-path-5c21/fail",
    { manifestSha256: kept.chain().head },
  ]);

  // Two accounts are in the state, so that none is assumed, and nothing of this run is remembered.
  const state = JSON.parse(String(kept.oss.objects.get("guard/state.json")));
  state.accounts["1234567890123457"] = { seenAt: "2026-11-22T07:17:00.000Z" };
  kept.oss.put("guard/state.json", JSON.stringify(state));
  await using nameless = await startEmulator({
    regions: { "cn-a": OPEN },
    keys: [OSS_SEED.key],
    faults: { GetCallerIdentity: { kind: "json-500" } },
  });
  const context = functionContext(nameless, { accountId: "" });
  const { error } = await invokeCheck(tick(8), context, environment(nameless, kept, listeners));
  expect(error).toBeNull();
  const chain = kept.chain();
  expect(chain).toMatchObject({ manifests: [{}, {}], loose: [] });
  expect(dataAt(hook, -1).evidence).toEqual({ manifestSha256: chain.head });
  await using mended = await startCloud({ "cn-a": WELL });
  await invokeCheck(tick(9), functionContext(mended), environment(mended, kept, listeners));
  expect(kept.chain()).toMatchObject({ manifests: [{}, {}, {}], loose: [] });
});

test("fails after its alert where evidence cannot be kept, also where the alert reaches nobody", async () => {
  await using kept = await startEvidenceBucket({ denied: ["PUT"] });
  await using hook = await startWebhookCatcher([{ status: 200 }, { status: 403 }]);
  await using watchdog = await startWebhookCatcher();
  await using emulator = await startCloud({ "cn-a": OPEN });
  const env = environment(emulator, kept, { hook, watchdog });
  const message = /Access denied to the evidence in guard-evidence .*Allow oss:PutObject on/;
  const first = await invokeCheck(tick(7), functionContext(emulator), env);
  expect(first.error).toMatchObject({
    name: "EvidenceError",
    message: expect.stringMatching(message),
  });
  expect(dataAt(hook, 0)).not.toHaveProperty("evidence");
  expect(lastPing(watchdog)).toEqual(["/hook-path-5c21/fail", undefined]);
  expect(first.log.at(-1)).toMatchObject({ outcome: "failed", alert: "CHANGES" });
  // The alert is remembered all the same.
  kept.oss.objects.delete("guard/state.json");
  const second = await invokeCheck(tick(8), functionContext(emulator), env);
  expect(second.error?.name).toBe("AlertError");
  expect(second.error?.message).toMatch(/^The alert reached nobody\./);
  expect(second.error?.message).toMatch(message);
});

test("refuses evidence in files, and a bucket without a state, before it asks anything", async () => {
  await using emulator = await startCloud({ "cn-a": WELL });
  await using kept = await startEvidenceBucket();
  const env = envOf(emulator, kept.oss);
  for (const [more, message] of [
    [{ FLOWLOG_GUARD_EVIDENCE: "file:/tmp/evidence/" }, "are lost with its instance"],
    [{ FLOWLOG_GUARD_EVIDENCE: kept.evidence, FLOWLOG_GUARD_STATE: "none" }, "there is no state"],
  ] as const) {
    const { error } = await invokeCheck(tick(7), functionContext(emulator), { ...env, ...more });
    expect(error).toMatchObject({
      name: "ConfigError",
      message: expect.stringContaining(message),
    });
  }
  expect(emulator.requests).toEqual([]);
});

test("goes on with the chain after a run that was killed while it kept its report", async () => {
  let aheadMs = 0;
  let isDead = false;
  const clock = (): Date => new Date(Date.now() + aheadMs);
  let asked = 0;
  await using kept = await startEvidenceBucket(
    {
      clock,
      faultFor({ key }) {
        if (isDead || !key.endsWith(".manifest.json")) return undefined;
        asked += 1;
        return "hang";
      },
    },
    { clock },
  );
  await using hook = await startWebhookCatcher();
  await using watchdog = await startWebhookCatcher();
  await using emulator = await startCloud({ "cn-a": OPEN });
  const env = environment(emulator, kept, { hook, watchdog });
  const program = `require(process.argv[1]).handler(Buffer.from(process.argv[2]), JSON.parse(process.argv[3]))`;
  const file = join(inject("deployed"), "check/index.js");
  const context = JSON.stringify(functionContext(emulator));
  const child = spawn(process.execPath, ["-e", program, file, tick(7), context], {
    env,
    stdio: "ignore",
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  await vi.waitFor(() => expect(asked).toBe(1), { timeout: 20_000, interval: 5 });
  child.kill("SIGKILL");
  await ended;
  isDead = true;
  aheadMs = 70_000;
  // Function Compute repeats the tick: it is another report, and both are in the chain.
  const { error } = await invokeCheck(tick(7), functionContext(emulator), env);
  expect(error).toBeNull();
  const { manifests, loose, head } = kept.chain();
  expect(loose).toEqual([]);
  expect(new Set(manifests.map(({ runId }) => runId)).size).toBe(1);
  expect(manifests).toHaveLength(2);
  expect(dataAt(hook, -1).evidence).toEqual({ manifestSha256: head });
});
