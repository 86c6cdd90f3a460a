import { describe, expect, test } from "vitest";

import type { DoctorReport } from "../../../functions/cli/commands/doctor/doctor-report.ts";
import { startEmulator } from "../../emulator/emulator.ts";
import { startOss } from "../../emulator/oss.ts";
import { otherNode } from "../../harness/other-node.ts";
import { startProxiedCloud } from "../../harness/proxied-cloud.ts";
import { emulatorEnv, runCli } from "../../harness/run-cli.ts";
import { runMain } from "../../harness/run-main.ts";
import { startUntrustedServer } from "../../harness/untrusted-server.ts";
import { startWebhookCatcher } from "../../harness/webhook-catcher.ts";

const STATE = { schemaVersion: 5, generation: 0, entries: [], receivers: {}, accounts: {} };

/** The statuses by check. */
function statusesOf(stdout: string): Record<string, string> {
  const { checks }: DoctorReport = JSON.parse(stdout);
  return Object.fromEntries(checks.map(({ id, status }) => [id, status]));
}

// How a connection is opened without a request differs between versions of Node.
describe.each([20, 22, 24])("on Node %i", (major) => {
  const isOurs = process.versions.node.startsWith(`${major}.`);
  const node = isOurs ? process.execPath : otherNode(major);

  test.skipIf(node === null)("everything goes through the proxy, and nothing is sent", async () => {
    await using cloud = await startProxiedCloud();
    cloud.oss.put("guard/state.json", JSON.stringify(STATE));
    const env = {
      ...cloud.env,
      FLOWLOG_GUARD_REGIONS: "cn-hangzhou,eu-central-1",
      FLOWLOG_GUARD_STATE: "oss://guard-bucket/guard/?region=cn-hangzhou",
      FLOWLOG_GUARD_WEBHOOK_URL: "https://hooks.example.invalid/hook-path",
      FLOWLOG_GUARD_HEARTBEAT_URL: "https://ping.example.invalid/ping-token",
      DEPLOY_REGION: "cn-hangzhou",
    };
    const args = ["doctor", "--format", "json"];
    const { exitCode, stdout, stderr } = await runCli(args, env, { node: node ?? undefined });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(Object.entries(statusesOf(stdout)).filter(([, status]) => status !== "ok")).toEqual([]);
    expect(cloud.targets()).toEqual([
      "1234567890123456.cn-hangzhou.fc.aliyuncs.com:443",
      "guard-bucket.oss-cn-hangzhou.aliyuncs.com:443",
      "hooks.example.invalid:443",
      "ping.example.invalid:443",
      "sts.cn-hangzhou.aliyuncs.com:443",
      "vpc.aliyuncs.com:443",
    ]);
    expect(cloud.catcher.messages).toEqual([]);
    expect(cloud.functionCompute.calls).toEqual([]);
    expect(cloud.oss.requests.map(({ method }) => method)).toEqual(["GET", "GET"]);
    expect(cloud.secrets.filter((secret) => stdout.includes(secret))).toEqual([]);
  });

  test.skipIf(node === null)("hosts are reached without a proxy, or said not to be", async () => {
    await using emulator = await startEmulator({ regions: { "cn-hangzhou": { activated: true } } });
    await using catcher = await startWebhookCatcher();
    await using untrusted = await startUntrustedServer();
    const env = {
      ...emulatorEnv(emulator),
      FLOWLOG_GUARD_WEBHOOK_URL: catcher.url,
      FLOWLOG_GUARD_HEARTBEAT_URL: `https://${untrusted.host}/ping-token`,
    };
    const args = ["doctor", "--format", "json"];
    const { exitCode, stdout } = await runCli(args, env, { node: node ?? undefined });
    const { checks }: DoctorReport = JSON.parse(stdout);
    const receiver = checks.find(({ id }) => id.startsWith("receiver:"));
    const heartbeat = checks.find(({ id }) => id === "heartbeat");
    expect([receiver?.status, heartbeat?.code, exitCode]).toEqual(["ok", "TLS", 3]);
    expect(catcher.messages).toEqual([]);
  });
});

