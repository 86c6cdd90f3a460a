import { cp, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";

import type { CheckResult } from "../../functions/check/check.ts";
import type { Report } from "../../shared/audit/report.ts";
import { startFunctionCompute } from "../emulator/function-compute.ts";
import { OSS_SEED } from "../harness/emulated-bucket.ts";
import { functionContext, functionEnv, invokeInTurn } from "../harness/invoke-function.ts";
import { AUDITOR_ROLE, startMixedCloud } from "../harness/mixed-cloud.ts";
import { otherNode } from "../harness/other-node.ts";
import { PROXY_SECRETS, startProxiedCloud } from "../harness/proxied-cloud.ts";
import { cliEnv, emulatorEnv } from "../harness/run-cli.ts";
import { type ProcessResult, runNode } from "../harness/run-process.ts";
import { startWebhookCatcher } from "../harness/webhook-catcher.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "flowlog-guard-node-"));
  // Node prints fewer warnings about files below node_modules, where the bundles of the tests are.
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

describe.each([22, 24])("on Node %i, with nothing on stderr", (major) => {
  const found = otherNode(major);
  const node = found ?? "none";

  test.skipIf(found === null)("the audit function returns its report", async () => {
    await using emulator = await startMixedCloud();
    const calls = [{ event: "{}", context: functionContext(emulator) }];
    const bundle = join(inject("deployed"), "audit/index.js");
    const [audit] = await invokeInTurn<Report>(bundle, calls, functionEnv(emulator), node);
    expect(audit).toMatchObject({ stderr: "", result: { summary: { total: 3, compliant: 1 } } });
  });

  test.skipIf(found === null)(
    "the command line audits with a role, watches and alerts",
    async () => {
      await using emulator = await startMixedCloud();
      await using catcher = await startWebhookCatcher();
      const env = {
        ...emulatorEnv(emulator),
        ALIBABA_CLOUD_SECURITY_TOKEN: OSS_SEED.key.securityToken,
        FLOWLOG_GUARD_WEBHOOK_URL: catcher.url,
        FLOWLOG_GUARD_STATE: `file:${join(folder, `state-${major}.json`)}`,
      };
      const role = { ...env, ALIBABA_CLOUD_ROLE_ARN: AUDITOR_ROLE };
      const run = async (args: readonly string[], given = env) => runCommandLine(args, given, node);
      expect(await run(["audit"], role)).toMatchObject({ exitCode: 1, stderr: "" });
      expect(await run(["watch", "--once"])).toMatchObject({ exitCode: 0, stderr: "" });
      expect(await run(["state", "show"])).toMatchObject({ exitCode: 0, stderr: "" });
      expect(await run(["alert", "test"])).toMatchObject({ exitCode: 0, stderr: "" });
      expect(await run(["config"])).toMatchObject({ exitCode: 0, stderr: "" });
      expect(await run(["help"])).toMatchObject({ exitCode: 0, stderr: "" });
    },
  );

  // Node's own proxy support must have no effect; that of Node 22 warns when it is used.
  test.skipIf(found === null).each<[string, Record<string, string>]>([
    ["HTTPS_PROXY", {}],
    ["https_proxy", major === 22 ? {} : { NODE_USE_ENV_PROXY: "1" }],
  ])(
    "every request goes through the proxy of %s, and by NO_PROXY without it",
    async (variable, more) => {
      await using cloud = await startProxiedCloud();
      const { HTTPS_PROXY, ...others } = cloud.env;
      const env = {
        ...others,
        ...more,
        [variable]: String(HTTPS_PROXY),
        FLOWLOG_GUARD_WEBHOOK_URL: "https://hooks.example.invalid/x",
        FLOWLOG_GUARD_HEARTBEAT_URL: "https://watchdog.example.invalid/x",
        FLOWLOG_GUARD_STATE: "oss://guard-bucket/guard/?region=eu-central-1",
      };
      const hosts = [
        "vpc.aliyuncs.com",
        "vpc.eu-central-1.aliyuncs.com",
        "guard-bucket.oss-eu-central-1.aliyuncs.com",
        "hooks.example.invalid",
        "watchdog.example.invalid",
      ];
      const watched = await runCommandLine(["watch", "--once"], env, node);
      expect(watched).toMatchObject({ exitCode: 0, stderr: "" });
      const expected = [...hosts, "sts.cn-hangzhou.aliyuncs.com"].map((host) => `${host}:443`);
      expect(cloud.targets()).toEqual(expected.toSorted());

      const bundle = join(inject("deployed"), "check/index.js");
      const calls = [{ event: "{}", context: functionContext(cloud.emulator) }];
      const before = cloud.proxy.connects.length;
      const [check] = await invokeInTurn<CheckResult>(bundle, calls, env, node);
      expect(check).toMatchObject({ stderr: "", result: { summary: { total: 2, compliant: 1 } } });
      const asked = new Set(cloud.proxy.connects.slice(before).map(({ target }) => target));
      for (const host of hosts.slice(0, 3)) expect(asked).toContain(`${host}:443`);

      const through = cloud.proxy.connects.length;
      const past = await runCommandLine(["alert", "test"], { ...env, NO_PROXY: "*" }, node);
      expect(past).toMatchObject({ exitCode: 3, stdout: expect.stringContaining("ENOTFOUND") });
      expect(cloud.proxy.connects).toHaveLength(through);
      for (const secret of PROXY_SECRETS) {
        expect(JSON.stringify([watched, check, past])).not.toContain(secret);
      }
    },
  );

  test.skipIf(found === null)("the command line audits through the function", async () => {
    await using emulator = await startMixedCloud();
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
