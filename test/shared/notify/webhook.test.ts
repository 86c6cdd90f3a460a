import { EventEmitter, once } from "node:events";

import { Webhook } from "standardwebhooks";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { type Delivery, DELIVERY_RETRY_POLICY } from "../../../shared/notify/deliver.ts";
import { DeliveryError } from "../../../shared/notify/delivery-error.ts";
import { raiseAlert } from "../../../shared/notify/raise-alert.ts";
import type { Receiver } from "../../../shared/notify/receiver.ts";
import { createReceivers } from "../../../shared/notify/receivers.ts";
import { signWebhook } from "../../../shared/notify/signature.ts";
import { startTimeBudget } from "../../../shared/time-budget.ts";
import { reportWith } from "../../harness/report-with.ts";
import {
  CATCHER_SECRETS,
  type CatcherAnswer,
  startWebhookCatcher,
  type WebhookCatcher,
} from "../../webhook-catcher.ts";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const REPORT = reportWith(["COMPLIANT", "NON_COMPLIANT", "INSUFFICIENT_DATA"]);
const QUICK = { maxAttempts: 3, baseDelayMs: 1, maxDelayMs: 10 };

/** A second later each time it is looked at. */
function tickingClock(): () => Date {
  let nowMs = Date.now();
  return () => new Date((nowMs += 1_000));
}

function raise(catcher: Pick<WebhookCatcher, "url">, secret?: string, report = REPORT) {
  const receivers = createReceivers([
    { type: "webhook", url: catcher.url, ...(secret !== undefined && { secret }) },
  ]);
  return raiseAlert(report, receivers, { clock: tickingClock(), retryPolicy: QUICK });
}

async function deliveryOf(...answers: CatcherAnswer[]) {
  await using catcher = await startWebhookCatcher(answers);
  const { deliveries } = await raise(catcher, SECRET);
  expectNoSecret(deliveries);
  return { delivery: deliveries[0], messages: catcher.messages };
}

function expectNoSecret(deliveries: readonly Delivery[]): void {
  const shown = JSON.stringify(deliveries);
  for (const secret of [...CATCHER_SECRETS, SECRET, SECRET.slice(6)]) {
    expect(shown).not.toContain(secret);
  }
}

test("the specification's vector", () => {
  expect(
    signWebhook(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, '{"test": 2432232314}'),
  ).toBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
});

describe("the message", () => {
  test("is verified by an independent receiver, and says what is wrong", async () => {
    const { messages } = await deliveryOf({ status: 204 });
    const [message] = messages;
    const verified = new Webhook(SECRET).verify(String(message?.body), {
      "webhook-id": String(message?.headers["webhook-id"]),
      "webhook-timestamp": String(message?.headers["webhook-timestamp"]),
      "webhook-signature": String(message?.headers["webhook-signature"]),
    });
    expect(message?.headers["content-type"]).toBe("application/json");
    expect(message?.headers["user-agent"]).toMatch(/^flowlog-guard\/\d/);
    expect(verified).toEqual({
      type: "flowlog-guard.alert",
      timestamp: REPORT.finishedAt,
      data: {
        runId: REPORT.runId,
        accountId: "1234567890123456",
        summary: REPORT.summary,
        findings: [REPORT.findings[1]],
        unreadable: [REPORT.findings[2]],
      },
    });
  });

  test("is not signed without a secret", async () => {
    await using catcher = await startWebhookCatcher();
    await raise(catcher);
    expect(catcher.messages[0]?.headers["webhook-id"]).toMatch(/^msg_[0-9a-f]{32}$/);
    expect(catcher.messages[0]?.headers).not.toHaveProperty("webhook-signature");
  });

  test("has the same id for the same run, another for another run or receiver", async () => {
    await using catcher = await startWebhookCatcher();
    const elsewhere = { url: `${catcher.url}&other` };
    const otherRun = { ...REPORT, runId: "5e1f0b1e-0000-4000-8000-000000000002" };
    await raise(catcher);
    await raise(catcher);
    await raise(elsewhere);
    await raise(catcher, undefined, otherRun);
    const [first, again, other, otherwise] = catcher.messages.map(
      ({ headers }) => headers["webhook-id"],
    );
    expect(again).toBe(first);
    expect(new Set([first, other, otherwise]).size).toBe(3);
  });

  test.each([["COMPLIANT"], ["INSUFFICIENT_DATA"]] as const)(
    "is not sent when regions are %s only",
    async (status) => {
      await using catcher = await startWebhookCatcher();
      const outcome = await raise(catcher, undefined, reportWith([status]));
      expect(outcome).toMatchObject({ decision: { due: false }, deliveries: [] });
      expect(catcher.messages).toEqual([]);
    },
  );
});

