import { describe, expect, test } from "vitest";

import { problemOfLabelName } from "../../../shared/notify/alert-labels.ts";
import { deliver } from "../../../shared/notify/deliver.ts";
import { createReceivers, type ReceiverOptions } from "../../../shared/notify/receivers.ts";
import { alertWith } from "../../harness/alert-with.ts";
import { DIRECT } from "../../harness/direct.ts";
import { type CatcherAnswer, startWebhookCatcher } from "../../harness/webhook-catcher.ts";
import { bodiesOf } from "./read-bodies.ts";

const ALERT = alertWith(["opened", "unreadable"]);
const SECRETS = {
  headers: { "X-Scope-OrgID": "tenant-4c1d", "User-Agent": "agent-77ab" },
  basicAuth: { username: "user-9e0f", password: "Pä:ss-3b2a" },
  labels: { cluster: "label-5d6e" },
};
const HIDDEN = /4c1d|77ab|9e0f|3b2a|token-8c7b|dXNlci0|hook-(path|token)/;

async function deliverTo(answers: readonly CatcherAnswer[], options: Partial<ReceiverOptions>) {
  await using catcher = await startWebhookCatcher(answers);
  const [receiver] = createReceivers([{ type: "webhook", url: catcher.url, ...options }], DIRECT);
  if (receiver === undefined) throw new Error("there is a receiver");
  const retryPolicy = { maxAttempts: 3, baseDelayMs: 0, maxDelayMs: 0 };
  const { delivery } = await deliver(receiver, ALERT, { clock: () => new Date(), retryPolicy });
  return { delivery, messages: catcher.messages };
}

describe.each(["webhook", "alertmanager"] as const)("%s", (type) => {
  test("sends configured headers, and basic authentication in UTF-8 (RFC 7617)", async () => {
    const { delivery, messages } = await deliverTo([{ status: 200 }], { type, ...SECRETS });
    expect(delivery.status).toBe("delivered");
    expect(messages[0]?.headers).toMatchObject({
      "x-scope-orgid": "tenant-4c1d",
      "user-agent": "agent-77ab",
      "content-type": "application/json",
    });
    const [scheme, credentials = ""] = String(messages[0]?.headers.authorization).split(" ");
    expect([scheme, Buffer.from(credentials, "base64").toString()]).toEqual([
      "Basic",
      "user-9e0f:Pä:ss-3b2a",
    ]);
  });

  test("sends a bearer token", async () => {
    const { messages } = await deliverTo([{ status: 200 }], { type, bearerToken: "token-8c7b" });
    expect(messages[0]?.headers.authorization).toBe("Bearer token-8c7b");
  });

  test("sends no authorization where none is configured", async () => {
    const { messages } = await deliverTo([{ status: 200 }], { type });
    expect(messages[0]?.headers).not.toHaveProperty("authorization");
  });

  test("follows no redirect with them", async () => {
    await using elsewhere = await startWebhookCatcher();
    const redirect = { status: 307, headers: { location: elsewhere.url } };
    const { delivery } = await deliverTo([redirect], { type, ...SECRETS });
    expect(delivery).toMatchObject({ status: "failed", error: { code: "REDIRECTED" } });
    expect(elsewhere.messages).toEqual([]);
  });

  test.each<[CatcherAnswer]>([
    [{ status: 401, body: "user-9e0f may not" }],
    [{ status: 200, body: '{"error":"token-8c7b"}' }],
    ["overflow"],
    ["garbage"],
  ])("shows none of them when it fails with %j", async (answer) => {
    for (const options of [SECRETS, { bearerToken: "token-8c7b" }]) {
      const { delivery } = await deliverTo([answer], { type, ...options });
      expect(delivery.status).toBe("failed");
      expect(JSON.stringify(delivery)).not.toMatch(HIDDEN);
    }
  });
});

describe("labels", () => {
  const labelsOf = (alert: typeof ALERT) =>
    bodiesOf("alertmanager", alert, SECRETS)
      .flat()
      .map((posted): Record<string, unknown> => ({ ...Object(Object(posted).labels) }));

  test("are on every alert, and on a test, so that it is routed alike", () => {
    const alerts = labelsOf(ALERT);
    const tests = labelsOf(alertWith([], { kind: "test" }));
    expect([alerts.length, tests.length]).toEqual([2, 1]);
    for (const labels of [...alerts, ...tests]) {
      expect(labels).toMatchObject({ alertname: expect.any(String), cluster: "label-5d6e" });
    }
  });

  test("may not be named as a label that the alert has already", () => {
    const own = Object.keys({ ...labelsOf(ALERT)[0] }).filter((name) => name !== "cluster");
    expect(own.length).toBeGreaterThan(4);
    for (const name of own) expect(problemOfLabelName(name)).toContain("by itself");
  });
});
