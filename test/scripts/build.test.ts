import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterAll, beforeAll, expect, inject, test } from "vitest";

import { buildAll } from "../../scripts/build.ts";
import type { Report } from "../../shared/audit/report.ts";
import { startEmulator } from "../emulator/emulator.ts";
import {
  functionContext,
  functionEnv,
  invokeCheck,
  invokeInTurn,
} from "../harness/invoke-function.ts";
import { runNode } from "../harness/run-process.ts";
import { startWebhookCatcher } from "../harness/webhook-catcher.ts";

let outDir: string;
beforeAll(async () => {
  outDir = await mkdtemp(join(tmpdir(), "flowlog-guard-build-"));
});
afterAll(() => rm(outDir, { recursive: true }));

test("the function's folder holds the bundle and nothing else", async () => {
  expect(await readdir(join(inject("dist"), "check"))).toEqual(["index.js", "lazy"]);
});

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

test("the audit function gets the file without all that is about alerts: it never alerts", async () => {
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

test("npm run build takes flowlog-guard.yml too, and fails where both are there", async () => {
  const folder = await mkdtemp(join(tmpdir(), "flowlog-guard-build-yml-"));
  const root = new URL("../../", import.meta.url);
  const program = ["node_modules/tsx/dist/cli.mjs", "scripts/build.ts"].map((path) =>
    fileURLToPath(new URL(path, root)),
  );
  const build = async () => runNode(program, { env: {}, cwd: folder });
  await writeFile(join(folder, "flowlog-guard.yml"), "regions: [CN-B]\n");
  expect(await build()).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('build: flowlog-guard.yml: regions[0]: "CN-B" is not a region'),
  });
  await writeFile(join(folder, "flowlog-guard.yaml"), "regions: [CN-B]\n");
  expect(await build()).toMatchObject({
    exitCode: 1,
    stderr: expect.stringMatching(
      /^build: flowlog-guard.yaml and flowlog-guard.yml: both are here/,
    ),
  });
  await rm(folder, { recursive: true });
});

test("a file that is wrong fails the build", async () => {
  const file = { name: "flowlog-guard.yaml", values: { regions: ["CN-B"] } };
  await expect(buildAll(outDir, file)).rejects.toThrow('regions[0]: "CN-B" is not a region');
});
