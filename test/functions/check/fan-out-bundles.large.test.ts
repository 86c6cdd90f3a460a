import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import type { CheckResult } from "../../../functions/check/check.ts";
import { bundle } from "../../../scripts/bundle.ts";
import { packConfig } from "../../../scripts/pack-config.ts";
import type { Report } from "../../../shared/audit/report.ts";
import { type Emulator, startEmulator } from "../../emulator/emulator.ts";
import { FUNCTION_FAULTS, startFunctionCompute } from "../../emulator/function-compute.ts";
import { organizationOf } from "../../emulator/organization.ts";
import { OSS_SEED } from "../../harness/emulated-bucket.ts";
import { startEvidenceBucket } from "../../harness/evidence-bucket.ts";
import { envOf } from "../../harness/hourly-check.ts";
import {
  functionContext,
  functionEnv,
  invokeCheck,
  invokeInTurn,
} from "../../harness/invoke-function.ts";

const EXTERNAL_ID = "external-id-5e1f";

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "flowlog-guard-fan-out-"));
  const values = {
    organization: { roleName: "flowlog-guard-audit", externalId: EXTERNAL_ID },
    fanOut: { parts: 4 },
  };
  const packed = packConfig({ name: "flowlog-guard.yaml", values });
  for (const name of ["check", "audit"]) {
    await bundle(`functions/${name}/index.ts`, join(dir, `${name}/index.js`), packed);
  }
}, 60_000);
afterAll(() => rm(dir, { recursive: true }));

/** Function Compute with the built audit function, one part of which dies once. */
async function startCompute(emulator: Emulator, more: Readonly<Record<string, string>> = {}) {
  const [key] = emulator.world.keys;
  if (key === undefined) throw new Error("the emulator has a key");
  let died = false;
  return startFunctionCompute({
    accountId: emulator.world.accountId,
    key,
    functions: {
      "flowlog-guard-audit": async (event) => {
        if (JSON.parse(event).part.index === 2 && !died) {
          died = true;
          return FUNCTION_FAULTS.killed;
        }
        const call = { event, context: functionContext(emulator) };
        const bundle = join(dir, "audit/index.js");
        const env = { ...functionEnv(emulator), ...more };
        const [outcome] = await invokeInTurn<Report>(bundle, [call], env);
        if (outcome === undefined) throw new Error("one call has one outcome");
        expect(outcome.stderr).toBe("");
        return outcome;
      },
    },
  });
}

function withoutTimes(result: CheckResult | null): string {
  return JSON.stringify(result, (key, value: unknown) =>
    ["requestId", "checkedAt", "durationMs"].includes(key) ? null : value,
  );
}

test("the report of all parts together is kept once as evidence, by the check function", async () => {
  await using emulator = await startEmulator({
    regions: { "cn-a": { activated: false } },
    keys: [OSS_SEED.key],
    ...organizationOf({ memberCount: 9, externalId: EXTERNAL_ID }),
  });
  await using kept = await startEvidenceBucket();
  // The audit function has the same environment, and keeps nothing.
  const { FLOWLOG_GUARD_STATE: state, ...env } = {
    ...envOf(emulator, kept.oss),
    FLOWLOG_GUARD_EVIDENCE: kept.evidence,
  };
  await using compute = await startCompute(emulator, env);
  const { error, result } = await invokeCheck(
    "{}",
    functionContext(emulator),
    { ...env, FLOWLOG_GUARD_STATE: state, FLOWLOG_GUARD_FC_ENDPOINT: compute.origin },
    join(dir, "check/index.js"),
  );
  expect(error).toBeNull();
  expect(compute.invocations).toHaveLength(5);
  const { manifests, loose } = kept.chain();
  expect(loose).toEqual([]);
  expect(manifests).toMatchObject([{ runId: result?.runId }]);
  const text = kept.vault.objects.get(`kept/${String(manifests[0]?.report)}`);
  expect(JSON.parse(String(text))).toMatchObject({
    runId: result?.runId,
    summary: { total: 10, nonCompliant: 10 },
  });
});

test("the built check function invokes the built audit function, and finds what it finds alone", async () => {
  await using emulator = await startEmulator({
    regions: { "cn-a": { activated: false }, "cn-b": { activated: true } },
    ...organizationOf({ memberCount: 9, externalId: EXTERNAL_ID }),
  });
  await using compute = await startCompute(emulator);
  const context = functionContext(emulator);
  const env = functionEnv(emulator);
  const alone = await invokeCheck("{}", context, {
    ...env,
    FLOWLOG_GUARD_ORGANIZATION_ROLE: "flowlog-guard-audit",
    FLOWLOG_GUARD_EXTERNAL_ID: EXTERNAL_ID,
  });
  const parted = await invokeCheck(
    "{}",
    context,
    { ...env, FLOWLOG_GUARD_FC_ENDPOINT: compute.origin },
    join(dir, "check/index.js"),
  );
  expect(parted.error).toBeNull();
  expect(parted.result?.summary).toMatchObject({ total: 20, nonCompliant: 10, compliant: 10 });
  expect(withoutTimes(parted.result)).toBe(withoutTimes(alone.result));
  expect(compute.invocations).toHaveLength(5);
  expect(parted.stderr).toBe("");
  for (const text of [parted.output, ...compute.calls.map(({ event }) => event)]) {
    expect(text).not.toContain(EXTERNAL_ID);
    expect(text).not.toContain(String(emulator.world.keys[0]?.accessKeySecret));
  }
});
