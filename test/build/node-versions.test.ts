import { cp, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";

import type { CheckResult } from "../../functions/check/check.ts";
import type { Report } from "../../shared/audit/report.ts";
import { type Emulator, startEmulator } from "../emulator/emulator.ts";
import { startFunctionCompute } from "../emulator/function-compute.ts";
import { startOss } from "../emulator/oss.ts";
import { OSS_SEED } from "../harness/emulated-bucket.ts";
import { functionContext, functionEnv, invokeInTurn } from "../harness/invoke-function.ts";
import { otherNode } from "../harness/other-node.ts";
import { cliEnv, emulatorEnv } from "../harness/run-cli.ts";
import { type ProcessResult, runNode } from "../harness/run-process.ts";
import { startWebhookCatcher } from "../webhook-catcher.ts";

const ROLE = "acs:ram::1234567890123456:role/auditor";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "flowlog-guard-node-"));
  // Node says less about what lies below a folder node_modules, as the tests' own bundles do.
  await cp(join(inject("dist"), "cli"), join(folder, "cli"), { recursive: true });
  const packages = fileURLToPath(new URL("../../node_modules", import.meta.url));
  await symlink(packages, join(folder, "node_modules"));
});
afterAll(() => rm(folder, { recursive: true }));

async function runCommandLine(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  node: string,
): Promise<ProcessResult> {
  const cli = join(folder, "cli/index.js");
  return runNode([cli, ...args], { env: cliEnv(env), cwd: folder, node });
}

/** A cloud in which one region is open, and another one answers as only side files can read. */
function startCloud(): Promise<Emulator> {
  return startEmulator({
    regions: {
      "cn-a": { activated: false },
      "cn-b": { activated: true, fault: { kind: "xml-error" } },
      "cn-c": { activated: true },
    },
    keys: [OSS_SEED.key],
    roles: { [ROLE]: {} },
  });
}

describe.each([22, 24])("on Node %i, with nothing on stderr", (major) => {
  const found = otherNode(major);
  const node = found ?? "none";

  test.skipIf(found === null)("which is what runs", async () => {
    const { stdout } = await runNode(["--version"], { env: {}, node });
    expect(stdout.startsWith(`v${major}.`)).toBe(true);
  });

  test.skipIf(found === null)("the check function alerts, and keeps its state in OSS", async () => {
    await using emulator = await startCloud();
    await using oss = await startOss(OSS_SEED);
    await using catcher = await startWebhookCatcher();
    const env = {
      ...functionEnv(emulator),
      FLOWLOG_GUARD_STATE: `oss://${OSS_SEED.bucket}/guard/`,
      FLOWLOG_GUARD_OSS_ENDPOINT: oss.origin,
      FLOWLOG_GUARD_WEBHOOK_URL: catcher.url,
      FLOWLOG_GUARD_HEARTBEAT_URL: catcher.url,
    };
    const calls = [{ event: "{}", context: functionContext(emulator) }];
    const bundle = join(inject("deployed"), "check/index.js");
    const [check] = await invokeInTurn<CheckResult>(bundle, calls, env, node);
    expect(check).toMatchObject({
      stderr: "",
      error: null,
      result: {
        summary: { total: 3, compliant: 1, nonCompliant: 1 },
        receivers: [{ status: "delivered" }],
      },
    });
    expect([...oss.objects.keys()].join()).toContain("guard/");
  });

  test.skipIf(found === null)("the audit function returns its report", async () => {
    await using emulator = await startCloud();
    const calls = [{ event: "{}", context: functionContext(emulator) }];
    const bundle = join(inject("deployed"), "audit/index.js");
    const [audit] = await invokeInTurn<Report>(bundle, calls, functionEnv(emulator), node);
    expect(audit).toMatchObject({ stderr: "", result: { summary: { total: 3, compliant: 1 } } });
  });

  test.skipIf(found === null)(
    "the command line audits with a role, watches and alerts",
    async () => {
      await using emulator = await startCloud();
      await using catcher = await startWebhookCatcher();
      const env = {
        ...emulatorEnv(emulator),
        ALIBABA_CLOUD_SECURITY_TOKEN: OSS_SEED.key.securityToken,
        FLOWLOG_GUARD_WEBHOOK_URL: catcher.url,
        FLOWLOG_GUARD_STATE: `file:${join(folder, `state-${major}.json`)}`,
      };
      const role = { ...env, ALIBABA_CLOUD_ROLE_ARN: ROLE };
      const run = async (args: readonly string[], given = env) => runCommandLine(args, given, node);
      expect(await run(["audit"], role)).toMatchObject({ exitCode: 1, stderr: "" });
      expect(await run(["watch", "--once"])).toMatchObject({ exitCode: 0, stderr: "" });
      expect(await run(["state", "show"])).toMatchObject({ exitCode: 0, stderr: "" });
      expect(await run(["alert", "test"])).toMatchObject({ exitCode: 0, stderr: "" });
      expect(await run(["config"])).toMatchObject({ exitCode: 0, stderr: "" });
      expect(await run(["help"])).toMatchObject({ exitCode: 0, stderr: "" });
    },
  );

  test.skipIf(found === null)("the command line audits through the function", async () => {
    await using emulator = await startCloud();
    const bundle = join(inject("deployed"), "audit/index.js");
    await using deployed = await startFunctionCompute({
      accountId: emulator.world.accountId,
      key: OSS_SEED.key,
      functions: {
        "flowlog-guard-audit": async (event) => {
          const calls = [{ event, context: functionContext(emulator) }];
          const [audit] = await invokeInTurn<Report>(bundle, calls, functionEnv(emulator), node);
          return audit ?? { result: null, error: null };
        },
      },
    });
    const env = {
      ...emulatorEnv(emulator),
      ALIBABA_CLOUD_SECURITY_TOKEN: OSS_SEED.key.securityToken,
      FLOWLOG_GUARD_FC_ENDPOINT: deployed.origin,
    };
    const args = ["audit", "--remote", "--region", "cn-hangzhou"];
    expect(await runCommandLine(args, env, node)).toMatchObject({ exitCode: 1, stderr: "" });
  });
});
