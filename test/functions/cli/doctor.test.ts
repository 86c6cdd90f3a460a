import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import type {
  DoctorReport,
  ReportedCheck,
} from "../../../functions/cli/commands/doctor/doctor-report.ts";
import { type Emulator, startEmulator } from "../../emulator/emulator.ts";
import { organizationOf } from "../../emulator/organization.ts";
import type { World } from "../../emulator/world.ts";
import { startConnectProxy } from "../../harness/connect-proxy.ts";
import { CLI_CONFIG, homeFolder } from "../../harness/home-folder.ts";
import { startLoopbackServer } from "../../harness/loopback-server.ts";
import { emulatorEnv, runCli } from "../../harness/run-cli.ts";
import { runMain } from "../../harness/run-main.ts";
import { startShiftedClock } from "../../harness/shifted-clock.ts";
import { startUntrustedServer } from "../../harness/untrusted-server.ts";
import { startWebhookCatcher } from "../../harness/webhook-catcher.ts";

type Env = Readonly<Record<string, string>>;

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "flowlog-guard-doctor-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

const REGIONS = { "cn-hangzhou": { activated: true } };
const FLOW_LOG = { flowLogId: "fl-1", resourceType: "VPC", resourceId: "vpc-1" };

/** Everything of a state but what a test says. */
const STATE = { schemaVersion: 5, generation: 0, entries: [], receivers: {}, accounts: {} };

async function doctor(env: Env, args: readonly string[] = []) {
  const { exitCode, stdout, stderr } = await runMain(["doctor", "--format", "json", ...args], env);
  const report: DoctorReport = JSON.parse(stdout);
  const check = (id: string): ReportedCheck => {
    const found = report.checks.find((each) => each.id === id);
    if (found === undefined) throw new Error(`there is no check ${id}`);
    return found;
  };
  return { exitCode, report, check, stdout, stderr };
}

/** The ids of the checks of a status. */
function idsOf({ checks }: DoctorReport, status: ReportedCheck["status"]): string[] {
  return checks.filter((check) => check.status === status).map(({ id }) => id);
}

/** Names and contents of all files below a folder. */
function filesIn(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(names.map((name) => [name, readFileSync(name, "utf8")]));
}

describe("a set-up in which everything is used and right", () => {
  async function startAll(): Promise<Emulator> {
    const region = { activated: true, flowLogs: [FLOW_LOG], logStores: { "flow-logs/vpc": 180 } };
    return startEmulator({ regions: { "cn-hangzhou": region, "ap-southeast-1": region } });
  }

  test("has no problem, and nothing was written, sent or changed", async () => {
    await using emulator = await startAll();
    await using catcher = await startWebhookCatcher();
    await using heartbeat = await startWebhookCatcher();
    const state = join(dir, "state.json");
    writeFileSync(state, JSON.stringify(STATE));
    const env = {
      ...emulatorEnv(emulator),
      FLOWLOG_GUARD_WEBHOOK_URL: catcher.url,
      FLOWLOG_GUARD_HEARTBEAT_URL: heartbeat.url,
      FLOWLOG_GUARD_STATE: `file:${state}`,
      FLOWLOG_GUARD_EVIDENCE: `file:${join(dir, "evidence")}`,
    };
    const file = join(dir, "guard.yaml");
    writeFileSync(file, "rules: [all]\nactiontrail: true\n");
    const before = filesIn(dir);

    const args = ["doctor", "--format", "json", "--config", file];
    const { exitCode, stdout, stderr } = await runCli(args, env);
    const report: DoctorReport = JSON.parse(stdout);
    expect({ exitCode, stderr, status: report.status }).toEqual({
      exitCode: 0,
      stderr: "",
      status: "ok",
    });
    expect(idsOf(report, "ok")).toEqual([
      "program",
      "configuration",
      "proxy",
      "credentials",
      "identity",
      "regions",
      "vpc:GetFlowLogServiceStatus",
      "vpc:DescribeVpcs",
      "vpc:DescribeFlowLogs",
      "ecs:DescribeNetworkInterfaces",
      "log:GetLogStore",
      "actiontrail:LookupEvents",
      "state",
      "evidence",
      expect.stringMatching(/^receiver:webhook-/),
      "heartbeat",
      "clock",
    ]);
    // Each once, and all of them read.
    expect(emulator.requests.map(({ action }) => action).toSorted()).toEqual([
      "DescribeFlowLogs",
      "DescribeNetworkInterfaces",
      "DescribeRegions",
      "DescribeVpcs",
      "GetCallerIdentity",
      "GetFlowLogServiceStatus",
      "GetLogStore",
      "LookupEvents",
    ]);
    expect([...catcher.messages, ...heartbeat.messages]).toEqual([]);
    expect(filesIn(dir)).toEqual(before);
  });

  test("is asked in one region of the scope, whichever rules there are", async () => {
    await using emulator = await startAll();
    const { report } = await doctor(emulatorEnv(emulator), ["--regions", "ap-southeast-1"]);
    expect(report.summary).toMatchObject({ problem: 0, skipped: 0 });
    expect(emulator.requests.map(({ action, regionId }) => [action, regionId])).toEqual([
      ["GetCallerIdentity", null],
      ["GetFlowLogServiceStatus", "ap-southeast-1"],
    ]);
  });
});

