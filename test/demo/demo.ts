import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

import picocolors from "picocolors";
import { Webhook } from "standardwebhooks";

import { check } from "../../functions/check/check.ts";
import { handler } from "../../functions/check/index.ts";
import { main } from "../../functions/cli/main.ts";
import type { FunctionContext } from "../../shared/entry/function-context.ts";
import { flowLogServiceActivated } from "../../shared/rules/flow-log-service-activated.ts";
import type { KeyPair } from "../emulator/acs3-signature.ts";
import { type Emulator, startEmulator } from "../emulator/emulator.ts";
import { SAMPLE_REGIONS } from "../emulator/sample-regions.ts";
import { DEFAULT_WORLD, type RegionSeed } from "../emulator/world.ts";
import { startWebhookCatcher } from "../harness/webhook-catcher.ts";
import { chatText, chatTitle } from "./chat-text.ts";

const WEBHOOK_SECRET = "whsec_ZGVtby1zZWNyZXQtb2YtMzItYnl0ZXMtbG9uZyEhISE=";
const { env, stdout, stderr } = process;
const [key] = DEFAULT_WORLD.keys;
if (key === undefined) throw new Error("the emulator has a key");
const DEMO_KEY: KeyPair = key;

// The demo ignores this machine's configuration.
process.chdir(fileURLToPath(new URL(".", import.meta.url)));
for (const name of Object.keys(env)) {
  if (/^(FLOWLOG_GUARD|ALIBABA_CLOUD)_/.test(name)) delete env[name];
}

function say(text: string): void {
  stdout.write(`${text}\n`);
}

function heading(text: string): void {
  say(`\n${picocolors.bold(text)}\n`);
}

/** Points the programs in this process at a cloud in the state of the beginning of a day. */
async function startCloud() {
  const emulator = await startEmulator({ regions: SAMPLE_REGIONS });
  env["FLOWLOG_GUARD_VPC_ENDPOINT"] = emulator.endpoint;
  env["FLOWLOG_GUARD_STS_ENDPOINT"] = emulator.endpoint;
  env["FLOWLOG_GUARD_ECS_ENDPOINT"] = emulator.endpoint;
  env["FLOWLOG_GUARD_SLS_ENDPOINT"] = emulator.endpoint;
  return emulator;
}

/** The context that Function Compute gives a function. */
function contextIn({ world }: Emulator): FunctionContext {
  return {
    requestId: "1-demo",
    credentials: DEMO_KEY,
    function: { name: "flowlog-guard-check", timeout: 120 },
    region: "cn-hangzhou",
    accountId: world.accountId,
  };
}

/** Runs the command line in this process. */
async function runCommand(...argv: readonly string[]): Promise<number> {
  env["ALIBABA_CLOUD_ACCESS_KEY_ID"] = DEMO_KEY.accessKeyId;
  env["ALIBABA_CLOUD_ACCESS_KEY_SECRET"] = DEMO_KEY.accessKeySecret;
  return main({
    argv,
    env,
    stdout,
    stderr,
    clock: () => new Date(),
    stopRequested: () => new Promise(() => {}),
  });
}

/** The robots of two chats, with the state of what each was notified of. */
async function startChats() {
  const accepted = { status: 200, body: '{"errcode":0,"errmsg":"ok"}' };
  const dingtalk = await startWebhookCatcher([accepted]);
  const slack = await startWebhookCatcher([{ status: 200, body: "ok" }]);
  const dir = await mkdtemp(join(tmpdir(), "flowlog-guard-demo-"));
  const receivers = [
    { type: "slack", url: slack.url },
    { type: "dingtalk", url: dingtalk.url },
  ];
  const values = { alerts: { receivers }, state: `file:${join(dir, "state.json")}` };
  return {
    dingtalk,
    slack,
    /** Runs the check function, as the timer does at a time, in a cloud of these regions. */
    async run(triggerTime: string, regions: Readonly<Record<string, RegionSeed>>): Promise<void> {
      await using cloud = await startEmulator({ regions });
      const event = { triggerTime, triggerName: "hourly", payload: "" };
      await check(Buffer.from(JSON.stringify(event)), contextIn(cloud), {
        env: {
          FLOWLOG_GUARD_VPC_ENDPOINT: cloud.endpoint,
          FLOWLOG_GUARD_STS_ENDPOINT: cloud.endpoint,
          FLOWLOG_GUARD_ECS_ENDPOINT: cloud.endpoint,
          FLOWLOG_GUARD_SLS_ENDPOINT: cloud.endpoint,
        },
        file: { name: "flowlog-guard.yaml", values },
        clock: () => new Date(triggerTime),
        log() {},
      });
    },
    async [Symbol.asyncDispose]() {
      await dingtalk[Symbol.asyncDispose]();
      await slack[Symbol.asyncDispose]();
      await rm(dir, { recursive: true });
    },
  };
}