describe("what the receiver answers", () => {
  test.each([200, 201, 202, 204])("HTTP %i is a delivery", async (status) => {
    const { delivery } = await deliveryOf({ status });
    expect(delivery).toMatchObject({
      status: "delivered",
      httpStatus: status,
      attempts: 1,
      error: null,
    });
  });

  test.each([
    "",
    "ok",
    "{}",
    "[]",
    "null",
    '{"errcode":0}',
    '{"errcode":"0"}',
    '{"ok":true}',
    '{"code":200,"msg":"ok"}',
    '{"error":null}',
    '{"errors":[]}',
    '{"errors":{}}',
    '{"error":"0"}',
    '{"status":"success"}',
    '{"status":201}',
    '{"code":0}',
    '{"code":"OK"}',
    '{"StatusCode":0,"StatusMessage":"success"}',
    "<html>",
  ])("HTTP 200 with %j is a delivery", async (body) => {
    expect((await deliveryOf({ status: 200, body })).delivery?.status).toBe("delivered");
  });

  test.each([
    '{"errcode":310000,"errmsg":"keywords"}',
    '{"ok":false}',
    '{"success":false}',
    '{"error":"no such channel"}',
    '{"errors":["x"]}',
    '[{"errcode":1}]',
    '\ufeff{"errcode":310000}',
    '{"ok":"false"}',
    '{"success":0}',
    '{"code":19021,"msg":"sign match fail"}',
    '{"code":"500"}',
    '{"StatusCode":9499}',
    '{"status":1111,"wait":5}',
    '{"status":"error"}',
    `{"errcode":310000,"errmsg":"${"x".repeat(70_000)}"}`,
  ])("HTTP 200 with %j is none", async (body) => {
    const { delivery } = await deliveryOf({ status: 200, body });
    expect(delivery).toMatchObject({
      status: "failed",
      attempts: 1,
      httpStatus: 200,
      error: { code: "REJECTED" },
    });
  });

  test.each([
    [301, "REDIRECTED", 1],
    [302, "REDIRECTED", 1],
    [307, "REDIRECTED", 1],
    [400, "REJECTED", 1],
    [401, "REJECTED", 1],
    [404, "REJECTED", 1],
    [410, "REJECTED", 1],
    [408, "SERVER_ERROR", 3],
    [425, "SERVER_ERROR", 3],
    [429, "THROTTLED", 3],
    [500, "SERVER_ERROR", 3],
    [503, "SERVER_ERROR", 3],
  ])("HTTP %i fails as %s after %i attempts", async (status, code, attempts) => {
    const location = { location: "https://127.0.0.1/elsewhere" };
    const { delivery, messages } = await deliveryOf({ status, headers: location });
    expect(delivery).toMatchObject({
      status: "failed",
      httpStatus: status,
      attempts,
      error: { code },
    });
    expect(messages).toHaveLength(attempts);
  });

  test("a failure that passes is tried again with the same id and a signature of its own", async () => {
    const { delivery, messages } = await deliveryOf({ status: 503 }, "reset", { status: 200 });
    expect(delivery).toMatchObject({ status: "delivered", attempts: 3 });
    expect(new Set(messages.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
    const stamps = messages.map(({ headers }) => headers["webhook-timestamp"]);
    expect(new Set(stamps).size).toBe(3);
    for (const { headers, body } of messages) {
      const id = String(headers["webhook-id"]);
      const timestamp = Number(headers["webhook-timestamp"]);
      expect(headers["webhook-signature"]).toBe(signWebhook(SECRET, id, timestamp, body));
    }
  });

  test("its Retry-After is honoured only within the 25 seconds there are", async () => {
    const headers = { "retry-after": "26" };
    const { delivery } = await deliveryOf({ status: 429, headers }, { status: 200 });
    expect(delivery).toMatchObject({ status: "failed", attempts: 1, error: { code: "THROTTLED" } });
  });

  test.each([
    [64 * 1_024, "delivered"],
    [64 * 1_024 + 1, "failed"],
  ])("a body of %i bytes is %s", async (size, status) => {
    const { delivery } = await deliveryOf({ status: 200, body: "x".repeat(size) });
    expect(delivery).toMatchObject({ status, httpStatus: 200 });
  });

  test("a body without end is read no further than it matters", async () => {
    const { delivery } = await deliveryOf("endless");
    expect(delivery).toMatchObject({
      status: "failed",
      attempts: 1,
      error: { code: "REJECTED", message: expect.stringContaining("more than 64 KB") },
    });
  });

  test("nobody there is UNREACHABLE, and the address stays secret", async () => {
    const catcher = await startWebhookCatcher();
    await catcher.stop();
    const { deliveries } = await raise(catcher);
    expectNoSecret(deliveries);
    expect(deliveries[0]).toMatchObject({
      host: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      attempts: 3,
      error: { code: "UNREACHABLE", message: expect.stringContaining("ECONNREFUSED") },
    });
  });

  test("silence is TIMEOUT when the time is up", async () => {
    await using catcher = await startWebhookCatcher(["hang"]);
    const within = startTimeBudget(150, "DEADLINE_EXCEEDED");
    const receivers = createReceivers([{ type: "webhook", url: catcher.url }]);
    const { deliveries } = await raiseAlert(REPORT, receivers, { clock: () => new Date(), within });
    within.release();
    expect(deliveries[0]).toMatchObject({ status: "failed", error: { code: "TIMEOUT" } });
  });
});

describe("time", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test("a receiver that never answers is tried three times, 8 s each, and then given up", async () => {
    const attempts = new EventEmitter();
    const silent: Receiver = {
      type: "webhook",
      host: "silent.example.com",
      send: ({ signal }) =>
        new Promise((_resolve, reject) => {
          const options = { retryable: "always", httpStatus: null } as const;
          signal.addEventListener("abort", () => reject(new DeliveryError("TIMEOUT", "", options)));
          attempts.emit("begun", performance.now());
        }),
    };
    const startedMs = performance.now();
    const begun: unknown[] = [];
    const retryPolicy = { ...DELIVERY_RETRY_POLICY, baseDelayMs: 0 };
    let next = once(attempts, "begun");
    const raised = raiseAlert(REPORT, [silent], { clock: () => new Date(), retryPolicy });
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      begun.push(...(await next));
      next = once(attempts, "begun");
      vi.advanceTimersByTime(8_000);
    }
    expect(begun.map((ms) => Number(ms) - startedMs)).toEqual([0, 8_000, 16_000]);
    expect((await raised).deliveries).toMatchObject([{ status: "failed", attempts: 3 }]);
  });
});

test("one receiver's failure does not hinder another", async () => {
  await using broken = await startWebhookCatcher([{ status: 500 }]);
  await using working = await startWebhookCatcher();
  const receivers = createReceivers([
    { type: "webhook", url: broken.url },
    { type: "webhook", url: working.url },
  ]);
  const { deliveries } = await raiseAlert(REPORT, receivers, {
    clock: () => new Date(),
    retryPolicy: QUICK,
  });
  expect(deliveries.map(({ status }) => status)).toEqual(["failed", "delivered"]);
});
