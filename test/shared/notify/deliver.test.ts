import { EventEmitter, once } from "node:events";

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import type { Change } from "../../../shared/alerts/alert.ts";
import { deliver, DELIVERY_RETRY_POLICY } from "../../../shared/notify/deliver.ts";
import { DeliveryError } from "../../../shared/notify/delivery-error.ts";
import type { Message, Receiver } from "../../../shared/notify/receiver.ts";
import { createReceivers } from "../../../shared/notify/receivers.ts";
import { startTimeBudget } from "../../../shared/retry/time-budget.ts";
import { alertWith, inOwnAccount } from "../../harness/alert-with.ts";
import { type CatcherAnswer, startWebhookCatcher } from "../../harness/webhook-catcher.ts";
import { DIRECT } from "../../harness/direct.ts";

const QUICK = { maxAttempts: 3, baseDelayMs: 0, maxDelayMs: 0 };
const clock = () => new Date("2026-11-22T08:00:02.000Z");

const OK: CatcherAnswer = { status: 200, body: '{"errcode":0}' };
const REFUSED: CatcherAnswer = { status: 200, body: '{"errcode":93000}' };
const TOO_LONG: CatcherAnswer = { status: 200, body: '{"errcode":40058}' };
/** Three messages of WeCom. */
const ALERT = alertWith(
  Array.from({ length: 30 }, () => "opened"),
  { edit: inOwnAccount },
);

async function deliverToWecom(
  answers: readonly CatcherAnswer[],
  onNotified?: (changes: readonly Change[]) => Promise<void>,
) {
  await using catcher = await startWebhookCatcher(answers);
  const [receiver] = createReceivers([{ type: "wecom", url: catcher.url }], DIRECT);
  if (receiver === undefined) throw new Error("there is a receiver");
  const options = { clock, retryPolicy: QUICK, ...(onNotified !== undefined && { onNotified }) };
  const parts = receiver.compose(ALERT, 1).map(({ covers }) => covers);
  return { ...(await deliver(receiver, ALERT, options)), parts, caught: catcher.messages };
}

describe("several messages", () => {
  test("are sent one after another, and what is told is said after each", async () => {
    const notified: (readonly Change[])[] = [];
    const delivered = await deliverToWecom([OK], async (changes) => {
      notified.push(changes);
    });
    expect(delivered.parts.length).toBeGreaterThan(1);
    expect(notified).toEqual(delivered.parts);
    expect(delivered.notified).toEqual(ALERT.changes);
    expect(delivered.delivery).toMatchObject({
      status: "delivered",
      messages: delivered.parts.length,
      attempts: delivered.parts.length,
    });
  });

  test("end with the first that fails for good; what came before stays told", async () => {
    const { delivery, notified, parts, caught } = await deliverToWecom([OK, REFUSED]);
    expect(delivery).toMatchObject({ status: "failed", messages: 1, attempts: 2 });
    expect(notified).toEqual(parts[0]);
    expect(caught).toHaveLength(2);
  });

  test("are written again, where one is too long, of what is left", async () => {
    const { delivery, notified, parts, caught } = await deliverToWecom([OK, TOO_LONG, OK]);
    expect(delivery).toMatchObject({ status: "delivered", error: null });
    expect(notified).toEqual(ALERT.changes);
    const [first, , ...rest] = caught.map(({ body }) => body);
    const region = `**${String(parts[0]?.[0]?.finding.regionId)}**`;
    expect(first).toContain(region);
    for (const body of rest) expect(body).not.toContain(region);
  });

  test("are not begun anew where all is told, and what is only listed is too long", async () => {
    const begun: number[] = [];
    const parts = [ALERT.changes, []].map((covers): Message => ({ key: "", body: {}, covers }));
    const receiver = receiverThat(async ({ message }) => {
      begun.push(message.covers.length);
      if (message.covers.length > 0) return 200;
      throw new DeliveryError("TOO_LONG", "", { retryable: "never", httpStatus: 413 });
    }, parts);
    const { delivery, notified } = await deliver(receiver, ALERT, { clock });
    expect(delivery).toMatchObject({ status: "failed", error: { code: "TOO_LONG" } });
    expect(notified).toEqual(ALERT.changes);
    expect(begun).toEqual([ALERT.changes.length, 0]);
  });

  test("end when what is told cannot be written down", async () => {
    const lost = new Error("lost");
    await expect(deliverToWecom([OK], () => Promise.reject(lost))).rejects.toBe(lost);
  });
});

test("with nothing to say, nothing is sent, and that is no failure", async () => {
  const [receiver] = createReceivers(
    [{ type: "alertmanager", url: "https://127.0.0.1:1" }],
    DIRECT,
  );
  if (receiver === undefined) throw new Error("there is a receiver");
  const { delivery, notified } = await deliver(receiver, { ...ALERT, kind: "summary" }, { clock });
  expect(delivery).toMatchObject({ status: "delivered", messages: 0, attempts: 0, error: null });
  expect(notified).toEqual([]);
});

