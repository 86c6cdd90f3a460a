import { Webhook } from "standardwebhooks";
import { describe, expect, test } from "vitest";

import type { Alert } from "../../../shared/alerts/alert.ts";
import { deliver } from "../../../shared/notify/deliver.ts";
import { createReceivers } from "../../../shared/notify/receivers.ts";
import { signWebhook } from "../../../shared/notify/webhook-signature.ts";
import { ACTIVATION_RULE } from "../../harness/activation-rule.ts";
import { alertWith, SINCE_MS } from "../../harness/alert-with.ts";
import { DIRECT } from "../../harness/direct.ts";
import { asSample, SAMPLE_RULE } from "../../harness/sample-rule.ts";
import {
  type CatcherAnswer,
  startWebhookCatcher,
  type WebhookCatcher,
} from "../../harness/webhook-catcher.ts";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const ALERT = alertWith(["opened", "resolved"], { others: ["INSUFFICIENT_DATA"] });
const QUICK = { maxAttempts: 3, baseDelayMs: 1, maxDelayMs: 10 };

/** A clock that advances by a second each time it is read. */
function tickingClock(): () => Date {
  let nowMs = Date.now();
  return () => new Date((nowMs += 1_000));
}

async function send(
  catcher: Pick<WebhookCatcher, "url">,
  alert: Alert = ALERT,
  secret: string | readonly string[] | null = SECRET,
) {
  const [receiver] = createReceivers(
    [{ type: "webhook", url: catcher.url, ...(secret !== null && { secret }) }],
    DIRECT,
  );
  if (receiver === undefined) throw new Error("there is a receiver");
  return deliver(receiver, alert, { clock: tickingClock(), retryPolicy: QUICK });
}

async function deliveryOf(...answers: CatcherAnswer[]) {
  await using catcher = await startWebhookCatcher(answers);
  const { delivery } = await send(catcher);
  return { delivery, messages: catcher.messages };
}

/** The bodies that were sent, each with its signature verified by the official package. */
function verifiedBodies({ messages }: WebhookCatcher, secret = SECRET): Record<string, unknown>[] {
  return messages.map(({ headers, body }) => {
    const signed = {
      "webhook-id": String(headers["webhook-id"]),
      "webhook-timestamp": String(headers["webhook-timestamp"]),
      "webhook-signature": String(headers["webhook-signature"]),
    };
    return { ...Object(new Webhook(secret).verify(body, signed)) };
  });
}

test("signs as the test vector of Standard Webhooks", () => {
  expect(
    signWebhook([SECRET], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, '{"test": 2432232314}'),
  ).toBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
});

describe("with two secrets, for rotation,", () => {
  const NEW = `whsec_${Buffer.from("a key of the next year, 32 bytes").toString("base64")}`;

  test("a receiver that has either secret verifies the message", async () => {
    await using catcher = await startWebhookCatcher();
    await send(catcher, ALERT, [NEW, SECRET]);
    expect(verifiedBodies(catcher, NEW)).toHaveLength(1);
    expect(verifiedBodies(catcher, SECRET)).toHaveLength(1);
    const other = `whsec_${Buffer.alloc(32).toString("base64")}`;
    expect(() => verifiedBodies(catcher, other)).toThrow("No matching signature");
  });

  test("the first signs first", async () => {
    await using catcher = await startWebhookCatcher();
    await send(catcher, ALERT, [NEW, SECRET]);
    const [message] = catcher.messages;
    if (message === undefined) throw new Error("there is a message");
    const { headers, body } = message;
    const id = String(headers["webhook-id"]);
    const at = new Date(Number(headers["webhook-timestamp"]) * 1_000);
    const signatures = [NEW, SECRET].map((secret) => new Webhook(secret).sign(id, at, body));
    expect(headers["webhook-signature"]).toBe(signatures.join(" "));
  });
});

