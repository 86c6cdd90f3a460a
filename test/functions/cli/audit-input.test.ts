import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { startEmulator } from "../../emulator/emulator.ts";
import type { RegionSeed } from "../../emulator/world.ts";
import { emulatorEnv, runCli } from "../../harness/run-cli.ts";
import { runMain } from "../../harness/run-main.ts";
import { startWebhookCatcher } from "../../harness/webhook-catcher.ts";

const WELL: RegionSeed = { activated: true };

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "flowlog-guard-cli-"));
});

afterAll(() => rm(folder, { recursive: true }));

describe("credentials", () => {
  test("that are absent are one clear error", async () => {
    await using emulator = await startEmulator({ regions: { "cn-a": WELL } });
    const { FLOWLOG_GUARD_VPC_ENDPOINT = "" } = emulatorEnv(emulator);
    const { exitCode, stderr } = await runCli(["audit"], { FLOWLOG_GUARD_VPC_ENDPOINT });
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(
      /^flowlog-guard: No credentials were found\. Set ALIBABA_CLOUD_ACCESS_KEY_ID.*\n$/,
    );
    expect(emulator.requests).toEqual([]);
  });

  test("that are wrong are one clear error, and no secret is repeated", async () => {
    const securityToken = "sts-token-4d1f";
    await using emulator = await startEmulator({
      regions: { "cn-a": WELL },
      keys: [{ accessKeyId: "LTAI5tSts", accessKeySecret: "right-secret", securityToken }],
    });
    const env = {
      ...emulatorEnv(emulator),
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: "wrong-secret-77b1",
      ALIBABA_CLOUD_SECURITY_TOKEN: securityToken,
    };
    const args = ["audit", "--regions", "cn-a", "--verbose"];
    const { exitCode, stdout, stderr } = await runCli(args, env);
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
    expect(stderr).toContain("The credentials were refused (HTTP 400, SignatureDoesNotMatch)");
    for (const secret of ["wrong-secret-77b1", securityToken, "LTAI5tSts"]) {
      expect(stderr).not.toContain(secret);
    }
  });

  test("of which only one part is set are an error that names the other", async () => {
    const { exitCode, stderr } = await runCli(["audit"], {
      ALIBABA_CLOUD_ACCESS_KEY_ID: "LTAI5tHalf",
    });
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/^flowlog-guard: ALIBABA_CLOUD_ACCESS_KEY_SECRET is not set, or empty/);
  });

  test("with white space are an error before the cloud is asked", async () => {
    await using emulator = await startEmulator({ regions: { "cn-a": WELL } });
    const env = { ...emulatorEnv(emulator), ALIBABA_CLOUD_SECURITY_TOKEN: "token\r\n" };
    const { exitCode, stderr } = await runCli(["audit"], env);
    expect(exitCode).toBe(3);
    expect(stderr).toContain("The security token holds white space");
    expect(emulator.requests).toEqual([]);
  });

  test("that a service or a file gives incompletely are not echoed", async () => {
    const answer = { AccessKeyId: "LTAI5tLeak", AccessKeySecret: "leak-secret-31" };
    await using uri = await startWebhookCatcher([{ status: 200, body: JSON.stringify(answer) }]);
    const home = join(folder, "home");
    await mkdir(join(home, ".aliyun"), { recursive: true });
    await writeFile(join(home, ".aliyun/config.json"), '{ "access_key_secret": "leak-secret-31", ');
    const env = { HOME: home, ALIBABA_CLOUD_CREDENTIALS_URI: uri.url };
    const { exitCode, stdout, stderr } = await runCli(["audit", "--verbose"], env);
    expect(exitCode).toBe(3);
    expect(stdout + stderr).not.toMatch(/leak-secret|LTAI5tLeak/);
  });

  test("that are temporary are used with their token", async () => {
    const key = { accessKeyId: "STS.key", accessKeySecret: "secret", securityToken: "token" };
    await using emulator = await startEmulator({ regions: { "cn-a": WELL }, keys: [key] });
    const env = { ...emulatorEnv(emulator), ALIBABA_CLOUD_SECURITY_TOKEN: "token" };
    expect((await runCli(["audit"], env)).exitCode).toBe(0);
  });
});

