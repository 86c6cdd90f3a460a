import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";

import { RECEIVER_TYPES, type ReceiverType } from "../../../shared/notify/receivers.ts";
import { startEmulator } from "../../emulator/emulator.ts";
import type { RegionSeed } from "../../emulator/world.ts";
import { emulatorEnv, runCli } from "../../harness/run-cli.ts";
import {
  type CatcherAnswer,
  startWebhookCatcher,
  type WebhookCatcher,
} from "../../harness/webhook-catcher.ts";
import { shareOfLimit, textsOf } from "../../shared/notify/read-bodies.ts";

/** What each vendor confirms a message with. */
const ANSWERS: Readonly<Record<ReceiverType, CatcherAnswer>> = {
  webhook: { status: 200 },
  alertmanager: { status: 200 },
  slack: { status: 200, body: "ok" },
  dingtalk: { status: 200, body: '{"errcode":0,"errmsg":"ok"}' },
  wecom: { status: 200, body: '{"errcode":0,"errmsg":"ok"}' },
  feishu: { status: 200, body: '{"code":0,"msg":"success","data":{}}' },
  teams: { status: 202 },
};

const MAX_MESSAGES = 5;

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "flowlog-guard-watch-resources-"));
});
afterEach(() => rm(dir, { recursive: true }));

/** One run on schedule with a state in a file, and a configuration file with these values. */
async function watchOnce(region: RegionSeed, values: object, env: Record<string, string> = {}) {
  await using emulator = await startEmulator({ regions: { "cn-a": region } });
  const config = join(dir, "flowlog-guard.json");
  await writeFile(config, JSON.stringify(values));
  const all = {
    ...emulatorEnv(emulator),
    FLOWLOG_GUARD_STATE: `file:${join(dir, "state.json")}`,
    ...env,
  };
  const result = await runCli(["watch", "--once", "--config", config], all);
  expect(result).toMatchObject({ exitCode: 0, stderr: "" });
  const shown = await runCli(["state", "show", "--config", config], all);
  return { log: JSON.parse(String(result.stdout.trim().split("\n").at(-1))), shown: shown.stdout };
}

/** The changes of the messages since the last call, as event, rule, and resource or region. */
function changesOf(): (catcher: WebhookCatcher) => string[] {
  let read = 0;
  return ({ messages }) => {
    const bodies = messages.slice(read).map(({ body }) => JSON.parse(body));
    read = messages.length;
    return bodies.flatMap(({ data }) =>
      data.changes.map(
        (change: {
          readonly event: string;
          readonly ruleId: string;
          readonly regionId: string;
          readonly resource?: { readonly id: string };
        }) => `${change.event} ${change.ruleId} ${change.resource?.id ?? change.regionId}`,
      ),
    );
  };
}

test("rules that are added leave the alerts of the default rule as they are", async () => {
  await using catcher = await startWebhookCatcher();
  const changes = changesOf();
  const alerts = { receivers: [{ type: "webhook", name: "hook", url: catcher.url }] };
  const region: RegionSeed = { activated: false, vpcs: [{ vpcId: "vpc-1" }] };
  await watchOnce(region, { alerts });
  expect(changes(catcher)).toEqual(["opened flow-log-service-activated cn-a"]);
  const before = JSON.parse(await readFile(join(dir, "state.json"), "utf8")).entries;

  const { shown, log } = await watchOnce(region, { rules: "all", alerts });
  expect(changes(catcher)).toEqual(["opened vpc-flow-log-active vpc-1"]);
  const { entries } = JSON.parse(await readFile(join(dir, "state.json"), "utf8"));
  expect(entries).toHaveLength(2);
  const { seenAt: _before, ...known } = before[0];
  expect(entries).toContainEqual({ ...known, seenAt: expect.any(String) });
  expect(shown).toMatch(/^RULE +REGION +RESOURCE +ACCOUNT +LAST KNOWN +SINCE +NOTIFIED\n/);
  expect(shown).toMatch(/\nflow-log-service-activated +cn-a +- +\d+ +NOT_ACTIVATED /);
  expect(shown).toMatch(/\nvpc-flow-log-active +cn-a +vpc-1 +\d+ +NO_FLOW_LOG /);
  expect(log).toMatchObject({ resources: { nonCompliant: [{ id: "vpc-1" }] } });

  await watchOnce({ ...region, activated: true }, { alerts });
  expect(changes(catcher).toSorted()).toEqual([
    "resolved flow-log-service-activated cn-a",
    "unscoped vpc-flow-log-active vpc-1",
  ]);
});

test("each receiver takes three hundred VPCs at once, the worst first", async () => {
  const catchers = new Map<ReceiverType, WebhookCatcher>();
  for (const type of RECEIVER_TYPES) {
    const catcher = await startWebhookCatcher([ANSWERS[type]]);
    onTestFinished(() => catcher.stop());
    catchers.set(type, catcher);
  }
  await using watchdog = await startWebhookCatcher();
  const receivers = [...catchers].map(([type, { url, origin }]) => ({
    type,
    name: type,
    url: type === "alertmanager" ? origin : url,
  }));
  const vpcs = Array.from({ length: 300 }, (_, index) => ({
    vpcId: `vpc-bp1${String(index).padStart(17, "0")}`,
    name: `客户 ${index} *x*`,
  }));
  const region: RegionSeed = {
    activated: false,
    vpcs,
    flowLogs: [{ flowLogId: "fl-1", resourceType: "VPC", resourceId: "vpc-bp100000000000000000" }],
    logStores: { "flow-logs/vpc": 30 },
  };
  const { log } = await watchOnce(
    region,
    { rules: "all", alerts: { receivers } },
    { FLOWLOG_GUARD_HEARTBEAT_URL: watchdog.url },
  );
  expect(log).toMatchObject({ outcome: "done", summary: { nonCompliant: 301 } });
  expect(watchdog.messages).toHaveLength(2);
  expect(JSON.parse(String(watchdog.messages.at(-1)?.body))).toMatchObject({
    summary: { nonCompliant: 301 },
  });
  const bodies = [...catchers].map(([type, { messages }]) => ({
    type,
    bodies: messages.map(({ body }) => JSON.parse(body) as unknown),
  }));
  const within = bodies.map(({ type, bodies: own }) => ({
    type,
    isSent: own.length > 0 && own.length <= MAX_MESSAGES,
    fits: own.every((body) => shareOfLimit(type, body) <= 1),
  }));
  expect(within).toEqual(RECEIVER_TYPES.map((type) => ({ type, isSent: true, fits: true })));
  const chats = bodies
    .filter(({ type }) => type !== "webhook" && type !== "alertmanager")
    .map(({ bodies: own }) => own.flatMap(textsOf).join("\n").replaceAll("\\_", "_"));
  for (const text of chats) {
    expect(text).toMatch(
      /OpenFlowLogService --region cn-a[^]*vpc-bp100000000000000001[^]*RETENTION_TOO_SHORT/,
    );
    expect(text).not.toMatch(/[^\\]\*x\*/);
  }
  const hook = catchers.get("webhook");
  if (hook === undefined) throw new Error("there is a webhook");
  expect(changesOf()(hook).slice(0, 2)).toEqual([
    "opened flow-log-service-activated cn-a",
    "opened vpc-flow-log-active vpc-bp100000000000000001",
  ]);
  const [pager] = catchers.get("alertmanager")?.messages ?? [];
  expect(JSON.parse(String(pager?.body))).toHaveLength(301);
});