test("without the certificates of what opens TLS on the way, the fix names their variable", async () => {
  await using cloud = await startProxiedCloud();
  const { NODE_EXTRA_CA_CERTS: _without, ...env } = cloud.env;
  const { exitCode, stdout } = await runCli(["doctor", "--format", "json"], env);
  const { checks }: DoctorReport = JSON.parse(stdout);
  expect(exitCode).toBe(3);
  expect(checks.find(({ id }) => id === "proxy")).toMatchObject({
    status: "problem",
    code: "TLS",
    fix: expect.stringContaining("set NODE_EXTRA_CA_CERTS to the file of its certificate"),
  });
});

describe("a state and evidence in a bucket are read alone", () => {
  const KEPT = {
    FLOWLOG_GUARD_STATE: "oss://guard-bucket/guard/?region=cn-hangzhou",
    FLOWLOG_GUARD_EVIDENCE: "oss://guard-bucket/evidence/?region=cn-hangzhou",
  };

  async function doctorWith(
    seed: Partial<Parameters<typeof startOss>[0]>,
    objects: Readonly<Record<string, string>>,
  ) {
    await using emulator = await startEmulator({ regions: { "cn-hangzhou": { activated: true } } });
    const [key] = emulator.world.keys;
    if (key === undefined) throw new Error("the emulator has a key");
    await using oss = await startOss({ bucket: "guard-bucket", key, ...seed });
    for (const [name, text] of Object.entries(objects)) oss.put(name, text);
    const { exitCode, stdout } = await runMain(["doctor", "--format", "json"], {
      ...emulatorEnv(emulator),
      ...KEPT,
      FLOWLOG_GUARD_OSS_ENDPOINT: oss.origin,
    });
    const { checks }: DoctorReport = JSON.parse(stdout);
    const check = (wanted: string) => checks.find(({ id }) => id === wanted);
    expect(new Set(oss.requests.map(({ method }) => method))).toEqual(new Set(["GET"]));
    return { exitCode, state: check("state"), evidence: check("evidence") };
  }

  test("and fine where they are empty", async () => {
    const { exitCode, state, evidence } = await doctorWith({}, {});
    expect(state).toMatchObject({ status: "ok" });
    expect(evidence).toMatchObject({ status: "ok" });
    expect(exitCode).toBe(0);
  });

  test("without the permission to list: whether they are there only writing would tell", async () => {
    const { exitCode, state } = await doctorWith({ missing: 403 }, {});
    expect(state).toMatchObject({ status: "warning", code: "ACCESS_DENIED" });
    expect(exitCode).toBe(0);
  });

  test("and a lock that is denied is not there, where the state could be read", async () => {
    const objects = { "guard/state.json": JSON.stringify(STATE) };
    const { state } = await doctorWith({ missing: 403 }, objects);
    expect(state).toMatchObject({ status: "ok" });
  });

  test("with a damaged state", async () => {
    const { exitCode, state } = await doctorWith({}, { "guard/state.json": "{" });
    expect(state).toMatchObject({ status: "problem", code: "STATE_DAMAGED" });
    expect(exitCode).toBe(3);
  });

  test("with evidence that may be kept and not read", async () => {
    const { exitCode, evidence } = await doctorWith({ denied: ["GET"] }, {});
    expect(evidence).toMatchObject({
      status: "warning",
      code: "ACCESS_DENIED",
      fix: expect.stringContaining("flowlog-guard policy --history"),
    });
    expect(exitCode).toBe(0);
  });

  test("in a bucket that is not there", async () => {
    const { exitCode, state } = await doctorWith({ bucket: "another-bucket" }, {});
    expect(state).toMatchObject({
      status: "problem",
      detail: expect.stringContaining("There is no bucket guard-bucket"),
      fix: expect.stringContaining("Create it"),
    });
    expect(exitCode).toBe(3);
  });
});