/** What is wrong, and what of it the report says. */
interface Fault {
  readonly seed?: Partial<World>;
  readonly env?: Env;
  readonly args?: readonly string[];
  readonly check: string;
  readonly code: string;
  readonly says: string;
  readonly fix?: string;
}

const DENIED = { kind: "denied" } as const;

describe("what is wrong is a problem with its fix, and exit 3", () => {
  test.each<[string, Fault]>([
    [
      "the permission of a rule is missing",
      {
        seed: { regions: { "cn-hangzhou": { activated: true, fault: DENIED } } },
        check: "vpc:GetFlowLogServiceStatus",
        code: "ACCESS_DENIED",
        says: "Access denied (HTTP 403,",
        fix: "Allow the RAM action vpc:GetFlowLogServiceStatus to the identity that runs the audit. The least policy is printed by: flowlog-guard policy",
      },
    ],
    [
      "that of another rule",
      {
        seed: {
          regions: {
            "cn-hangzhou": {
              activated: true,
              faults: { DescribeNetworkInterfaces: DENIED },
            },
          },
        },
        args: ["--rules", "all"],
        check: "ecs:DescribeNetworkInterfaces",
        code: "ACCESS_DENIED",
        says: "Access denied",
        fix: "ecs:DescribeNetworkInterfaces",
      },
    ],
    [
      "the regions may not be listed",
      {
        seed: { faults: { DescribeRegions: DENIED } },
        check: "regions",
        code: "ACCESS_DENIED",
        says: "Access denied",
        fix: "vpc:DescribeRegions",
      },
    ],
    [
      "a pattern matches no region",
      {
        args: ["--regions", "eu-*"],
        check: "regions",
        code: "NO_MATCH",
        says: "eu-*",
      },
    ],
    [
      "a service throttles",
      {
        seed: {
          regions: {
            "cn-hangzhou": {
              activated: true,
              fault: { kind: "throttled", headers: { "retry-after": "60" } },
            },
          },
        },
        check: "vpc:GetFlowLogServiceStatus",
        code: "THROTTLED",
        says: "Throttled",
      },
    ],
    [
      "the secret of the key is wrong",
      {
        env: { ALIBABA_CLOUD_ACCESS_KEY_SECRET: "another-secret" },
        check: "identity",
        code: "CREDENTIALS_INVALID",
        says: "The credentials were refused",
        fix: "Check the access key",
      },
    ],
    [
      "half of the key is missing",
      {
        env: { ALIBABA_CLOUD_ACCESS_KEY_SECRET: "" },
        check: "credentials",
        code: "CREDENTIALS",
        says: "ALIBABA_CLOUD_ACCESS_KEY_SECRET is not set, or empty",
      },
    ],
    [
      "there is no such profile",
      {
        args: ["--profile", "gone"],
        check: "credentials",
        code: "CREDENTIALS",
        says: "The profile gone, chosen by --profile, cannot be used",
        fix: "Run: aliyun configure --profile gone",
      },
    ],
    [
      "ActionTrail may not be asked",
      {
        seed: { faults: { LookupEvents: DENIED } },
        args: ["--config", "trail.yaml"],
        check: "actiontrail:LookupEvents",
        code: "ACCESS_DENIED",
        says: "Access denied",
        fix: "flowlog-guard policy --history",
      },
    ],
    [
      "there is no such configuration file",
      {
        args: ["--config", "gone.yaml"],
        check: "configuration",
        code: "CONFIG_INVALID",
        says: "gone.yaml: cannot be read (ENOENT)",
        fix: "flowlog-guard config",
      },
    ],
    [
      "a variable is misspelt",
      {
        env: { FLOWLOG_GUARD_REGION: "cn-hangzhou" },
        check: "configuration",
        code: "CONFIG_INVALID",
        says: "FLOWLOG_GUARD_REGION: is not a known variable",
      },
    ],
    [
      "evidence in a bucket has no state",
      {
        env: {
          FLOWLOG_GUARD_EVIDENCE: "oss://guard-bucket/e/?region=cn-hangzhou",
          FLOWLOG_GUARD_OSS_ENDPOINT: "http://127.0.0.1:9",
        },
        check: "configuration",
        code: "CONFIG_INVALID",
        says: "there is no state to remember its newest run in",
      },
    ],
    [
      "the file of certificates is not there",
      {
        env: { NODE_EXTRA_CA_CERTS: "/nonexistent/ca.pem" },
        check: "certificates",
        code: "CERTIFICATES_UNREADABLE",
        says: "/nonexistent/ca.pem cannot be read (ENOENT)",
        fix: "Correct NODE_EXTRA_CA_CERTS",
      },
    ],
  ])("%s", async (_what, { seed, env, args = [], check: id, code, says, fix = "" }) => {
    await using emulator = await startEmulator({ regions: REGIONS, ...seed });
    writeFileSync(join(dir, "trail.yaml"), "actiontrail: true\n");
    const paths = args.map((arg) => (arg === "trail.yaml" ? join(dir, arg) : arg));
    const given = { ...emulatorEnv(emulator), ...env };
    const { exitCode, report, check } = await doctor(given, paths);
    expect(check(id)).toMatchObject({ status: "problem", code });
    const { detail, lines } = check(id);
    expect([detail, ...lines].join("\n")).toContain(says);
    expect(check(id).fix ?? "").toContain(fix);
    expect({ exitCode, status: report.status }).toEqual({ exitCode: 3, status: "problem" });
  });

  test("every problem of a configuration is listed", async () => {
    const file = join(dir, "guard.yaml");
    writeFileSync(file, "regions: []\nconcurrency: none\n");
    const { exitCode, report, check } = await doctor({}, ["--config", file]);
    expect(exitCode).toBe(3);
    expect(check("configuration").lines).toEqual([
      expect.stringContaining("regions"),
      expect.stringContaining("concurrency"),
    ]);
    // None of it is fine: nobody knows what it would be with another configuration.
    expect(idsOf(report, "ok")).toEqual(["program"]);
    expect(idsOf(report, "skipped")).toContain("credentials");
  });
});

