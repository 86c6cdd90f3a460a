import { describe, expect, test } from "vitest";

import { startConnectProxy } from "../harness/connect-proxy.ts";
import { CLI_CONFIG, homeFolder } from "../harness/home-folder.ts";
import { functionContext, invokeAudit, invokeCheck } from "../harness/invoke-function.ts";
import {
  PROXIED_REGIONS,
  PROXY_SECRETS,
  type ProxiedCloud,
  startProxiedCloud,
} from "../harness/proxied-cloud.ts";
import { runCli } from "../harness/run-cli.ts";
import { CATCHER_SECRETS } from "../harness/webhook-catcher.ts";

const HOOK = `https://hooks.example.invalid/${CATCHER_SECRETS.join("?")}`;
const STATE = "oss://guard-bucket/guard/?region=eu-central-1";
const VPC = ["vpc.aliyuncs.com:443", "vpc.eu-central-1.aliyuncs.com:443"];
const STS = ["sts.cn-hangzhou.aliyuncs.com:443"];
const OSS = ["guard-bucket.oss-eu-central-1.aliyuncs.com:443"];
const RECEIVER = ["hooks.example.invalid:443"];

/** The address of another proxy, with the user and the password of the cloud's own. */
function proxyAt(host: string, { network, proxy }: ProxiedCloud): Record<string, string> {
  return { HTTPS_PROXY: String(network["HTTPS_PROXY"]).replace(proxy.host, host) };
}

/** All output of a run. */
function traces({ oss, catcher }: ProxiedCloud, ...outputs: readonly unknown[]): string {
  return JSON.stringify([outputs, [...oss.objects], catcher.messages]);
}

function expectNoSecret(text: string): void {
  for (const secret of PROXY_SECRETS) expect(text).not.toContain(secret);
}

describe("behind a proxy that alone resolves the hosts", () => {
  test.each<[string, readonly string[], Record<string, string>, number, readonly string[]]>([
    ["the regions and the account", ["audit"], {}, 1, [...VPC, ...STS]],
    [
      "the receiver and the state",
      ["audit", "--alert"],
      { FLOWLOG_GUARD_WEBHOOK_URL: HOOK, FLOWLOG_GUARD_STATE: STATE },
      1,
      [...VPC, ...STS, ...OSS, ...RECEIVER],
    ],
    ["a test of the receiver", ["alert", "test"], { FLOWLOG_GUARD_WEBHOOK_URL: HOOK }, 0, RECEIVER],
    ["a look at the state", ["state", "show"], { FLOWLOG_GUARD_STATE: STATE }, 0, OSS],
    [
      "a role that is assumed",
      ["audit", "--regions", "cn-hangzhou"],
      { ALIBABA_CLOUD_ROLE_ARN: "acs:ram::1234567890123456:role/none" },
      3,
      STS,
    ],
  ])("%s", async (_name, args, env, exitCode, targets) => {
    await using cloud = await startProxiedCloud();
    const result = await runCli(args, { ...cloud.env, ...env });
    expect(result.exitCode).toBe(exitCode);
    expect(cloud.targets()).toEqual([...targets].toSorted());
    expectNoSecret(traces(cloud, result));
  });

  test("the invocation of a function", async () => {
    await using cloud = await startProxiedCloud({
      "flowlog-guard-audit": async (event): Promise<Awaited<ReturnType<typeof invokeAudit>>> =>
        invokeAudit(event, functionContext(cloud.emulator), cloud.env),
    });
    const args = ["audit", "--remote", "--region", "eu-central-1", "--format", "json"];
    const result = await runCli(args, cloud.env);
    expect(result.exitCode).toBe(1);
    const { accountId } = cloud.emulator.world;
    expect(cloud.targets()).toEqual(
      [
        ...VPC,
        "sts.eu-central-1.aliyuncs.com:443",
        `${accountId}.eu-central-1.fc.aliyuncs.com:443`,
      ].toSorted(),
    );
    expectNoSecret(traces(cloud, result));
  });

  test("the function with a heartbeat, a receiver and a state, in turn", async () => {
    await using cloud = await startProxiedCloud();
    const env = {
      ...cloud.env,
      FLOWLOG_GUARD_HEARTBEAT_URL: "https://watchdog.example.invalid/ping-1f",
      FLOWLOG_GUARD_WEBHOOK_URL: HOOK,
      FLOWLOG_GUARD_STATE: STATE,
    };
    const context = functionContext(cloud.emulator);
    const invocation = await invokeCheck("", context, env);
    expect(invocation.result?.summary).toMatchObject({
      total: Object.keys(PROXIED_REGIONS).length,
      compliant: 1,
    });
    expect(cloud.targets()).toEqual(
      [...VPC, ...OSS, ...RECEIVER, "watchdog.example.invalid:443"].toSorted(),
    );
    // The start, the alert, the end.
    expect(cloud.catcher.messages.map(({ path }) => path.split("?")[0])).toEqual([
      "/ping-1f/start",
      `/${CATCHER_SECRETS[0]}`,
      "/ping-1f",
    ]);
    expectNoSecret(traces(cloud, invocation));
    await cloud.proxy.idle();
  });

  const later = Math.floor(Date.now() / 1_000) + 3_600;

  test.each<[string, Record<string, unknown>, string]>([
    [
      "CloudSSO",
      {
        mode: "CloudSSO",
        cloud_sso_sign_in_url: "https://sso.example.invalid/start",
        cloud_sso_account_id: "1234567890123456",
        cloud_sso_access_config: "ac-1",
        access_token: "sso-token-8d",
        cloud_sso_access_token_expire: later,
      },
      "sso.example.invalid:443",
    ],
    [
      "OAuth",
      {
        mode: "OAuth",
        oauth_site_type: "CN",
        oauth_access_token: "oauth-token-8d",
        oauth_access_token_expire: later,
      },
      "oauth.aliyun.com:443",
    ],
    [
      "a credentials URI",
      { mode: "CredentialsURI", credentials_uri: "https://keys.example.invalid/x" },
      "keys.example.invalid:443",
    ],
  ])("the keys of %s", async (_name, profile, target) => {
    await using home = await homeFolder({
      [CLI_CONFIG]: { current: "prod", profiles: [{ name: "prod", ...profile }] },
    });
    await using cloud = await startProxiedCloud({}, [{ status: 403, body: '{"Code":"No"}' }]);
    const result = await runCli(["audit", "--verbose"], { ...cloud.network, HOME: home.path });
    expect(result.stderr).toContain("refused (HTTP 403, No)");
    expect(result.exitCode).toBe(3);
    expect(cloud.targets()).toEqual([target]);
    expectNoSecret(traces(cloud, result));
  });
});

