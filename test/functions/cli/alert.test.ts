import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { EMPTY_STATE, type Entry, NEVER_NOTIFIED } from "../../../shared/alerts/alert-state.ts";
import { RECEIVER_TYPES } from "../../../shared/notify/receivers.ts";
import { serializeDocument } from "../../../shared/state/serialize-document.ts";
import { displayWidth } from "../../../shared/text/display-width.ts";
import { startEmulator } from "../../emulator/emulator.ts";
import { emulatorEnv, runCli } from "../../harness/run-cli.ts";
import { runMain } from "../../harness/run-main.ts";
import { stateWith } from "../../harness/state-with.ts";
import { CATCHER_SECRETS, startWebhookCatcher } from "../../harness/webhook-catcher.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "flowlog-guard-cli-alert-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

function config(text: string): string[] {
  const path = join(dir, "flowlog-guard.yaml");
  writeFileSync(path, text);
  return ["--config", path];
}

function expectNoSecret(text: string): void {
  for (const secret of CATCHER_SECRETS) expect(text).not.toContain(secret);
}

test("a receiver may have a Chinese name: in a test, in an audit, and in the state", async () => {
  await using emulator = await startEmulator({ regions: { "cn-a": { activated: false } } });
  await using chat = await startWebhookCatcher([{ status: 200, body: "ok" }]);
  await using other = await startWebhookCatcher();
  const file = config(`alerts:
  receivers:
    - { type: slack, name: 运维群（杭州） 一, url: "${chat.url}" }
    - { name: hook, url: "${other.url}" }
`);
  const env = {
    ...emulatorEnv(emulator),
    FLOWLOG_GUARD_STATE: `file:${join(dir, "state.json")}`,
  };
  const one = await runMain(["alert", "test", "--receiver", "运维群（杭州） 一", ...file], env);
  expect(one.stdout).toMatch(/^✔ delivered {3}运维群（杭州） 一 {3}127\.0\.0\.1/);
  const both = await runMain(["alert", "test", ...file], env);
  const hosts = both.stdout.trim().split("\n");
  const starts = hosts.map((line) => displayWidth(line.slice(0, line.indexOf("127.0.0.1"))));
  expect([hosts.length, new Set(starts).size]).toEqual([2, 1]);
  const first = await runMain(["audit", "--alert", ...file], env);
  expect(first.stderr).toContain("alert delivered to 运维群（杭州） 一 (127.0.0.1");
  const again = await runMain(["audit", "--alert", ...file], env);
  expect(again.stderr).toContain("no alert is due");
  const state = await runMain(["state", "show", ...file], env);
  expect(state.stdout).toMatch(
    /运维群（杭州） 一 \d{4}-.*, hook \d{4}-|hook \d{4}-.*, 运维群（杭州） 一 \d{4}-/,
  );
});

describe("alert test", () => {
  test("sends a marked message to every receiver, and prints each outcome", async () => {
    await using slack = await startWebhookCatcher([{ status: 200, body: "ok" }]);
    await using dingtalk = await startWebhookCatcher([
      { status: 200, body: '{"errcode":310000,"errmsg":"sign not match"}' },
    ]);
    const file = config(`alerts:
  receivers:
    - { type: slack, name: security, url: "${slack.url}" }
    - { type: dingtalk, name: ops, url: "${dingtalk.url}", secret: SECtest-5c21 }
`);
    const { exitCode, stdout, stderr } = await runCli(["alert", "test", ...file]);
    expect([exitCode, stderr]).toEqual([3, ""]);
    expect(stdout).toMatch(/^✔ delivered   security   127\.0\.0\.1:\d+   HTTP 200\n/);
    expect(stdout).toMatch(/✖ failed {6}ops {8}127\.0\.0\.1:\d+ {3}.*310000/);
    expectNoSecret(stdout);
    expect(stdout).not.toContain("SECtest");
    expect(slack.messages[0]?.body).toContain("[flowlog-guard]");
    expect(slack.messages[0]?.body).toMatch(/\btest\b/i);
    expect(dingtalk.messages[0]?.body).toContain("测试");
  });

  test("goes to one receiver where that is named, and is well when that accepted it", async () => {
    await using one = await startWebhookCatcher();
    await using other = await startWebhookCatcher();
    const file = config(`alerts:
  receivers: [{ name: one, url: "${one.url}" }, { name: other, url: "${other.url}" }]
`);
    const { exitCode } = await runCli(["alert", "test", "--receiver", "other", ...file]);
    expect([exitCode, one.messages.length, other.messages.length]).toEqual([0, 0, 1]);
    expect(JSON.parse(String(other.messages[0]?.body)).type).toBe("flowlog-guard.test");
    const unknown = await runCli(["alert", "test", "--receiver", "nobody", ...file]);
    expect(unknown).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining(
        "--receiver: there is none of that name: those configured are one, other",
      ),
    });
  });

  test("without a receiver is an error that names what to set", async () => {
    const { exitCode, stderr } = await runCli(["alert", "test"]);
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining("FLOWLOG_GUARD_WEBHOOK_URL")]);
  });
});