describe("a check that could not be made is not fine", () => {
  test("where the credentials are refused, no service is asked", async () => {
    await using emulator = await startEmulator({ regions: REGIONS });
    const { check } = await doctor({
      ...emulatorEnv(emulator),
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: "another-secret",
    });
    expect(check("vpc:GetFlowLogServiceStatus")).toMatchObject({
      status: "skipped",
      code: "NOT_TRIED",
      detail: 'Not tried: it needs "Identity", see there.',
    });
    expect(emulator.requests.map(({ action }) => action)).toEqual(["GetCallerIdentity"]);
  });

  test("where STS alone does not answer, the services are asked", async () => {
    await using emulator = await startEmulator({
      regions: REGIONS,
      faults: { GetCallerIdentity: DENIED },
    });
    const { exitCode, check } = await doctor(emulatorEnv(emulator));
    expect(check("identity").status).toBe("problem");
    expect(check("vpc:GetFlowLogServiceStatus").status).toBe("ok");
    expect(exitCode).toBe(3);
  });

  test("a log store is not asked for where no flow log names one", async () => {
    await using emulator = await startEmulator({ regions: REGIONS });
    const { exitCode, check } = await doctor(emulatorEnv(emulator), ["--rules", "all"]);
    expect(check("log:GetLogStore")).toMatchObject({ status: "skipped", code: "NOTHING_TO_ASK" });
    expect(exitCode).toBe(0);
  });
});

