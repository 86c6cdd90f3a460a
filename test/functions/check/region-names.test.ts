import { expect, test } from "vitest";

import { check } from "../../../functions/check/check.ts";
import { type Emulator, startEmulator } from "../../emulator/emulator.ts";
import { functionContext } from "../../harness/invoke-function.ts";
import { type CatcherAnswer, startWebhookCatcher } from "../../harness/webhook-catcher.ts";

const ACCEPTED: Readonly<Record<string, CatcherAnswer>> = {
  slack: { status: 200, body: "ok" },
  teams: { status: 202 },
  dingtalk: { status: 200, body: '{"errcode":0}' },
  webhook: { status: 200 },
};

const HEYUAN = { localName: "China (Heyuan)", chineseName: "华南2（河源）" };

function cloudWhere(activated: boolean): Promise<Emulator> {
  return startEmulator({ regions: { "cn-heyuan": { activated, ...HEYUAN } } });
}

/** Runs the function; returns what each receiver got, and how often regions were listed. */
async function alertTo(types: readonly string[], emulator: Emulator, regions = ["all"]) {
  const catchers = await Promise.all(
    types.map((type) => startWebhookCatcher([ACCEPTED[type] ?? { status: 200 }])),
  );
  const receivers = types.map((type, index) => ({ type, url: catchers[index]?.url }));
  try {
    await check(Buffer.from("{}"), functionContext(emulator), {
      env: {
        FLOWLOG_GUARD_VPC_ENDPOINT: emulator.endpoint,
        FLOWLOG_GUARD_STS_ENDPOINT: emulator.endpoint,
      },
      file: { name: "flowlog-guard.yaml", values: { regions, alerts: { receivers } } },
      clock: () => new Date(),
      log() {},
    });
  } finally {
    await Promise.all(catchers.map((catcher) => catcher.stop()));
  }
  return {
    sent: catchers.map(({ messages }) => messages.map(({ body }) => body).join("\n")),
    listed: emulator.requests.filter(({ action }) => action === "DescribeRegions").length,
  };
}

test("each receiver gets region names in its language, and each language is requested once", async () => {
  await using emulator = await cloudWhere(false);
  const types = ["slack", "dingtalk", "teams", "webhook"];
  const { sent, listed } = await alertTo(types, emulator);
  const [slack, dingtalk, teams, webhook] = sent;
  expect(slack).toContain("China (Heyuan)");
  expect(dingtalk).toContain("华南2（河源）");
  expect(teams).toContain("China (Heyuan)");
  // Programs get the names of the report.
  expect(webhook).toContain('"localName":"华南2（河源）"');
  expect(slack).not.toContain("河源");
  expect(dingtalk).not.toContain("Heyuan)");
  expect(listed).toBe(2);
});

test.each([
  ["all is compliant", ["slack", "dingtalk"], true, ["all"], 1],
  ["all read the same language", ["dingtalk"], false, ["all"], 1],
  ["receivers of another language get data only", ["dingtalk", "webhook"], false, ["all"], 1],
  ["the ids are written out", ["slack", "dingtalk"], false, ["cn-heyuan"], 0],
] as const)(
  "no further language is requested where %s",
  async (_where, types, activated, regions, calls) => {
    await using emulator = await cloudWhere(activated);
    const { listed } = await alertTo(types, emulator, [...regions]);
    expect(listed).toBe(calls);
  },
);