describe("without the proxy", () => {
  test.each<[string, Record<string, string>, RegExp]>([
    ["a host of NO_PROXY", { NO_PROXY: ".example.invalid" }, /ENOTFOUND/],
    ["everything, by NO_PROXY", { no_proxy: "*" }, /ENOTFOUND/],
  ])("goes %s", async (_name, env, says) => {
    await using cloud = await startProxiedCloud();
    const result = await runCli(["alert", "test"], {
      ...cloud.env,
      FLOWLOG_GUARD_WEBHOOK_URL: HOOK,
      ...env,
    });
    expect(result.stdout).toMatch(says);
    expect(cloud.targets()).toEqual([]);
    expectNoSecret(traces(cloud, result));
  });

  test("loopback and the internal network's hosts are reached", async () => {
    await using cloud = await startProxiedCloud();
    const { endpoint } = cloud.emulator;
    const result = await runCli(["audit", "--alert", "--timeout", "3s"], {
      ...cloud.env,
      FLOWLOG_GUARD_VPC_ENDPOINT: endpoint,
      FLOWLOG_GUARD_STS_ENDPOINT: "sts-vpc.cn-hangzhou.aliyuncs.com",
      FLOWLOG_GUARD_OSS_ENDPOINT: cloud.oss.origin,
      FLOWLOG_GUARD_WEBHOOK_URL: cloud.catcher.url,
      FLOWLOG_GUARD_STATE: STATE,
    });
    expect(result.exitCode).toBe(1);
    expect(cloud.targets()).toEqual([]);
    expect(cloud.catcher.messages).toHaveLength(1);
  });
});