describe("what works and is probably not meant is a warning, and exit 0", () => {
  test.each<[string, Fault]>([
    [
      "the key of the account itself",
      {
        seed: { arn: "acs:ram::1234567890123456:root" },
        check: "identity",
        code: "ROOT_KEY",
        says: "the keys of the account itself may do everything",
        fix: "flowlog-guard policy",
      },
    ],
    [
      "no receiver",
      {
        check: "receivers",
        code: "NO_RECEIVER",
        says: "nobody is notified",
        fix: "Set FLOWLOG_GUARD_WEBHOOK_URL",
      },
    ],
    [
      "a proxy variable that is not read",
      {
        env: { HTTP_PROXY: "http://127.0.0.1:9" },
        check: "proxy",
        code: "PROXY_NOT_READ",
        says: "HTTP_PROXY is set, and not read here",
        fix: "set HTTPS_PROXY",
      },
    ],
  ])("%s", async (_what, { seed, env, check: id, code, says, fix = "" }) => {
    await using emulator = await startEmulator({ regions: REGIONS, ...seed });
    const { exitCode, check } = await doctor({ ...emulatorEnv(emulator), ...env });
    expect(check(id)).toMatchObject({ status: "warning", code });
    expect(check(id).detail).toContain(says);
    expect(check(id).fix).toContain(fix);
    expect(exitCode).toBe(0);
  });

  test("a receiver without a state", async () => {
    await using emulator = await startEmulator({ regions: REGIONS });
    await using catcher = await startWebhookCatcher();
    const env = { ...emulatorEnv(emulator), FLOWLOG_GUARD_WEBHOOK_URL: catcher.url };
    expect((await doctor(env)).check("state")).toMatchObject({
      status: "warning",
      code: "NO_STATE",
    });
  });
});

describe("the clock", () => {
  test.each([
    ["20 minutes behind the cloud's is a problem", 20 * 60_000, "problem", "20 min behind"],
    ["5 minutes ahead of it is a warning", -5 * 60_000, "warning", "5 min ahead of"],
  ])("%s", async (_what, aheadMs, status, says) => {
    await using emulator = await startEmulator({ regions: REGIONS });
    await using shifted = await startShiftedClock(emulator.endpoint, aheadMs);
    const env = emulatorEnv({ ...emulator, endpoint: shifted.origin });
    const { exitCode, check } = await doctor(env);
    expect(check("clock")).toMatchObject({ status, code: "CLOCK_OFF" });
    expect(check("clock").detail).toContain(says);
    expect(exitCode).toBe(status === "problem" ? 3 : 0);
  });
});

describe("an organization", () => {
  const organization = organizationOf({ memberCount: 3, externalId: "external-id-7c1e" });
  const variables = {
    FLOWLOG_GUARD_ORGANIZATION_ROLE: "flowlog-guard-audit",
    FLOWLOG_GUARD_EXTERNAL_ID: "external-id-7c1e",
  };

  test("is listed, and one role is assumed, with which the services are asked", async () => {
    await using emulator = await startEmulator({ regions: REGIONS, ...organization });
    const { exitCode, check } = await doctor({ ...emulatorEnv(emulator), ...variables });
    expect(exitCode).toBe(0);
    expect(check("accounts").detail).toBe("4 in scope; 3 members in the resource directory.");
    expect(check("member-role").detail).toContain(
      "acs:ram::1500000000000000:role/flowlog-guard-audit can be assumed",
    );
    expect(check("vpc:GetFlowLogServiceStatus").detail).toContain("of account 1500000000000000");
    expect(emulator.counts.byAction.get("AssumeRole")).toBe(1);
  });

  test("of which accounts are named is not listed, and --accounts chooses the role", async () => {
    await using emulator = await startEmulator({ regions: REGIONS, ...organization });
    const file = join(dir, "guard.yaml");
    const ids = ["1500000000000000", "1500000000000001"];
    const accounts = ids.map((id) => ({ id, roleName: "flowlog-guard-audit" }));
    writeFileSync(file, JSON.stringify({ accounts }));
    const env = { ...emulatorEnv(emulator), FLOWLOG_GUARD_EXTERNAL_ID: "external-id-7c1e" };
    const args = ["--config", file, "--accounts", "1500000000000001"];
    const { exitCode, check } = await doctor(env, args);
    expect(check("accounts").detail).toBe("1 in scope; named by the configuration.");
    expect(check("member-role").detail).toContain("acs:ram::1500000000000001:role/");
    expect(emulator.requests.map(({ action }) => action)).not.toContain("ListAccounts");
    expect(exitCode).toBe(0);
  });

  test.each<[string, Partial<World>, string, string, string]>([
    [
      "the role is refused",
      organizationOf({ memberCount: 3, refused: () => "NoPermission" }),
      "member-role",
      "ROLE_REFUSED",
      "flowlog-guard policy --member --account 1234567890123456",
    ],
    [
      "the session is of another account",
      organizationOf({ memberCount: 3, sessionOf: "1234567890123456" }),
      "member-role",
      "ROLE_REFUSED",
      "account 1234567890123456",
    ],
    [
      "the members may not be listed",
      { ...organization, faults: { ListAccounts: DENIED } },
      "accounts",
      "NO_LIST",
      "resourcemanager:ListAccounts",
    ],
  ])("%s", async (_what, seed, id, code, fix) => {
    await using emulator = await startEmulator({ regions: REGIONS, ...seed });
    const { exitCode, check } = await doctor({ ...emulatorEnv(emulator), ...variables });
    expect(check(id)).toMatchObject({ status: "problem", code });
    expect(`${check(id).detail} ${check(id).fix}`).toContain(fix);
    // The policy of the auditing identity says nothing of the role's.
    expect(check("vpc:GetFlowLogServiceStatus").status).toBe("skipped");
    expect(exitCode).toBe(3);
  });
});