describe("bad input is one readable message and exit 3, before the cloud is asked", () => {
  test.each<[string[], string]>([
    [["--nonsense"], "flowlog-guard: unknown option (value not shown)"],
    [["--verison"], "flowlog-guard: unknown option '--verison'"],
    [["adit"], "flowlog-guard: unknown command 'adit'"],
    [["audit", "extra"], "flowlog-guard: too many arguments for 'audit'"],
    [["audit", "--fromat", "json"], "flowlog-guard: unknown option '--fromat'"],
    [["audit", "--format", "xml"], "Allowed choices are table, "],
    [["audit", "--regions"], "flowlog-guard: option '-r, --regions <list>' argument missing"],
    [["audit", "--regions", ""], "flowlog-guard: --regions: is empty"],
    [["audit", "--regions", "!cn-a"], "flowlog-guard: --regions: only leaves regions out"],
    [["audit", "--regions", "CN-A"], 'flowlog-guard: --regions: "CN-A" is not a region'],
    [["audit", "--timeout", "soon"], "flowlog-guard: --timeout: is not a duration"],
    [
      ["audit", "--attempt-timeout", "x"],
      'flowlog-guard: --attempt-timeout: "x" is not a duration',
    ],
    [["audit", "--timeout", "3s", "--attempt-timeout", "4s"], "(--timeout), which is 3s"],
    [["audit", "--remote", "--attempt-timeout", "4s"], "--attempt-timeout: means nothing beside"],
    [["audit", "--deadline", "5"], 'flowlog-guard: --deadline: "5" is not a duration'],
    [["audit", "--concurrency", "0"], "flowlog-guard: --concurrency: must be a whole number"],
    [
      ["audit", "--config", "/nowhere.yaml"],
      "flowlog-guard: /nowhere.yaml: cannot be read (ENOENT)",
    ],
    [["audit", "--output", "/"], "flowlog-guard: --output: / is a folder"],
    [
      ["audit", "--output", "/nowhere/x.md"],
      "flowlog-guard: --output: /nowhere/x.md cannot be written",
    ],
    [["audit", "--output", ""], "flowlog-guard: --output: is empty: name a file"],
    [["audit", "--config", ""], "flowlog-guard: --config: is empty: name a file"],
    [["config", "--regions", "CN-A"], 'flowlog-guard: --regions: "CN-A" is not a region'],
  ])("%j", async (args, message) => {
    await using emulator = await startEmulator({ regions: { "cn-a": WELL } });
    const { exitCode, stdout, stderr } = await runMain(args, emulatorEnv(emulator));
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(emulator.requests).toEqual([]);
  });

  test.each<[string, string]>([
    ["regions: [cn-a\n", "is not YAML that can be read: indent it"],
    [
      "regions: [cn-a]\nregions: [cn-b]\n",
      "is not YAML that can be read, at the key regions: the key stands there twice",
    ],
    ["region: [cn-a]\n", "region: is not a known key"],
    ["- cn-a\n", "must be a set of keys and values"],
    ["accounts: [prod-*]\n", "accounts[0]: must be an account with its keys, such as { id: "],
    ["regions: &a [*a]\n", "has aliases (*) that contain themselves"],
    [
      "regions: [*]\n",
      "is not YAML that can be read, at the key regions: put text that begins with * in quotes",
    ],
    [
      "regions:\n  - cn-a\n  - !cn-b\n",
      "is not YAML that can be read: put text that begins with ! in quotes",
    ],
    [
      "alerts:\n\trepeatAfter: 1d\n",
      "is not YAML that can be read, at the key repeatAfter: indent with spaces",
    ],
    [
      "alerts: { receivers: [{ url: 'https://h/${X-y}' }] }\n",
      'alerts.receivers[0].url: holds a "${"',
    ],
  ])("the file %j", async (content, message) => {
    const path = join(folder, "bad.yaml");
    await writeFile(path, content);
    const { exitCode, stderr } = await runMain(["audit"], { FLOWLOG_GUARD_CONFIG: path });
    expect(exitCode).toBe(3);
    expect(stderr.replace(/(?<=bad\.yaml):\d+:\d+/, "")).toContain(
      `flowlog-guard: ${path}: ${message}`,
    );
  });

  test("a value that may be a secret is not repeated", async () => {
    const secrets = [
      "https://hooks.example.com/s3cret-path?token=s3cret-token",
      "hooks.example.com/s3cret",
      "whsec_s3cretMfKQ9r8GKYqrTwjUPD8ILPZIo2La",
      "s3cretLTAI5tQ1w2e3r4t5y6u7i8",
      "it's'the\nhttps://hooks.example.com/s3cret-path",
    ];
    const calls = secrets.flatMap((secret) => [
      ["audit", `--webhook=${secret}`],
      ["audit", `--${secret}`],
      ["audit", secret],
      [secret],
      ["audit", "--regions", secret],
      ["audit", "--format", secret],
      ["audit", "--timeout", secret],
    ]);
    const [address = ""] = secrets;
    for (const flag of ["--config", "--output"]) {
      calls.push(["audit", "--verbose", flag, address]);
    }
    const results = await Promise.all(calls.map((args) => runCli(args)));
    expect(results.map(({ exitCode }) => exitCode)).toEqual(calls.map(() => 3));
    expect(results.map(({ stderr }) => stderr).join("")).not.toContain("s3cret");
  });

  test.each(["--verbose", "-v", "-qv", "-vq"])("%s adds the stack trace", async (flag) => {
    const { stderr } = await runMain(["audit", "--regions", "CN-A", flag]);
    expect(stderr).toMatch(/^\s+at /m);
  });

  test.each(["config", "policy", "watch", "alert test", "alert preview", "state show"])(
    "%s has the same flags: -q and -v",
    async (command) => {
      const args = [...command.split(" "), "-q", "-v", "--config", "/nowhere.yaml"];
      const { exitCode, stderr } = await runMain(args);
      expect(exitCode).toBe(3);
      expect(stderr).toMatch(/(cannot be read|--schedule).*\n(.*\n)+\s+at /);
    },
  );
});