describe("an unknown outcome", () => {
  const failure = (mayHaveArrived: boolean, retryable: "never" | "always" = "never") =>
    new DeliveryError("TIMEOUT", "", { retryable, httpStatus: null, mayHaveArrived });

  test.each<[string, DeliveryError[], boolean]>([
    ["a message that may have arrived", [failure(true)], true],
    ["one that has not", [failure(false)], false],
    [
      "a refusal after an attempt that may have arrived",
      [failure(true, "always"), failure(false)],
      true,
    ],
  ])("%s", async (_case, failures, isUnknown) => {
    const left = [...failures];
    const messages = [{ key: "", body: {}, covers: ALERT.changes.slice(0, 2) }];
    const receiver = receiverThat(async () => {
      const error = left.shift();
      if (error !== undefined) throw error;
      return 200;
    }, messages);
    const { notified, unknown } = await deliver(receiver, ALERT, { clock, retryPolicy: QUICK });
    expect(left).toEqual([]);
    expect(notified).toEqual([]);
    expect(unknown).toEqual(isUnknown ? ALERT.changes.slice(0, 2) : []);
  });

  test("is none any more once a repeat is accepted", async () => {
    const failures = [failure(true, "always")];
    const receiver = receiverThat(async () => {
      const error = failures.shift();
      if (error !== undefined) throw error;
      return 200;
    }, [{ key: "", body: {}, covers: ALERT.changes }]);
    const { notified, unknown } = await deliver(receiver, ALERT, { clock, retryPolicy: QUICK });
    expect(notified).toEqual(ALERT.changes);
    expect(unknown).toEqual([]);
  });
});

test("the run's time is the delivery's too", async () => {
  const within = startTimeBudget(60_000, "DEADLINE_EXCEEDED");
  await using catcher = await startWebhookCatcher(["hang"], () => within.cancel());
  const [receiver] = createReceivers([{ type: "webhook", url: catcher.url }], DIRECT);
  if (receiver === undefined) throw new Error("there is a receiver");
  const { delivery } = await deliver(receiver, ALERT, { clock, within });
  within.release();
  expect(delivery).toMatchObject({ status: "failed", attempts: 1, error: { code: "TIMEOUT" } });
});

test("a fault of our own is not taken for the receiver's", async () => {
  const fault = new RangeError("ours");
  const receiver = receiverThat(() => Promise.reject(fault));
  await expect(deliver(receiver, ALERT, { clock })).rejects.toBe(fault);
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
    const silent = receiverThat(
      ({ budget }) =>
        new Promise((_resolve, reject) => {
          const options = { retryable: "always", httpStatus: null } as const;
          budget.onEnd(() => reject(new DeliveryError("TIMEOUT", "", options)));
          attempts.emit("begun", performance.now());
        }),
    );
    const startedMs = performance.now();
    const begun: unknown[] = [];
    const retryPolicy = { ...DELIVERY_RETRY_POLICY, baseDelayMs: 0 };
    let next = once(attempts, "begun");
    const delivered = deliver(silent, ALERT, { clock, retryPolicy });
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      begun.push(...(await next));
      next = once(attempts, "begun");
      vi.advanceTimersByTime(8_000);
    }
    expect(begun.map((ms) => Number(ms) - startedMs)).toEqual([0, 8_000, 16_000]);
    expect((await delivered).delivery).toMatchObject({ status: "failed", attempts: 3 });
  });

  test("all messages together have 25 s", async () => {
    const sent: number[] = [];
    const startedMs = performance.now();
    const slow = receiverThat(
      async ({ budget }) => {
        if (budget.endedBy !== null) {
          throw new DeliveryError("TIMEOUT", "", { retryable: "never", httpStatus: null });
        }
        sent.push(performance.now() - startedMs);
        vi.advanceTimersByTime(7_000);
        return 200;
      },
      Array.from({ length: 5 }, (): Message => ({ key: "", body: {}, covers: [] })),
    );
    const { delivery } = await deliver(slow, ALERT, { clock });
    expect(sent).toEqual([0, 7_000, 14_000, 21_000]);
    expect(delivery).toMatchObject({ status: "failed", messages: 4, error: { code: "TIMEOUT" } });
  });
});

function receiverThat(
  send: Receiver["send"],
  messages: readonly Message[] = [{ key: "", body: {}, covers: [] }],
): Receiver {
  const identity = { name: "it", type: "webhook", host: "it.example.com" } as const;
  return { ...identity, wantsEveryRun: false, compose: () => messages, send };
}