describe("alert preview", () => {
  test("is about several accounts where several are configured", async () => {
    const args = ["alert", "preview", "--type", "slack"];
    const one = await runCli(args);
    expect(one.stdout).toContain("Account 1234567890123456");
    const many = await runCli(args, { FLOWLOG_GUARD_ORGANIZATION_ROLE: "flowlog-guard-audit" });
    expect(many.stdout).toContain("Account prod (1234567890123457)");
  });

  test.each(RECEIVER_TYPES)(
    "prints what %s would be sent, without any configuration",
    async (type) => {
      const { exitCode, stdout } = await runCli(["alert", "preview", "--type", type]);
      expect(exitCode).toBe(0);
      const body = JSON.stringify(JSON.parse(stdout));
      expect(body).toContain("cn-heyuan");
      expect(body).toContain("me-east-1");
      const places = { dingtalk: "河源", feishu: "河源", wecom: "河源", slack: "(Heyuan)" };
      expect(body).toContain(new Map(Object.entries(places)).get(type) ?? "cn-heyuan");
      // An exemption is in every message that supports it.
      expect(body.includes("cn-wulanchabu")).toBe(type !== "alertmanager");
    },
  );

  test("prints what the configured receivers would be sent, and sends nothing", async () => {
    await using catcher = await startWebhookCatcher();
    const file = config(`alerts:
  receivers: [{ type: feishu, url: "${catcher.url}", secret: SECtest-5c21, keyword: 告警-77 }]
`);
    const { exitCode, stdout, stderr } = await runCli(["alert", "preview", ...file]);
    expect([exitCode, catcher.messages.length]).toEqual([0, 0]);
    expect(stdout).toContain("告警-77");
    expect(stderr).toMatch(/^flowlog-guard: what feishu-\w+ would be sent\n$/);
    const quiet = await runCli(["alert", "preview", "--quiet", ...file]);
    expect(quiet).toMatchObject({ exitCode: 0, stderr: "" });
    expectNoSecret(stdout + stderr);
    expect(stdout).not.toContain("SECtest");
  });

  test("without a receiver or a type is an error", async () => {
    expect(await runCli(["alert", "preview"])).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining("--type"),
    });
    expect((await runCli(["alert", "preview", "--type", "fax"])).exitCode).toBe(3);
  });

  test.each([
    [["--format", "slack"], "--type slack"],
    [["--format=slack"], "--type slack"],
    [["--format", "s3cret"], "--type <type>"],
    [["--format"], "--type <type>"],
  ])("%s is an error that names --type", async (flag, meant) => {
    const { exitCode, stdout, stderr } = await runCli(["alert", "preview", ...flag]);
    expect([exitCode, stdout]).toEqual([3, ""]);
    expect(stderr).toContain(`--format: is now called --type: write ${meant}\n`);
  });
});