describe("the message", () => {
  test("is verified by an independent implementation, and has all changes", async () => {
    await using catcher = await startWebhookCatcher([{ status: 204 }]);
    await send(catcher);
    const since = new Date(SINCE_MS).toISOString();
    const subject = { ruleId: "flow-log-service-activated", accountId: "1234567890123456" };
    const consoleOf = (regionId: string): string =>
      `https://vpc.console.aliyun.com/flowlog/${regionId}/flowlogs`;
    expect(verifiedBodies(catcher)).toEqual([
      {
        type: "flowlog-guard.alert",
        timestamp: ALERT.at,
        data: {
          runId: ALERT.runId,
          accountId: "1234567890123456",
          rules: [ACTIVATION_RULE],
          summary: ALERT.summary,
          findings: ALERT.findings,
          unreadable: ALERT.unreadable,
          changes: [
            {
              event: "opened",
              ...subject,
              regionId: "cn-r0",
              since,
              status: "NON_COMPLIANT",
              code: "NOT_ACTIVATED",
              console: consoleOf("cn-r0"),
            },
            {
              event: "resolved",
              ...subject,
              regionId: "cn-r1",
              since,
              status: "COMPLIANT",
              code: "ACTIVATED",
              console: consoleOf("cn-r1"),
            },
          ],
          notes: [
            "What to do about TIMEOUT: check the network to the region, or raise timeout.",
            expect.stringContaining("Activation cannot be undone."),
            "Still to do: create a flow log. Activation alone records nothing.",
          ],
        },
      },
    ]);
  });

  test("names the resource of a change, where it is about one", async () => {
    await using catcher = await startWebhookCatcher();
    const alert = alertWith(["opened", "unreadable"], {
      cards: [SAMPLE_RULE],
      edit: (finding) => asSample(finding),
    });
    await send(catcher, alert);
    const { changes } = Object(verifiedBodies(catcher)[0]?.["data"]);
    const resource = { type: "ACME::Lab::Sample", id: "s-cn-r0", name: "name of s-cn-r0" };
    expect(changes).toMatchObject([
      { event: "opened", ruleId: "sample-rule", regionId: "cn-r0", resource },
      { event: "unreadable", ruleId: "sample-rule", regionId: "cn-r1" },
    ]);
    expect(changes[1]).not.toHaveProperty("resource");
  });

  test("has no changes where there is no state", async () => {
    await using catcher = await startWebhookCatcher();
    const { notified } = await send(
      catcher,
      alertWith(["opened", "opened"], { remembered: false }),
    );
    const [body] = verifiedBodies(catcher);
    expect(body?.["data"]).not.toHaveProperty("changes");
    expect(body?.["data"]).toMatchObject({
      findings: [{ regionId: "cn-r0" }, { regionId: "cn-r1" }],
    });
    expect(notified).toHaveLength(2);
  });

  test.each(["summary", "test"] as const)("of a %s says its type", async (kind) => {
    await using catcher = await startWebhookCatcher();
    await send(catcher, alertWith([], { kind, others: ["NON_COMPLIANT"] }));
    expect(verifiedBodies(catcher)).toMatchObject([
      { type: `flowlog-guard.${kind}`, data: { findings: [{ regionId: "cn-r0" }], changes: [] } },
    ]);
  });

  test("lists the exemptions that end soon, where there are any", async () => {
    await using catcher = await startWebhookCatcher();
    const endingExemptions = ALERT.findings;
    await send(catcher, { ...ALERT, endingExemptions });
    expect(verifiedBodies(catcher)).toMatchObject([{ data: { endingExemptions } }]);
  });

  test.each([true, false])(
    "is split below 20 kB into five at most, the last of which counts the rest (state: %s)",
    async (remembered) => {
      await using catcher = await startWebhookCatcher();
      const alert = alertWith(
        Array.from({ length: 600 }, () => "opened"),
        { remembered },
      );
      const { delivery, notified } = await send(catcher, alert);
      expect(delivery).toMatchObject({ status: "delivered", messages: 5, attempts: 5 });
      expect(notified).toEqual(alert.changes);
      for (const { body } of catcher.messages) {
        expect(Buffer.byteLength(body)).toBeLessThan(20_000);
      }
      const bodies = verifiedBodies(catcher).map(({ data }): Record<string, unknown> => ({
        ...Object(data),
      }));
      const listed = bodies.flatMap(({ findings, changes }) => [findings, changes ?? []].flat());
      expect(bodies.map(({ more }) => typeof more)).toEqual([
        ...Array.from({ length: 4 }, () => "undefined"),
        "number",
      ]);
      expect(listed.length + Number(bodies[4]?.["more"])).toBe(remembered ? 1_200 : 600);
    },
  );

  test("has no signature without a secret", async () => {
    await using catcher = await startWebhookCatcher();
    await send(catcher, ALERT, null);
    expect(catcher.messages[0]?.headers["webhook-id"]).toMatch(/^msg_[0-9a-f]{32}$/);
    expect(catcher.messages[0]?.headers).not.toHaveProperty("webhook-signature");
  });
});

