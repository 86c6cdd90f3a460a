import process from "node:process";
import { fileURLToPath } from "node:url";

import picocolors from "picocolors";
import { Webhook } from "standardwebhooks";

import { handler } from "../../functions/check/index.ts";
import { main } from "../../functions/cli/main.ts";
import { startEmulator } from "../emulator/emulator.ts";
import { SAMPLE_REGIONS } from "../emulator/sample-regions.ts";
import { DEFAULT_WORLD } from "../emulator/world.ts";
import { startWebhookCatcher } from "../webhook-catcher.ts";

const WEBHOOK_SECRET = "whsec_ZGVtby1zZWNyZXQtb2YtMzItYnl0ZXMtbG9uZyEhISE=";
const { env, stdout, stderr } = process;
const [key] = DEFAULT_WORLD.keys;
if (key === undefined) throw new Error("the emulator has a key");

// What this machine is set up for has no part in the demo.
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

/** Points what runs in this process at a cloud as it is when a day begins. */
async function startCloud() {
  const emulator = await startEmulator({ regions: SAMPLE_REGIONS });
  env["FLOWLOG_GUARD_VPC_ENDPOINT"] = emulator.endpoint;
  env["FLOWLOG_GUARD_STS_ENDPOINT"] = emulator.endpoint;
  return emulator;
}

say("An Alibaba Cloud of eight regions, emulated on this machine. Nothing leaves it.");
await using catcher = await startWebhookCatcher([{ status: 200 }]);

heading("1. A timer starts the check function. Its log:");
{
  await using cloud = await startCloud();
  env["FLOWLOG_GUARD_WEBHOOK_URL"] = catcher.url;
  env["FLOWLOG_GUARD_WEBHOOK_SECRET"] = WEBHOOK_SECRET;
  const event = { triggerTime: "2026-11-22T08:17:00Z", triggerName: "hourly", payload: "" };
  await handler(Buffer.from(JSON.stringify(event)), {
    requestId: "1-demo",
    credentials: key,
    function: { name: "flowlog-guard-check", timeout: 120 },
    region: "cn-hangzhou",
    accountId: cloud.world.accountId,
  });
}

heading("2. The alert, as it arrived:");
for (const { headers, body } of catcher.messages) {
  const signed = ["webhook-id", "webhook-timestamp", "webhook-signature"].map(
    (name): [string, string] => [name, String(headers[name])],
  );
  for (const [name, value] of signed) say(`${name}: ${value}`);
  // Throws when the signature does not hold.
  const message = new Webhook(WEBHOOK_SECRET).verify(body, Object.fromEntries(signed));
  say(`\n${picocolors.green("✔")} The signature was verified by an independent library.\n`);
  say(JSON.stringify(message, null, 2));
}

heading("3. An auditor asks by hand: npx flowlog-guard audit");
{
  await using cloud = await startCloud();
  say(`The same cloud, at ${cloud.endpoint}:\n`);
  env["ALIBABA_CLOUD_ACCESS_KEY_ID"] = key.accessKeyId;
  env["ALIBABA_CLOUD_ACCESS_KEY_SECRET"] = key.accessKeySecret;
  const exitCode = await main({
    argv: ["audit"],
    env,
    stdout,
    stderr,
    clock: () => new Date(),
    stopRequested: () => new Promise(() => {}),
  });
  say(`\nIts exit code is ${exitCode}: at least one region is not compliant.`);
}

heading("What to do next");
say(`Audit your own account. Reading needs the RAM action vpc:GetFlowLogServiceStatus, and
vpc:DescribeRegions to find the regions:

  export ALIBABA_CLOUD_ACCESS_KEY_ID=... ALIBABA_CLOUD_ACCESS_KEY_SECRET=...
  npx flowlog-guard audit

Activate the service where it is missing, for example:

  aliyun vpc OpenFlowLogService --RegionId cn-heyuan`);