describe("a state in a file", () => {
  test("is remembered from one audit to the next, and can be shown", async () => {
    await using emulator = await startEmulator({
      regions: {
        "cn-a": { activated: false },
        "cn-b": { activated: true },
        "cn-c": { activated: true, fault: { kind: "denied" } },
      },
    });
    await using catcher = await startWebhookCatcher();
    const env = {
      ...emulatorEnv(emulator),
      FLOWLOG_GUARD_WEBHOOK_URL: catcher.url,
      FLOWLOG_GUARD_STATE: `file:${join(dir, "state.json")}`,
    };
    const first = await runCli(["audit", "--alert"], env);
    expect([first.exitCode, first.stderr]).toEqual([
      1,
      expect.stringContaining("alert delivered to"),
    ]);
    // The second run in a row that cannot read cn-c has a change too. The third has none.
    await runCli(["audit", "--alert"], env);
    const again = await runCli(["audit", "--alert"], env);
    expect([again.exitCode, again.stderr]).toEqual([
      1,
      expect.stringContaining("no alert is due: NO_CHANGES"),
    ]);
    expect(catcher.messages).toHaveLength(2);

    const shown = await runCli(["state", "show"], env);
    expect(shown).toMatchObject({ exitCode: 0, stderr: "" });
    const lines = shown.stdout.split("\n").map((line) => line.split(/ {2,}/));
    expect(lines).toEqual([
      ["REGION", "ACCOUNT", "LAST KNOWN", "SINCE", "NOTIFIED"],
      [
        "cn-a",
        "1234567890123456",
        "NOT_ACTIVATED",
        expect.stringMatching(/Z$/),
        expect.stringMatching(/^webhook-/),
      ],
      [
        "cn-c",
        "1234567890123456",
        "ACCESS_DENIED, 3 runs",
        expect.stringMatching(/Z$/),
        expect.stringMatching(/^webhook-/),
      ],
      [""],
    ]);
    const json = JSON.parse((await runCli(["state", "show", "--format", "json"], env)).stdout);
    expect(json).toMatchObject({
      schemaVersion: 5,
      entries: [{ subjects: [{ regionId: "cn-a" }] }, { subjects: [{ regionId: "cn-c" }] }],
    });
    expectNoSecret(JSON.stringify(json));
  });

  test("shows unconfirmed changes, and receivers that have yet to confirm an end", async () => {
    await using emulator = await startEmulator({ regions: { "cn-a": { activated: false } } });
    await using catcher = await startWebhookCatcher(["cut", "cut", { status: 200 }, "cut"]);
    const path = join(dir, "state.json");
    const config = join(dir, "flowlog-guard.yaml");
    const receiver = `{ type: slack, name: chat, url: "${catcher.url}" }`;
    writeFileSync(config, `alerts: { receivers: [${receiver}] }\nstate: "file:${path}"\n`);
    const audit = async (env: Record<string, string>) =>
      (await runCli(["audit", "--alert", "--config", config], env)).exitCode;
    const lines = async () =>
      (await runCli(["state", "show", "--config", config])).stdout
        .split("\n")
        .map((line) => line.split(/ {2,}/));
    // Slack's answer was cut off: the message may have arrived.
    expect(await audit(emulatorEnv(emulator))).toBe(3);
    const minute = /\d{4}-\d\d-\d\dT\d\d:\d\dZ/.source;
    const row = ["cn-a", "1234567890123456"];
    expect((await lines())[1]).toEqual([
      ...row,
      "NOT_ACTIVATED",
      expect.stringMatching(minute),
      expect.stringMatching(`^chat opened ${minute} unconfirmed$`),
    ]);
    await using mended = await startEmulator({ regions: { "cn-a": { activated: true } } });
    expect(await audit(emulatorEnv(mended))).toBe(3);
    expect((await lines())[1]).toEqual([
      ...row,
      "over, not activated",
      "-",
      expect.stringMatching(`^chat resolved ${minute} unconfirmed$`),
    ]);
    expect(catcher.messages).toHaveLength(2);
  });

  test("is shown with a column for rules and for resources, where these distinguish entries", async () => {
    const path = join(dir, "state.json");
    const resource = { type: "ACME::Box", id: "box-1" };
    const [first, second] = stateWith(["cn-a", "cn-a"]).entries;
    if (first === undefined || second === undefined) throw new Error("there are two entries");
    const over = { confirmed: { sinceMs: 0, code: "OPEN", atMs: 60_000 }, unconfirmed: null };
    const show = async (...entries: Entry[]) => {
      writeFileSync(path, serializeDocument({ ...EMPTY_STATE, entries }));
      const { stdout } = await runCli(["state", "show"], { FLOWLOG_GUARD_STATE: `file:${path}` });
      return stdout.split("\n").map((line) => line.split(/ {2,}/).slice(0, -1));
    };
    expect(
      await show(first, {
        ...second,
        ruleId: "boxes-shut",
        resource,
        open: null,
        notified: { chat: { open: over, unreadable: NEVER_NOTIFIED } },
      }),
    ).toEqual([
      ["RULE", "REGION", "RESOURCE", "ACCOUNT", "LAST KNOWN", "SINCE"],
      ["boxes-shut", "cn-a", "box-1", "1234567890123456", "over, not compliant", "-"],
      [
        "flow-log-service-activated",
        "cn-a",
        "-",
        "1234567890123456",
        "NOT_ACTIVATED",
        "2026-11-21T08:00Z",
      ],
      [],
    ]);
    // A rule's own reason for what is not known is shown like any other.
    const unreadable = { sinceMs: 60_000, code: "STATE_UNKNOWN", runs: 2, lastRunId: "run-2" };
    const unknown = { ...first, ruleId: "boxes-shut", resource, open: null, unreadable };
    expect((await show(unknown))[1]).toEqual([
      "cn-a",
      "box-1",
      "1234567890123456",
      "STATE_UNKNOWN, 2 runs",
      "1970-01-01T00:01Z",
    ]);
    expect((await show({ ...first, resource }, second))[0]).toEqual([
      "REGION",
      "RESOURCE",
      "ACCOUNT",
      "LAST KNOWN",
      "SINCE",
    ]);
  });

  test("that is damaged is set aside, with a warning", async () => {
    await using emulator = await startEmulator({ regions: { "cn-a": { activated: false } } });
    await using catcher = await startWebhookCatcher();
    const path = join(dir, "state.json");
    writeFileSync(path, "{ this is no state");
    const env = {
      ...emulatorEnv(emulator),
      FLOWLOG_GUARD_WEBHOOK_URL: catcher.url,
      FLOWLOG_GUARD_STATE: `file:${path}`,
    };
    const shown = await runCli(["state", "show"], env);
    expect([shown.exitCode, shown.stderr]).toEqual([
      0,
      expect.stringContaining("cannot be read as one"),
    ]);
    const { exitCode, stderr } = await runCli(["audit", "--alert"], env);
    expect([exitCode, stderr]).toEqual([
      1,
      expect.stringMatching(/set aside as state\.json\.corrupt-/),
    ]);
    expect(catcher.messages).toHaveLength(1);
  });

  test.each([
    { DEPLOY_REGION: "" },
    { DEPLOY_REGION: "evil.example/#" },
    { FC_REGION: "cn-hangzhou" },
  ])("is not read with %j", async (region) => {
    const env = {
      ALIBABA_CLOUD_ACCESS_KEY_ID: "LTAI5tEmulatorKey",
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: "emulator-secret-f3a9",
      ...region,
      FLOWLOG_GUARD_STATE: "oss://my-bucket/",
    };
    expect(await runCli(["state", "show"], env)).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining("the region of the bucket my-bucket is not known"),
    });
  });

  test("with control characters does not affect the terminal that shows it", async () => {
    const path = join(dir, "state.json");
    const name = "\u001b[31mcn-\n\u009b2J\u202ea\u{e0001}";
    const time = "2026-11-22T08:00:00.000Z";
    const notice = { since: time, code: name, at: time, exemptUntil: name };
    const attempt = { event: "reminder", since: time, at: time, exemptUntil: name };
    const notified = {
      [name]: {
        open: { confirmed: notice, unconfirmed: attempt },
      },
    };
    const subjects = [{ accountId: name, regionId: name, ruleId: name }];
    const entry = { seenAt: time, open: { since: time, code: name }, notified, subjects };
    const accounts = { [name]: { seenAt: time, source: name } };
    const state = { schemaVersion: 5, generation: 0, entries: [entry], receivers: {}, accounts };
    writeFileSync(path, JSON.stringify(state));
    const env = { FLOWLOG_GUARD_STATE: `file:${path}` };
    const table = await runCli(["state", "show"], env);
    const json = await runCli(["state", "show", "--format", "json"], env);
    expect([table.exitCode, table.stdout.trimEnd().split("\n").length]).toEqual([0, 2]);
    for (const { stdout } of [table, json]) {
      expect(stdout.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    }
    expect(JSON.parse(json.stdout)).toEqual(state);
  });

  test("that is damaged is also reported if the alert reaches no receiver", async () => {
    await using emulator = await startEmulator({ regions: { "cn-a": { activated: false } } });
    await using catcher = await startWebhookCatcher([{ status: 404 }]);
    const path = join(dir, "state.json");
    writeFileSync(path, "{ this is no state");
    const { exitCode, stderr } = await runCli(["audit", "--alert"], {
      ...emulatorEnv(emulator),
      FLOWLOG_GUARD_WEBHOOK_URL: catcher.url,
      FLOWLOG_GUARD_STATE: `file:${path}`,
    });
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining("The alert reached nobody")]);
    expect(stderr).toMatch(/set aside as state\.json\.corrupt-/);
  });

  test("that does not exist yet is shown as empty; without a configured state, an error", async () => {
    const env = { FLOWLOG_GUARD_STATE: `file:${join(dir, "state.json")}` };
    expect(await runCli(["state", "show"], env)).toMatchObject({
      exitCode: 0,
      stdout: "Nothing is remembered.\n",
    });
    expect(await runCli(["state", "show"])).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining("FLOWLOG_GUARD_STATE"),
    });
  });
});

test("an exemption is shown with what was observed, and does not count", async () => {
  await using emulator = await startEmulator({ regions: { "cn-a": { activated: false } } });
  const file = config(`exemptions:
  - { region: cn-a, owner: net-team, reason: "no workloads, NET-42", expires: 2999-12-31 }
  - { region: cn-typo, owner: net-team, reason: gone, expires: 2999-12-31 }
`);
  const { exitCode, stdout, stderr } = await runCli(["audit", ...file], emulatorEnv(emulator));
  expect(exitCode).toBe(0);
  expect(stdout).toContain("- IGNORED   cn-a     EXEMPT");
  expect(stdout).toContain(
    "Exempt until 2999-12-31 (net-team: no workloads, NET-42). Observed: The flow",
  );
  expect(stderr).toContain("The exemption of cn-typo, account *, is about no region in scope.");
});