describe("what the receiver answers", () => {
  test.each([
    [64 * 1_024, "delivered"],
    [64 * 1_024 + 1, "failed"],
  ])("a body of %i bytes is %s", async (size, status) => {
    const { delivery } = await deliveryOf({ status: 200, body: "x".repeat(size) });
    expect(delivery).toMatchObject({ status, httpStatus: 200 });
  });

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
    '{"message":"Workflow was started"}',
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
    '{"message":"Unauthorized"}',
    '{"result":"error"}',
    "<!doctype html><title>Log in</title>",
    `{"errcode":310000,"errmsg":"${"x".repeat(70_000)}"}`,
  ])("HTTP 200 with %j is not a delivery", async (body) => {
    const { delivery } = await deliveryOf({ status: 200, body });
    expect(delivery).toMatchObject({
      status: "failed",
      attempts: 1,
      httpStatus: 200,
      error: { code: "REJECTED" },
    });
  });

  test("a transient failure is retried with the same id and a new signature", async () => {
    const { delivery, messages } = await deliveryOf({ status: 503 }, "reset", { status: 200 });
    expect(delivery).toMatchObject({ status: "delivered", attempts: 3 });
    expect(new Set(messages.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
    const stamps = messages.map(({ headers }) => headers["webhook-timestamp"]);
    expect(new Set(stamps).size).toBe(3);
    for (const { headers, body } of messages) {
      const id = String(headers["webhook-id"]);
      const timestamp = Number(headers["webhook-timestamp"]);
      expect(headers["webhook-signature"]).toBe(signWebhook([SECRET], id, timestamp, body));
    }
  });
});

test("has the head of the chain of evidence in every message, which is no part of its key", async () => {
  const evidence = { manifestSha256: "9f".repeat(32) };
  await using catcher = await startWebhookCatcher();
  await send(catcher);
  await send(catcher, { ...ALERT, evidence });
  const [without, withEvidence] = verifiedBodies(catcher);
  expect(Object(without)["data"]).not.toHaveProperty("evidence");
  expect(Object(withEvidence)["data"].evidence).toEqual(evidence);
  const [first, second] = catcher.messages.map(({ headers }) => headers["webhook-id"]);
  expect(second).toBe(first);
  // Several messages, each of which is small enough.
  await using many = await startWebhookCatcher();
  await send(many, {
    ...alertWith(Array.from({ length: 150 }, () => "opened" as const)),
    evidence,
  });
  expect(many.messages.length).toBeGreaterThan(1);
  for (const { body } of many.messages) {
    expect(JSON.parse(body).data.evidence).toEqual(evidence);
    expect(Buffer.byteLength(body)).toBeLessThan(20_000);
  }
});