describe("a proxy that gives no connection is named", () => {
  test.each<[string, number, RegExp]>([
    ["that asks for a password", 407, /The proxy 127.+ asks for a user and a password/],
    ["that refuses", 403, /The proxy 127.+ refuses to connect to vpc\.aliyuncs\.com:443/],
    ["that resolves no name", 503, /The proxy 127.+ could not connect to vpc\.aliyuncs\.com:443/],
  ])("one %s", async (_name, answer, says) => {
    await using proxy = await startConnectProxy({ answer });
    await using cloud = await startProxiedCloud();
    // Where the proxy asks for a password, none was sent; a wrong one has another message.
    const address = answer === 407 ? { HTTPS_PROXY: proxy.host } : proxyAt(proxy.host, cloud);
    const env = { ...cloud.env, ...address };
    const { exitCode, stdout, stderr } = await runCli(["audit", "-v", "--timeout", "2s"], env);
    expectNoSecret(stdout + stderr);
    expect(stderr).toMatch(says);
    expect(stderr).not.toMatch(/DNS/);
    expect(exitCode).toBe(3);
  });

  test.each<[string, readonly string[], Record<string, string>]>([
    ["hooks.example.invalid", ["alert", "test"], { FLOWLOG_GUARD_WEBHOOK_URL: HOOK }],
    [
      "guard-bucket.oss-eu-central-1.aliyuncs.com",
      ["state", "show"],
      { FLOWLOG_GUARD_STATE: STATE },
    ],
    [
      "1234567890123456.cn-hangzhou.fc.aliyuncs.com",
      ["audit", "--remote", "--region", "cn-hangzhou", "--account", "1234567890123456"],
      {},
    ],
    [
      "sts.aliyuncs.com",
      ["audit"],
      { ALIBABA_CLOUD_ROLE_ARN: "acs:ram::1234567890123456:role/auditor" },
    ],
    [
      "keys.example.invalid",
      ["audit"],
      {
        ALIBABA_CLOUD_ACCESS_KEY_ID: "",
        ALIBABA_CLOUD_ACCESS_KEY_SECRET: "",
        ALIBABA_CLOUD_CREDENTIALS_URI: "https://keys.example.invalid/x",
      },
    ],
  ])("one that refuses %s, once", async (target, args, env) => {
    await using proxy = await startConnectProxy({ answer: 403 });
    await using cloud = await startProxiedCloud();
    const { exitCode, stdout, stderr } = await runCli([...args, "--verbose"], {
      ...cloud.env,
      ...env,
      ...proxyAt(proxy.host, cloud),
    });
    expectNoSecret(stdout + stderr);
    expect(stdout + stderr).toContain(
      `The proxy ${proxy.host} refuses to connect to ${target}:443 (HTTP 403).`,
    );
    expect(exitCode).toBe(3);
    expect(proxy.connects.filter((connect) => connect.target === `${target}:443`)).toHaveLength(1);
  });

  test("one that cannot be reached, for each region that was asked", async () => {
    const { host } = await (async () => {
      await using gone = await startConnectProxy();
      return gone;
    })();
    await using cloud = await startProxiedCloud();
    const env = { ...cloud.env, ...proxyAt(host, cloud) };
    const args = ["audit", "-v", "--timeout", "1s", "--regions", "cn-hangzhou,eu-central-1"];
    const { exitCode, stdout, stderr } = await runCli([...args, "--format", "json"], env);
    expectNoSecret(stdout + stderr);
    const { findings } = JSON.parse(stdout) as { findings: { reason: unknown }[] };
    const message = `The proxy ${host} cannot be reached (ECONNREFUSED). Check HTTPS_PROXY, and the network to the proxy.`;
    const reason = { code: "UNREACHABLE", message };
    expect(findings.map((finding) => finding.reason)).toEqual([reason, reason]);
    expect(exitCode).toBe(2);
  });

  test("one of an unsupported scheme, before anything is asked", async () => {
    const env = { HTTPS_PROXY: `socks5://${PROXY_SECRETS.slice(0, 2).join(":")}@127.0.0.1:1` };
    const { exitCode, stderr } = await runCli(["audit", "--timeout", "soon"], env);
    expect(stderr).toMatch(/HTTPS_PROXY: socks5:\/\/ is not supported/);
    expect(stderr).toMatch(/--timeout: /);
    expect(exitCode).toBe(3);
    expectNoSecret(stderr);
  });
});

test("config shows the proxy, and nothing of its user and password", async () => {
  await using cloud = await startProxiedCloud();
  const { stdout } = await runCli(["config"], { ...cloud.env, NO_PROXY: "corp.example" });
  expect(stdout).toContain(
    `proxy:\n  address: http://***@${cloud.proxy.host}\n  from: HTTPS_PROXY\n  noProxy:\n    - corp.example\n`,
  );
  expectNoSecret(stdout);
});