say("An Alibaba Cloud of eight regions, emulated on this machine. Nothing leaves it.");

heading("1. Audit it: flowlog-guard audit");
{
  await using cloud = await startCloud();
  say(`Its API is at ${cloud.endpoint}.\n`);
  const exitCode = await runCommand("audit");
  say(`\nThe exit code is ${exitCode}: at least one region is not compliant.`);
}

await using chats = await startChats();
await chats.run("2026-11-22T08:17:00Z", SAMPLE_REGIONS);
heading("2. A timer audits it every hour, and alerts. A Slack channel shows:");
for (const { body } of chats.slack.messages) say(chatText(body));
say("\nA DingTalk group shows, in Chinese:\n");
for (const { body } of chats.dingtalk.messages) say(chatText(body));

heading("3. Each change is notified once. The Slack channel in the next hours:");
{
  // The remedy in the message was applied.
  const heyuan = { activated: true, localName: "China (Heyuan)" };
  const mended = { ...SAMPLE_REGIONS, "cn-heyuan": heyuan };
  const hours = [
    ["2026-11-22T09:17:00Z", SAMPLE_REGIONS],
    ["2026-11-22T10:17:00Z", SAMPLE_REGIONS],
    ["2026-11-22T11:17:00Z", mended],
    ["2026-11-22T12:17:00Z", mended],
  ] as const;
  for (const [time, regions] of hours) {
    const before = chats.slack.messages.length;
    await chats.run(time, regions);
    const [message] = chats.slack.messages.slice(before);
    say(`${time.slice(11, 16)}  ${message ? chatTitle(message.body) : picocolors.dim("nothing")}`);
  }
}

heading("4. The log of the function, one line of JSON for each finding and one for the run:");
await using catcher = await startWebhookCatcher([{ status: 200 }]);
{
  await using cloud = await startCloud();
  env["FLOWLOG_GUARD_WEBHOOK_URL"] = catcher.url;
  env["FLOWLOG_GUARD_WEBHOOK_SECRET"] = WEBHOOK_SECRET;
  const event = { triggerTime: "2026-11-22T08:17:00Z", triggerName: "hourly", payload: "" };
  await handler(Buffer.from(JSON.stringify(event)), contextIn(cloud));
}

heading("5. An endpoint of your own is sent the same, signed:");
for (const { headers, body } of catcher.messages) {
  const signed = ["webhook-id", "webhook-timestamp", "webhook-signature"].map(
    (name): [string, string] => [name, String(headers[name])],
  );
  for (const [name, value] of signed) say(`${name}: ${value}`);
  // Throws when the signature is invalid.
  const message = Object(new Webhook(WEBHOOK_SECRET).verify(body, Object.fromEntries(signed)));
  say(`${picocolors.green("✔")} The signature was verified by an independent library.`);
  const { type, data } = message;
  say(JSON.stringify({ type, accountId: data.accountId, summary: data.summary }));
}

heading(
  "6. Is traffic really recorded there? flowlog-guard audit --rules all --only non_compliant",
);
{
  await using cloud = await startCloud();
  say(`The API is at ${cloud.endpoint}. The service is activated in three of these regions,
and each has a gap:\n`);
  await runCommand("audit", "--rules", "all", "--regions", "cn-*", "--only", "non_compliant");
}

heading("What to do next");
const { command, before, after } = flowLogServiceActivated.remedy({ regionId: "cn-heyuan" });
say(`Install flowlog-guard as README.md says, and audit your own account. Reading needs the RAM actions
vpc:GetFlowLogServiceStatus, and vpc:DescribeRegions to find the regions:

  export ALIBABA_CLOUD_ACCESS_KEY_ID=... ALIBABA_CLOUD_ACCESS_KEY_SECRET=...
  flowlog-guard audit

Activate the service where it is missing, region by region or with enable, which first prints its plan:

  ${command}
  flowlog-guard enable

${before?.en}
${after?.note.en}`);