describe("the state and the evidence in files", () => {
  test.each<[string, string, Readonly<Record<string, unknown>>, string, string | null, number]>([
    ["not there yet", "state.json", {}, "ok", null, 0],
    ["damaged", "state.json", { "state.json": "{" }, "problem", "STATE_DAMAGED", 3],
    [
      "of a newer version",
      "state.json",
      { "state.json": { ...STATE, schemaVersion: 99 } },
      "problem",
      "STATE_NEWER",
      3,
    ],
    ["in a folder that is not there", "gone/state.json", {}, "problem", "UNAVAILABLE", 3],
    [
      "locked by a run",
      "state.json",
      {
        "state.json": { ...STATE, generation: 4 },
        "state.json.lease-5": {
          owner: "0f9a7c12-aaaa",
          lifetimeMs: 60_000,
          expiresAt: "2999-01-01T00:00:00.000Z",
        },
      },
      "warning",
      "STATE_LOCKED",
      0,
    ],
    [
      "locked by a run that died",
      "state.json",
      {
        "state.json": STATE,
        "state.json.lease-1": {
          owner: "0f9a7c12-aaaa",
          lifetimeMs: 60_000,
          expiresAt: "2020-01-01T00:00:00.000Z",
        },
      },
      "warning",
      "STATE_LEASE_EXPIRED",
      0,
    ],
  ])("a state %s", async (_what, name, files, status, code, exit) => {
    await using emulator = await startEmulator({ regions: REGIONS });
    for (const [file, content] of Object.entries(files)) {
      const text = typeof content === "string" ? content : JSON.stringify(content);
      writeFileSync(join(dir, file), text);
    }
    const before = filesIn(dir);
    const env = { ...emulatorEnv(emulator), FLOWLOG_GUARD_STATE: `file:${join(dir, name)}` };
    const { exitCode, check } = await doctor(env);
    expect(check("state")).toMatchObject({ status, code });
    expect(exitCode).toBe(exit);
    expect(filesIn(dir)).toEqual(before);
  });

  test("evidence whose newest manifest is damaged", async () => {
    await using emulator = await startEmulator({ regions: REGIONS });
    mkdirSync(join(dir, "2026"));
    writeFileSync(join(dir, "2026/a.manifest.json"), "{}");
    const env = { ...emulatorEnv(emulator), FLOWLOG_GUARD_EVIDENCE: `file:${dir}/` };
    const { exitCode, check } = await doctor(env);
    expect(check("evidence")).toMatchObject({ status: "problem", code: "EVIDENCE_DAMAGED" });
    expect(exitCode).toBe(3);
  });
});

