import { text } from "node:stream/consumers";

import { describe, expect, test } from "vitest";

import { deliver } from "../../../shared/notify/deliver.ts";
import { createReceivers, type ReceiverType } from "../../../shared/notify/receivers.ts";
import { startTimeBudget } from "../../../shared/retry/time-budget.ts";
import { alertWith } from "../../harness/alert-with.ts";
import { DIRECT } from "../../harness/direct.ts";
import { startLoopbackServer } from "../../harness/loopback-server.ts";
import { type CatcherAnswer, startWebhookCatcher } from "../../harness/webhook-catcher.ts";

const ALERT = alertWith(["opened", "resolved"]);
const QUICK = { maxAttempts: 3, baseDelayMs: 0, maxDelayMs: 0 };
const clock = (): Date => new Date();

async function outcomeOf(type: ReceiverType, url: string) {
  const [receiver] = createReceivers([{ type, url }], DIRECT);
  if (receiver === undefined) throw new Error("there is a receiver");
  const within = startTimeBudget(400, "TIMEOUT");
  const { notified, unknown } = await deliver(receiver, ALERT, {
    clock,
    within,
    retryPolicy: QUICK,
  });
  within.release();
  if (notified.length > 0) return "confirmed";
  return unknown.length > 0 ? "unknown" : "not delivered";
}

describe("the outcome of a delivery", () => {
  test.each<[ReceiverType, string, readonly CatcherAnswer[], string]>([
    ["webhook", "2xx", [{ status: 204 }], "confirmed"],
    ["slack", "no answer in time", ["hang"], "unknown"],
    ["webhook", "no answer in time", ["hang"], "unknown"],
    ["feishu", "an answer cut off", ["cut"], "unknown"],
    ["alertmanager", "an answer cut off", ["cut"], "unknown"],
    // Without a content length, an answer that was cut off looks complete.
    ["feishu", "half an answer", [{ status: 200, body: '{"code' }], "unknown"],
    ["dingtalk", "none of an answer", [{ status: 200 }], "unknown"],
    ["slack", "half an answer", [{ status: 200, body: "o" }], "unknown"],
    ["wecom", "a connection that is reset", ["reset"], "unknown"],
    ["teams", "a connection that is reset", ["reset"], "unknown"],
    ["wecom", "another protocol", ["switch"], "unknown"],
    ["slack", "a gateway's 502", [{ status: 502 }], "unknown"],
    ["webhook", "a gateway's 504", [{ status: 504 }], "unknown"],
    ["webhook", "no answer, then a refusal", ["reset", { status: 403 }], "unknown"],
    ["webhook", "no answer, then a success", ["reset", { status: 200 }], "confirmed"],
    ["slack", "403", [{ status: 403, body: "invalid_token" }], "not delivered"],
    ["webhook", "500", [{ status: 500 }], "not delivered"],
    ["webhook", "429", [{ status: 429 }], "not delivered"],
    ["teams", "a redirect", [{ status: 302 }], "not delivered"],
    ["wecom", "a refusal by code", [{ status: 200, body: '{"errcode":93000}' }], "not delivered"],
    [
      "dingtalk",
      "the answer of another service",
      [{ status: 200, body: '{"status":1111}' }],
      "not delivered",
    ],
    ["dingtalk", "a page", [{ status: 200, body: "<html>" }], "not delivered"],
  ])("%s, %s: %#", async (type, _what, answers, outcome) => {
    await using catcher = await startWebhookCatcher(answers);
    expect(await outcomeOf(type, catcher.url)).toBe(outcome);
  });

  test.each([
    [500, "not delivered"],
    [504, "unknown"],
  ])("goes by the status, %i, where the rest of the answer is cut off", async (status, outcome) => {
    await using server = await startLoopbackServer(async (request, response) => {
      await text(request);
      response.writeHead(status, { "content-length": 100 });
      response.write("{", () => request.socket.resetAndDestroy());
    });
    expect(await outcomeOf("slack", server.origin)).toBe(outcome);
  });

  test("is known where no connection was made", async () => {
    const catcher = await startWebhookCatcher();
    await catcher.stop();
    expect(await outcomeOf("slack", catcher.url)).toBe("not delivered");
  });
});
