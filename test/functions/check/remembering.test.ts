import { describe, expect, test } from "vitest";

import { check } from "../../../functions/check/check.ts";
import { startEmulator } from "../../emulator/emulator.ts";
import { startOss } from "../../emulator/oss.ts";
import type { RegionSeed } from "../../emulator/world.ts";
import { OSS_SEED } from "../../harness/emulated-bucket.ts";
import { tick, startCloud, envOf, run, eventsOf } from "../../harness/hourly-check.ts";
import { functionContext, functionEnv, invokeCheck } from "../../harness/invoke-function.ts";
import { startWebhookCatcher } from "../../harness/webhook-catcher.ts";

const WELL: RegionSeed = { activated: true };

const OPEN: RegionSeed = { activated: false };

const DENIED: RegionSeed = { activated: true, fault: { kind: "denied" } };

describe("a state in OSS", () => {
  test("notifies once that a region is not activated, and once that it is resolved", async () => {
    await using oss = await startOss(OSS_SEED);
    await using catcher = await startWebhookCatcher();
    const first = await run(7, { "cn-a": OPEN }, oss, catcher);
    expect(first.log.at(-1)).toMatchObject({ outcome: "done", alert: "CHANGES" });
    const repeated = await run(7, { "cn-a": OPEN }, oss, catcher);
    expect(repeated.result?.receivers).toEqual([]);
    const still = await run(8, { "cn-a": OPEN }, oss, catcher);
    expect(still.log.at(-1)).toMatchObject({ outcome: "done", alert: "NO_CHANGES" });
    await run(9, { "cn-a": WELL }, oss, catcher);
    expect(eventsOf(catcher)).toEqual([["opened"], ["resolved"]]);
    expect([...oss.objects.keys()]).toEqual(["guard/state.json"]);
  });

  test("notifies that no region can be read, although such a run fails", async () => {
    await using oss = await startOss(OSS_SEED);
    await using catcher = await startWebhookCatcher();
    await run(7, { "cn-a": WELL }, oss, catcher);
    const dark = await run(8, { "cn-a": DENIED }, oss, catcher);
    expect(dark.error?.name).toBe("NothingReadError");
    // Function Compute retries it: that is no second run.
    await run(8, { "cn-a": DENIED }, oss, catcher);
    expect(catcher.messages).toEqual([]);
    const darker = await run(9, { "cn-a": DENIED }, oss, catcher);
    expect(darker).toMatchObject({ error: { name: "NothingReadError" } });
    expect(darker.log.at(-1)).toMatchObject({
      outcome: "failed",
      alert: "CHANGES",
      receivers: [{ status: "delivered" }],
    });
    await run(10, { "cn-a": WELL }, oss, catcher);
    expect(eventsOf(catcher)).toEqual([["unreadable"], ["readable"]]);
  });

  test("supplies the account where neither the context nor STS does", async () => {
    await using oss = await startOss(OSS_SEED);
    await using catcher = await startWebhookCatcher();
    await run(7, { "cn-a": OPEN }, oss, catcher);
    await using emulator = await startEmulator({
      regions: { "cn-a": OPEN },
      keys: [OSS_SEED.key],
      faults: { GetCallerIdentity: { kind: "json-500" } },
    });
    const env = envOf(emulator, oss, { FLOWLOG_GUARD_WEBHOOK_URL: catcher.url });
    const context = functionContext(emulator, { accountId: "" });
    const { log, result } = await invokeCheck(tick(8), context, env);
    expect(result).toMatchObject({
      findings: [{ accountId: emulator.world.accountId }],
      receivers: [],
    });
    expect(log).toContainEqual(
      expect.objectContaining({
        event: "warning",
        message: expect.stringContaining(`taken to be ${emulator.world.accountId}`),
      }),
    );
    expect(eventsOf(catcher)).toEqual([["opened"]]);
  });

  test("is read in FC_REGION where the context names no region", async () => {
    await using oss = await startOss(OSS_SEED);
    await using emulator = await startCloud({ "cn-a": OPEN });
    const { region: _region, ...context } = functionContext(emulator);
    const nowhere = await invokeCheck(tick(7), { ...context, region: "" }, envOf(emulator, oss));
    expect(nowhere.error?.message).toContain("the region of the bucket guard-bucket is not known");
    const env = envOf(emulator, oss, { FC_REGION: "cn-hangzhou" });
    expect((await invokeCheck(tick(7), { ...context, region: "" }, env)).error).toBeNull();
    expect([...oss.objects.keys()]).toEqual(["guard/state.json"]);
  });

  test("makes a region that is no longer listed unscoped, unless an event names others", async () => {
    await using oss = await startOss(OSS_SEED);
    await using catcher = await startWebhookCatcher();
    await run(7, { "cn-a": OPEN, "cn-b": WELL }, oss, catcher);
    await using emulator = await startCloud({ "cn-b": WELL });
    const env = envOf(emulator, oss, { FLOWLOG_GUARD_WEBHOOK_URL: catcher.url });
    const byHand = JSON.stringify({ regions: ["cn-b"] });
    const narrowed = await invokeCheck(byHand, functionContext(emulator), env);
    expect(narrowed.result?.summary).toMatchObject({ total: 1, compliant: 1 });
    expect(eventsOf(catcher)).toEqual([["opened"]]);
    await run(8, { "cn-b": WELL }, oss, catcher);
    await run(9, { "cn-b": WELL }, oss, catcher);
    expect(eventsOf(catcher)).toEqual([["opened"], ["unscoped"]]);
  });

  test("that the role may not write costs no alert: the run warns", async () => {
    await using oss = await startOss({ ...OSS_SEED, denied: ["PUT"] });
    await using catcher = await startWebhookCatcher();
    const { log, output } = await run(7, { "cn-a": OPEN }, oss, catcher);
    expect(catcher.messages).toHaveLength(1);
    expect(log).toContainEqual(
      expect.objectContaining({
        event: "warning",
        message: expect.stringContaining("oss:PutObject"),
      }),
    );
    for (const secret of Object.values(OSS_SEED.key)) expect(output).not.toContain(secret);
  });
});

