import { EventEmitter, once } from "node:events";

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import type { Change } from "../../../shared/alerts/alert.ts";
import { deliver, DELIVERY_RETRY_POLICY } from "../../../shared/notify/deliver.ts";
import { DeliveryError } from "../../../shared/notify/delivery-error.ts";
import type { Message, Receiver } from "../../../shared/notify/receiver.ts";
import { createReceivers } from "../../../shared/notify/receivers.ts";
import { retryDelayMs } from "../../../shared/retry/retry.ts";
import { startTimeBudget } from "../../../shared/retry/time-budget.ts";
import { alertWith, withLongId } from "../../harness/alert-with.ts";
import { DIRECT } from "../../harness/direct.ts";
import { type CatcherAnswer, startWebhookCatcher } from "../../harness/webhook-catcher.ts";

const QUICK = { maxAttempts: 3, baseDelayMs: 0, maxDelayMs: 0 };
const clock = () => new Date("2026-11-22T08:00:02.000Z");

const OK: CatcherAnswer = { status: 200, body: '{"errcode":0}' };
const REFUSED: CatcherAnswer = { status: 200, body: '{"errcode":93000}' };
const TOO_LONG: CatcherAnswer = { status: 200, body: '{"errcode":40058}' };
const REFUSAL = new DeliveryError("REJECTED", "", { retryable: "never", httpStatus: 403 });
/** Split into three messages at WeCom. */
const ALERT = alertWith(
  Array.from({ length: 30 }, () => "opened"),
  { edit: withLongId },
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
  test("are sent one after another, and the changes of each are reported before the next", async () => {
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

  test("end with the first that fails; the changes of earlier ones stay notified", async () => {
    const { delivery, notified, parts, caught } = await deliverToWecom([OK, REFUSED]);
    expect(delivery).toMatchObject({ status: "failed", messages: 1, attempts: 2 });
    expect(notified).toEqual(parts[0]);
    expect(caught).toHaveLength(2);
  });

  test("are composed again where one is too long, of the changes that are left", async () => {
    const { delivery, notified, parts, caught } = await deliverToWecom([OK, TOO_LONG, OK]);
    expect(delivery).toMatchObject({ status: "delivered", error: null });
    expect(notified).toEqual(ALERT.changes);
    const [first, , ...rest] = caught.map(({ body }) => body);
    const region = `**${String(parts[0]?.[0]?.finding.regionId)}/`;
    expect(first).toContain(region);
    for (const body of rest) expect(body).not.toContain(region);
  });

  test("are not composed again where all changes are notified, and only a list is too long", async () => {
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

  test("end when the changes of one cannot be remembered", async () => {
    const lost = new Error("lost");
    await expect(deliverToWecom([OK], () => Promise.reject(lost))).rejects.toBe(lost);
  });
});

test("an alert without messages is delivered, and nothing is sent", async () => {
  const [receiver] = createReceivers(
    [{ type: "alertmanager", url: "https://127.0.0.1:1" }],
    DIRECT,
  );
  if (receiver === undefined) throw new Error("there is a receiver");
  const { delivery, notified } = await deliver(receiver, { ...ALERT, kind: "summary" }, { clock });
  expect(delivery).toMatchObject({ status: "delivered", messages: 0, attempts: 0, error: null });
  expect(notified).toEqual([]);
});

test("an alert without changes is composed again where its first message is too long", async () => {
  const shares: number[] = [];
  const composed: Receiver["compose"] = (_alert, share) => {
    shares.push(share);
    return [{ key: String(share), body: {}, covers: [] }];
  };
  const receiver = receiverThat(async ({ message }) => {
    if (message.key === "0.5") return 200;
    throw new DeliveryError("TOO_LONG", "", { retryable: "never", httpStatus: 413 });
  });
  const summary = alertWith([], { kind: "summary" });
  const { delivery } = await deliver({ ...receiver, compose: composed }, summary, { clock });
  expect(shares).toEqual([1, 0.5]);
  expect(delivery).toMatchObject({ status: "delivered", messages: 1, attempts: 2 });
});

test("a message that is too long is composed again for half and a quarter of the limit", async () => {
  const shares: number[] = [];
  const receiver = receiverThat(() =>
    Promise.reject(new DeliveryError("TOO_LONG", "", { retryable: "never", httpStatus: 413 })),
  );
  const compose: Receiver["compose"] = (_alert, share) => {
    shares.push(share);
    return [{ key: "", body: {}, covers: ALERT.changes }];
  };
  const { delivery } = await deliver({ ...receiver, compose }, ALERT, { clock });
  expect(shares).toEqual([1, 0.5, 0.25]);
  expect(delivery).toMatchObject({ status: "failed", messages: 0, error: { code: "TOO_LONG" } });
});

describe("the HTTP status of a delivery", () => {
  const throttled = (httpStatus: number | null) =>
    new DeliveryError("THROTTLED", "", { retryable: "never", httpStatus });

  test.each<[string, (number | DeliveryError)[], number | null]>([
    ["of one message", [204], 204],
    ["of the last of several", [200, 202], 202],
    ["of a refusal after a success", [200, throttled(429)], 429],
    ["of no answer after a success", [200, throttled(null)], null],
  ])("is that %s", async (_case, answers, httpStatus) => {
    const left = [...answers];
    const receiver = receiverThat(
      async () => {
        const answer = left.shift() ?? 500;
        if (typeof answer !== "number") throw answer;
        return answer;
      },
      answers.map((): Message => ({ key: "", body: {}, covers: [] })),
    );
    const { delivery } = await deliver(receiver, ALERT, { clock });
    expect(delivery.httpStatus).toBe(httpStatus);
  });
});

test("the next message is not sent before the changes of the last are remembered", async () => {
  const steps: string[] = [];
  const messages = ["a", "b"].map((key): Message => ({ key, body: {}, covers: [] }));
  const receiver = receiverThat(async ({ message }) => {
    steps.push(`send ${message.key}`);
    return 200;
  }, messages);
  await deliver(receiver, ALERT, {
    clock,
    async onNotified() {
      steps.push("remember");
      await new Promise((resolve) => setImmediate(resolve));
      steps.push("remembered");
    },
  });
  const [remember, remembered] = ["remember", "remembered"];
  expect(steps).toEqual(["send a", remember, remembered, "send b", remember, remembered]);
});

describe("an unknown outcome", () => {
  const failure = (mayHaveArrived: boolean, retryable: "never" | "always" = "never") =>
    new DeliveryError("TIMEOUT", "", { retryable, httpStatus: null, mayHaveArrived });

  test.each<[string, DeliveryError[], boolean]>([
    ["after an attempt that may have arrived", [failure(true)], true],
    ["after one that has not", [failure(false)], false],
    ["after a refusal of a repeat", [failure(true, "always"), failure(false)], true],
  ])("%s: %#", async (_case, failures, isUnknown) => {
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

  test("is known again once a repeat is accepted", async () => {
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

describe("a message that is too long and may have arrived", () => {
  const tooLong = new DeliveryError("TOO_LONG", "", {
    retryable: "never",
    httpStatus: 413,
    mayHaveArrived: true,
  });

  test("is known to have arrived once its changes are accepted in shorter ones", async () => {
    const answers: (DeliveryError | null)[] = [tooLong, null];
    const receiver = receiverThat(async () => {
      const error = answers.shift() ?? null;
      if (error !== null) throw error;
      return 200;
    }, [{ key: "", body: {}, covers: ALERT.changes }]);
    const { notified, unknown } = await deliver(receiver, ALERT, { clock });
    expect(notified).toEqual(ALERT.changes);
    expect(unknown).toEqual([]);
  });
});

test("the retry policy waits up to 1 s and then up to 2 s", () => {
  const { maxAttempts } = DELIVERY_RETRY_POLICY;
  const waits = [1, 2].map((failed) => retryDelayMs(DELIVERY_RETRY_POLICY, failed, undefined, 1));
  expect([maxAttempts, ...waits]).toEqual([3, 1_000, 2_000]);
});

test("as many attempts are made as the policy allows, each with the time of the clock", async () => {
  const attemptTimes: number[] = [];
  let nowMs = 1_700_000_000_000;
  const receiver = receiverThat((dispatch) => {
    attemptTimes.push(dispatch.nowMs);
    nowMs += 1_000;
    const options = { retryable: "always", httpStatus: 503 } as const;
    return Promise.reject(new DeliveryError("SERVER_ERROR", "", options));
  });
  const { delivery } = await deliver(receiver, ALERT, {
    clock: () => new Date(nowMs),
    retryPolicy: { ...QUICK, maxAttempts: 2 },
  });
  expect(attemptTimes).toEqual([1_700_000_000_000, 1_700_000_001_000]);
  expect(delivery).toMatchObject({ status: "failed", attempts: 2, httpStatus: 503 });
});

test("the run's time limits the delivery", async () => {
  const within = startTimeBudget(60_000, "DEADLINE_EXCEEDED");
  await using catcher = await startWebhookCatcher(["hang"], () => within.cancel());
  const [receiver] = createReceivers([{ type: "webhook", url: catcher.url }], DIRECT);
  if (receiver === undefined) throw new Error("there is a receiver");
  const { delivery } = await deliver(receiver, ALERT, { clock, within });
  within.release();
  expect(delivery).toMatchObject({ status: "failed", attempts: 1, error: { code: "TIMEOUT" } });
});

test("an internal error is thrown, and is not an outcome of the receiver", async () => {
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

  test("a receiver that never answers has three attempts of 8 s each", async () => {
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

  test.each<[string, Receiver["send"]]>([
    ["accepted", async () => 200],
    ["refused", () => Promise.reject(REFUSAL)],
  ])("leaves no timer behind when the alert is %s", async (_case, send) => {
    await deliver(receiverThat(send), ALERT, { clock });
    expect(vi.getTimerCount()).toBe(0);
  });

  test("an attempt ends with the time of the delivery", async () => {
    const ends: unknown[] = [];
    const within = startTimeBudget(5_000, "DEADLINE_EXCEEDED");
    const receiver = receiverThat(
      ({ budget }) =>
        new Promise((_resolve, reject) => {
          budget.onEnd((code) => {
            ends.push(code, performance.now());
            reject(REFUSAL);
          });
          vi.advanceTimersByTime(5_000);
        }),
    );
    const startedMs = performance.now();
    await deliver(receiver, ALERT, { clock, within });
    expect(ends).toEqual(["DEADLINE_EXCEEDED", startedMs + 5_000]);
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

/** A receiver with this `send`, which always composes the same messages. */
function receiverThat(
  send: Receiver["send"],
  messages: readonly Message[] = [{ key: "", body: {}, covers: [] }],
): Receiver {
  const identity = { name: "it", type: "webhook", host: "it.example.com" } as const;
  return { ...identity, wantsEveryRun: false, compose: () => messages, send };
}