describe("the configuration", () => {
  test.each(["config", "policy", "audit --remote --region cn-a"])(
    "may end in .yml, but not in both, for %s",
    async (command) => {
      const cwd = await mkdtemp(join(folder, "yml-"));
      const args = command.split(" ");
      await writeFile(join(cwd, "flowlog-guard.yml"), "regions: [CN-A]\nendpoints: { sts: '' }\n");
      const found = await runCli(args, {}, { cwd });
      expect(found.stderr).toContain('flowlog-guard.yml:2:14: endpoints.sts: "" is not');
      const named = join(cwd, "flowlog-guard.yaml");
      await writeFile(named, "regions: [CN-A]\nendpoints: { sts: '' }\n");
      expect(await runCli(args, {}, { cwd })).toEqual({
        exitCode: 3,
        stdout: "",
        stderr:
          "flowlog-guard: flowlog-guard.yaml and flowlog-guard.yml: both are here. Keep one of them, or name the one that counts with FLOWLOG_GUARD_CONFIG or --config.\n",
      });
      const chosen = await runCli(args, { FLOWLOG_GUARD_CONFIG: named }, { cwd });
      expect(chosen.stderr).toContain(`${named}:2:14: endpoints.sts: "" is not`);
    },
  );

  test("in the current folder is read, and printed resolved with its secrets masked", async () => {
    await writeFile(
      join(folder, "flowlog-guard.yaml"),
      'regions: [cn-a, "ap-*"]\nalerts: { receivers: [{ url: "${HOOK}" }] }\n',
    );
    const env = { HOOK: "https://hooks.example.com/s3cret", FLOWLOG_GUARD_TIMEOUT: "3s" };
    const unset = { ...env, FLOWLOG_GUARD_CONFIG: "unset" };
    const result = await runCli(
      ["config", "--concurrency", "4", "--attempt-timeout", "500ms"],
      unset,
      { cwd: folder },
    );
    expect(result).toEqual({
      exitCode: 0,
      stderr: "",
      stdout: `\
regions:
  - cn-a
  - ap-*
rules:
  - flow-log-service-activated
settings: {}
concurrency: 4
timeout: 3s
attemptTimeout: 500ms
deadline: 5m
exemptions: []
alerts:
  repeatAfter: 1d
  unreadableAfter: 2
  receivers:
    - type: webhook
      name: webhook-ddea86af
      url: https://hooks.example.com/***
state: none
evidence: none
actiontrail: false
heartbeat: null
endpoints:
  vpc: {}
  sts: null
  fc: null
  oss: null
  ecs: null
  sls: null
  resourceDirectory: null
  cloudConfig: null
  actionTrail: null
proxy: null
`,
    });
  });
});

describe("help and version", () => {
  test.each([[["--help"]], [["audit", "--help"]], [["config", "--help"]]])("%j", async (args) => {
    const { exitCode, stdout, stderr } = await runCli(args);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toMatch(/^Usage: flowlog-guard /);
  });

  test("name every flag and exit code", async () => {
    const { stdout } = await runCli(["audit", "--help"]);
    for (const flag of [
      "regions",
      "rules",
      "config",
      "concurrency",
      "timeout",
      "attempt-timeout",
      "deadline",
      "format",
      "output",
      "alert",
      "no-progress",
      "quiet",
      "verbose",
      "help",
    ]) {
      expect(stdout).toContain(`--${flag}`);
    }
    for (const exitCode of [0, 1, 2, 3])
      expect(stdout).toMatch(new RegExp(`^ {2}${exitCode} `, "m"));
  });

  test("no command at all is help on stderr, and exit 3", async () => {
    const { exitCode, stdout, stderr } = await runCli([]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
    expect(stderr).toContain("Usage: flowlog-guard");
  });

  test("--version", async () => {
    expect((await runCli(["--version"])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