test.each([
  ["CRON_TZ=Asia/Shanghai 0 17 9 * * *", 72],
  ["unset", 4],
])(
  "the validity of an alert at an Alertmanager follows the schedule: %s",
  async (schedule, hours) => {
    await using emulator = await startCloud({ "cn-a": OPEN });
    await using catcher = await startWebhookCatcher();
    await check(Buffer.from(tick(7)), functionContext(emulator), {
      env: { ...functionEnv(emulator), FLOWLOG_GUARD_SCHEDULE: schedule },
      file: {
        name: "flowlog-guard.yaml",
        values: { alerts: { receivers: [{ type: "alertmanager", url: catcher.url }] } },
      },
      clock: () => new Date(),
      log: () => {},
    });
    const [posted] = JSON.parse(catcher.messages[0]?.body ?? "[]");
    expect(Date.parse(posted.endsAt) - Date.parse(posted.startsAt)).toBe(hours * 3_600_000);
  },
);

test("an exemption is shown and causes no alert; one that matches nothing causes a warning", async () => {
  await using emulator = await startCloud({ "cn-a": OPEN, "cn-b": WELL });
  await using catcher = await startWebhookCatcher();
  const log: Readonly<Record<string, unknown>>[] = [];
  const agreed = { owner: "net-team", reason: "no workloads", expires: "2999-12-31" };
  const result = await check(Buffer.from(tick(7)), functionContext(emulator), {
    env: { ...functionEnv(emulator), FLOWLOG_GUARD_WEBHOOK_URL: catcher.url },
    file: {
      name: "flowlog-guard.yaml",
      values: {
        exemptions: [
          { region: "cn-a", ...agreed },
          { region: "cn-typo", ...agreed },
        ],
      },
    },
    clock: () => new Date(),
    log: (entry) => void log.push(entry),
  });
  expect(result).toMatchObject({
    summary: { nonCompliant: 0, ignored: 1 },
    findings: [
      {
        regionId: "cn-a",
        status: "IGNORED",
        reason: { code: "EXEMPT" },
        exemption: { observed: { status: "NON_COMPLIANT", reason: { code: "NOT_ACTIVATED" } } },
      },
    ],
    receivers: [],
  });
  expect(catcher.messages).toEqual([]);
  expect(log).toContainEqual(
    expect.objectContaining({ event: "warning", message: expect.stringContaining("cn-typo") }),
  );
});
