import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { buildAll } from "../../scripts/build.ts";
import type { Report } from "../../shared/audit/report.ts";
import { startEmulator } from "../emulator/emulator.ts";
import {
  functionContext,
  functionEnv,
  invokeCheck,
  invokeInTurn,
} from "../harness/invoke-function.ts";
import { startWebhookCatcher } from "../harness/webhook-catcher.ts";

let outDir: string;
beforeAll(async () => {
  outDir = await mkdtemp(join(tmpdir(), "flowlog-guard-build-"));
});
afterAll(() => rm(outDir, { recursive: true }));

test("a file is packed into the function, its ${NAME} filled in when it runs", async () => {
  await buildAll(outDir, {
    name: "flowlog-guard.yaml",
    values: { regions: ["cn-b"], alerts: { receivers: [{ url: "${HOOK}" }] } },
  });
  await using catcher = await startWebhookCatcher();
  await using emulator = await startEmulator({
    regions: { "cn-a": { activated: false }, "cn-b": { activated: false } },
  });
  const bundle = join(outDir, "check/index.js");
  const env = functionEnv(emulator);
  const packed = await invokeCheck(
    "",
    functionContext(emulator),
    { ...env, HOOK: catcher.url },
    bundle,
  );
  expect(packed.result).toMatchObject({
    findings: [{ regionId: "cn-b" }],
    receivers: [{ status: "delivered" }],
  });
  const unset = await invokeCheck("", functionContext(emulator), env, bundle);
  expect(unset.error?.message).toBe(
    "flowlog-guard.yaml: alerts.receivers[0].url: the environment variable HOOK is not set",
  );
});

test("the audit function, which never alerts, gets the file without the options for alerts", async () => {
  await buildAll(outDir, {
    name: "flowlog-guard.yaml",
    values: {
      regions: ["cn-b"],
      alerts: { receivers: [{ url: "${HOOK}" }] },
      state: "oss://${BUCKET}/guard/",
      heartbeat: "${HEARTBEAT}",
    },
  });
  await using emulator = await startEmulator({ regions: { "cn-b": { activated: false } } });
  const calls = [{ event: "", context: functionContext(emulator) }];
  const bundle = join(outDir, "audit/index.js");
  const [invocation] = await invokeInTurn<Report>(bundle, calls, functionEnv(emulator));
  expect(invocation?.result?.scope.regions).toEqual(["cn-b"]);
  expect(await readFile(bundle, "utf8")).not.toContain("${HOOK}");
});