describe("hosts that cannot be reached", () => {
  test("are problems of the receiver and of the heartbeat", async () => {
    await using emulator = await startEmulator({ regions: REGIONS });
    await using untrusted = await startUntrustedServer();
    const gone = await startLoopbackServer(async () => {});
    await gone.stop();
    const closed = new URL(gone.origin).host;
    const { exitCode, report, check } = await doctor({
      ...emulatorEnv(emulator),
      FLOWLOG_GUARD_WEBHOOK_URL: `https://${untrusted.host}/hook-path?token=hook-token`,
      FLOWLOG_GUARD_HEARTBEAT_URL: `http://${closed}/ping-token`,
      DEPLOY_REGION: "cn-hangzhou",
      FLOWLOG_GUARD_FC_ENDPOINT: `http://${closed}`,
    });
    const receiver = report.checks.find(({ id }) => id.startsWith("receiver:"));
    expect(receiver).toMatchObject({ status: "problem", code: "TLS" });
    expect(receiver?.fix).toContain("NODE_EXTRA_CA_CERTS");
    expect(check("heartbeat")).toMatchObject({ status: "problem", code: "UNREACHABLE" });
    expect(check("heartbeat").detail).toContain(`${closed} cannot be reached (ECONNREFUSED)`);
    expect(check("function")).toMatchObject({ status: "problem", code: "UNREACHABLE" });
    expect(exitCode).toBe(3);
  });

  test.each([
    ["asks for a password", 407, "PROXY_AUTHENTICATION"],
    ["refuses the cloud", 403, "PROXY_REFUSED"],
    ["is none", "garbage", "PROXY_UNREACHABLE"],
  ] as const)("a proxy that %s", async (_what, answer, code) => {
    await using proxy = await startConnectProxy({ answer });
    const { exitCode, check } = await doctor({
      HTTPS_PROXY: `http://${proxy.host}`,
      ALIBABA_CLOUD_ACCESS_KEY_ID: "LTAI5tSomeKey0001",
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: "some-secret",
      FLOWLOG_GUARD_WEBHOOK_URL: "https://hooks.example.invalid/hook",
    });
    expect(check("proxy")).toMatchObject({ status: "problem", code });
    expect(check("proxy").fix).not.toBeNull();
    // What every host has is said once.
    const isForAll = code !== "PROXY_REFUSED";
    expect(check("identity").status).toBe(isForAll ? "skipped" : "problem");
    expect(exitCode).toBe(3);
  });

  test("a proxy that the cloud is reached without is tried too", async () => {
    await using emulator = await startEmulator({ regions: REGIONS });
    const proxy = await startConnectProxy();
    const env = { ...emulatorEnv(emulator), HTTPS_PROXY: `http://user:pass-5f@${proxy.host}` };
    const open = await doctor(env);
    expect(open.check("proxy")).toMatchObject({ status: "ok" });
    expect(open.check("proxy").detail).toContain("is reached directly");
    expect([proxy.connects, open.exitCode]).toEqual([[], 0]);
    await proxy[Symbol.asyncDispose]();

    const closed = await doctor(env);
    expect(closed.check("proxy")).toMatchObject({
      status: "problem",
      code: "PROXY_UNREACHABLE",
      detail: `No connection to the proxy: ${proxy.host} cannot be reached (ECONNREFUSED).`,
      fix: "Check HTTPS_PROXY, and the network to the proxy; or unset it.",
    });
    expect(closed.check("vpc:GetFlowLogServiceStatus").status).toBe("ok");
    expect(closed.exitCode).toBe(3);
  });
});

test("credentials: a profile is named with its mode, and a temporary key with its end", async () => {
  await using emulator = await startEmulator({ regions: REGIONS });
  const { accessKeyId, accessKeySecret } = emulator.world.keys[0] ?? {};
  const profile = {
    name: "audit",
    mode: "StsToken",
    access_key_id: accessKeyId,
    access_key_secret: accessKeySecret,
    sts_token: "token",
    sts_expiration: Math.floor(Date.now() / 1_000) - 60,
  };
  await using home = await homeFolder({ [CLI_CONFIG]: { current: "audit", profiles: [profile] } });
  const {
    ALIBABA_CLOUD_ACCESS_KEY_ID: _id,
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: _secret,
    ...env
  } = emulatorEnv(emulator);
  const { check } = await doctor({ ...env, HOME: home.path });
  expect(check("credentials")).toMatchObject({ status: "problem", code: "EXPIRED" });
  expect(check("credentials").detail).toMatch(
    /^From the profile audit \(StsToken\), the current one in .*: key \*\*\*rKey, which expired at /,
  );
});
