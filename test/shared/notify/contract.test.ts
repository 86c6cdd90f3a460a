import { inspect } from "node:util";
import { brotliCompressSync, constants, deflateSync, gzipSync } from "node:zlib";

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import type { Alert, Change } from "../../../shared/alerts/alert.ts";
import { deliver, type Delivered, type DeliverOptions } from "../../../shared/notify/deliver.ts";
import { type Receiver } from "../../../shared/notify/receiver.ts";
import {
  createReceivers,
  RECEIVER_TYPES,
  type ReceiverOptions,
} from "../../../shared/notify/receivers.ts";
import { alertWith, withLongId } from "../../harness/alert-with.ts";
import { DIRECT } from "../../harness/direct.ts";
import { startMuteServer } from "../../harness/mute-server.ts";
import {
  CATCHER_SECRETS,
  type CatcherAnswer,
  startWebhookCatcher,
} from "../../harness/webhook-catcher.ts";
import { type VendorAnswer, VENDOR_ANSWERS } from "./vendor-answers.ts";

/** Encoders of the content codings that are decoded. */
const CODERS = {
  gzip: (body: Buffer) => gzipSync(body),
  "x-gzip": (body: Buffer) => gzipSync(body),
  deflate: (body: Buffer) => deflateSync(body),
  br: (body: Buffer) =>
    brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }),
};
const QUICK = { maxAttempts: 3, baseDelayMs: 0, maxDelayMs: 0 };
const ALERT = alertWith(["opened", "resolved"]);
/** More than fits into one message of any vendor at half of its limit. */
const LONG = alertWith(
  Array.from({ length: 70 }, () => "opened"),
  { edit: withLongId },
);

test.each(RECEIVER_TYPES)("the answers of %s are in vendor-answers.ts", (type) => {
  expect(VENDOR_ANSWERS).toHaveProperty(type);
});

const WITH_ANSWERS = RECEIVER_TYPES.filter((type) => Object.hasOwn(VENDOR_ANSWERS, type));

/** The contract of every type of receiver, against a server that answers like its vendor. */
describe.each(WITH_ANSWERS)("%s", (type) => {
  const {
    accepted,
    refusals,
    unconfirmed,
    tooLong,
    dropsRepeats,
    hasLimit = true,
    secret,
  } = VENDOR_ANSWERS[type];
  const [fine = { status: 200 }] = accepted;

  function receiverAt(url: string): Receiver {
    const options: ReceiverOptions = { type, url, ...(secret !== undefined && { secret }) };
    const [receiver] = createReceivers([options], DIRECT);
    if (receiver === undefined) throw new Error("there is a receiver");
    return watched(receiver);
  }

  /** The same receiver, checked for secrets in the messages that it writes and the errors that it throws. */
  function watched(receiver: Receiver): Receiver {
    return {
      ...receiver,
      compose: (alert, share) => {
        const messages = receiver.compose(alert, share);
        expectNoSecret(messages);
        return messages;
      },
      send: (dispatch) =>
        receiver.send(dispatch).catch((error: unknown) => {
          expectNoSecret(error);
          throw error;
        }),
    };
  }

  function expectNoSecret(value: unknown): void {
    // Only `inspect` shows all properties of an error, and its causes.
    const shown =
      value instanceof Error
        ? inspect(value, { depth: null, showHidden: true })
        : JSON.stringify(value);
    for (const hidden of [...CATCHER_SECRETS, ...(secret === undefined ? [] : [secret])]) {
      expect(shown).not.toContain(hidden);
    }
  }

  async function deliverTo(
    url: string,
    alert: Alert = ALERT,
    options: Partial<DeliverOptions> = {},
  ): Promise<Delivered> {
    const clock = () => new Date("2026-11-22T08:00:02.000Z");
    const receiver = receiverAt(url);
    const delivered = await deliver(receiver, alert, { clock, retryPolicy: QUICK, ...options });
    expectNoSecret(delivered);
    return delivered;
  }

  async function deliveryOf(answers: readonly CatcherAnswer[], alert: Alert = ALERT) {
    await using catcher = await startWebhookCatcher(answers);
    const { delivery, notified, unknown } = await deliverTo(catcher.url, alert);
    return { delivery, notified, unknown, caught: catcher.messages };
  }

  test.each(accepted)("accepts: %j", async (answer) => {
    const { delivery, notified, caught } = await deliveryOf([answer]);
    expect(delivery).toMatchObject({
      name: expect.stringMatching(/^[\w-]{1,32}$/),
      type,
      host: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      status: "delivered",
      messages: 1,
      attempts: 1,
      httpStatus: answer.status,
      error: null,
    });
    expect(notified).toEqual(ALERT.changes);
    expect(caught[0]?.headers).toMatchObject({
      "content-type": "application/json",
      "user-agent": expect.stringMatching(/^flowlog-guard\/\d/),
      connection: "close",
    });
  });

  test.for(refusals)("refuses: %j", async ([answer, code, attempts, says = ""]) => {
    const { delivery, notified } = await deliveryOf([answer]);
    expect(delivery).toMatchObject({
      status: "failed",
      messages: 0,
      attempts,
      httpStatus: answer.status,
      error: { code, message: expect.stringMatching(/^127\.0\.0\.1:\d+ .*\.$/) },
    });
    expect(delivery.error?.message).toMatch(says);
    expect(notified).toEqual([]);
  });

  test.each(unconfirmed)("does not accept as a confirmation: %j", async (answer) => {
    const { delivery, notified } = await deliveryOf([answer]);
    expect(delivery).toMatchObject({
      status: "failed",
      attempts: 1,
      httpStatus: answer.status,
      error: { code: "REJECTED" },
    });
    expect(notified).toEqual([]);
  });

  test.each([
    [301, "REDIRECTED", 1],
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
    const headers = { location: "https://127.0.0.1/hook-token-88fe" };
    const { delivery, caught } = await deliveryOf([
      { status, headers, body: "<html>hook-token-88fe" },
    ]);
    expect(delivery).toMatchObject({ status: "failed", attempts, httpStatus: status });
    expect(delivery.error?.code).toBe(code);
    expect(caught).toHaveLength(attempts);
  });

  test.each([
    [500, false],
    [503, false],
    // A gateway answers for a server behind it, which may have accepted the message.
    [502, true],
    [504, true],
  ])("after HTTP %i, whether the message may have arrived: %s", async (status, isUnknown) => {
    const { unknown } = await deliveryOf([{ status }]);
    expect(unknown).toEqual(isUnknown ? ALERT.changes : []);
  });

  test.each<[CatcherAnswer]>([
    [{ status: 503 }],
    [{ status: 429, headers: { "retry-after": "0" } }],
    [{ status: 502, body: "x".repeat(100_000) }],
    // The status says that the message was not accepted, though the body is cut off.
    [{ status: 503, headers: { "content-length": "100" }, body: "{" }],
  ])("sends the same message again after %.60j", async (answer) => {
    const { delivery, caught } = await deliveryOf([answer, fine]);
    expect(delivery).toMatchObject({ status: "delivered", messages: 1, attempts: 2 });
    expect(new Set(caught.map(({ body }) => body)).size).toBe(1);
    expect(new Set(caught.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
  });

  test.each<[CatcherAnswer]>([
    ["reset"],
    ["close"],
    ["switch"],
    ["garbage"],
    ["overflow"],
    ["cut"],
  ])(
    "after the request, %j leaves the outcome unknown: the message is sent again only where repeats are dropped",
    async (answer) => {
      const { delivery, unknown, caught } = await deliveryOf([answer, fine]);
      expect(unknown).toEqual(dropsRepeats ? [] : ALERT.changes);
      expect(caught).toHaveLength(dropsRepeats ? 2 : 1);
      expect(delivery).toMatchObject(
        dropsRepeats
          ? { status: "delivered", attempts: 2 }
          : { status: "failed", attempts: 1, error: { code: "UNREACHABLE" } },
      );
      expect(delivery.error?.message ?? "may have arrived").toContain("may have arrived");
    },
  );

  describe("the content coding of an answer", () => {
    const coded = (answer: VendorAnswer, coding: keyof typeof CODERS): VendorAnswer => ({
      ...answer,
      headers: { ...answer.headers, "content-encoding": coding },
      body: CODERS[coding](Buffer.from(answer.body ?? "")),
    });
    const codings = ["gzip", "x-gzip", "deflate", "br"] as const;

    test("is requested to be none", async () => {
      const { caught } = await deliveryOf([fine]);
      expect(caught[0]?.headers["accept-encoding"]).toBe("identity");
    });

    test.each(codings)("%s is decoded in an answer that accepts", async (coding) => {
      const { delivery } = await deliveryOf([coded(fine, coding)]);
      expect(delivery).toMatchObject({ status: "delivered", attempts: 1 });
    });

    test.each(codings)("%s is decoded in an answer that refuses", async (coding) => {
      const refused = [...refusals.map(([answer]) => answer), ...unconfirmed].filter(
        ({ body = "" }) => body !== "",
      );
      for (const answer of refused) {
        const plain = await deliveryOf([answer]);
        const { delivery } = await deliveryOf([coded(answer, coding)]);
        expect(delivery).toMatchObject({
          status: "failed",
          attempts: plain.delivery.attempts,
          error: { code: plain.delivery.error?.code },
        });
      }
    });

    test.each([
      ["that is not known", { ...fine, headers: { "content-encoding": "zstd" } }],
      ["of several", { ...fine, headers: { "content-encoding": "gzip, br" } }],
      [
        "that the body does not have",
        { status: 200, headers: { "content-encoding": "gzip" }, body: "no" },
      ],
    ])("%s leaves the outcome unknown, and nothing is sent again", async (_case, answer) => {
      const { delivery, unknown, caught } = await deliveryOf([answer]);
      expect(delivery).toMatchObject({ status: "failed", error: { code: "REJECTED" } });
      expect(delivery.error?.message).toContain("not confirmed");
      expect(unknown).toEqual(ALERT.changes);
      expect(caught).toHaveLength(1);
    });

    test("has no effect where the status refuses", async () => {
      const headers = { "content-encoding": "zstd" };
      const { delivery } = await deliveryOf([{ status: 503, headers, body: "x" }, fine]);
      expect(delivery).toMatchObject({ status: "delivered", attempts: 2 });
    });

    test.each(codings)("%s is decoded up to 64 KB only", async (coding) => {
      const bomb = { status: 200, body: " ".repeat(5_000_000) };
      const { delivery, unknown } = await deliveryOf([coded(bomb, coding)]);
      expect(delivery).toMatchObject({
        status: "failed",
        attempts: 1,
        error: { code: "REJECTED" },
      });
      expect(unknown).toEqual(ALERT.changes);
    });
  });

  test("stops where Retry-After asks for a longer wait than a delivery has", async () => {
    const { delivery } = await deliveryOf([
      { status: 429, headers: { "retry-after": "3600" } },
      fine,
    ]);
    expect(delivery).toMatchObject({ status: "failed", attempts: 1, error: { code: "THROTTLED" } });
  });

  test("reads no more than 64 KB of an answer", async () => {
    const { delivery } = await deliveryOf(["endless"]);
    expect(delivery).toMatchObject({ status: "failed", error: { code: "REJECTED" } });
  });

  test("a closed port is UNREACHABLE", async () => {
    const catcher = await startWebhookCatcher();
    await catcher.stop();
    expect((await deliverTo(catcher.url)).delivery).toMatchObject({
      status: "failed",
      attempts: 3,
      httpStatus: null,
      error: { code: "UNREACHABLE", message: expect.stringContaining("(ECONNREFUSED)") },
    });
  });

  test("a failed TLS handshake is UNREACHABLE, and not repeated", async () => {
    await using catcher = await startWebhookCatcher([fine]);
    const { delivery } = await deliverTo(catcher.url.replace("http:", "https:"));
    expect(delivery).toMatchObject({ attempts: 1, error: { code: "UNREACHABLE" } });
    expect(catcher.messages).toEqual([]);
  });

  describe("when the time is up", () => {
    beforeEach(() => {
      vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    });
    afterEach(() => {
      vi.useRealTimers();
    });

    test("before there is a connection, tries again", async () => {
      await using mute = await startMuteServer(() => vi.advanceTimersByTime(8_000));
      const [path, token] = CATCHER_SECRETS;
      const { delivery } = await deliverTo(`${mute.origin}/${path}?token=${token}`);
      expect(delivery).toMatchObject({ status: "failed", attempts: 3, error: { code: "TIMEOUT" } });
      expect(delivery.error?.message).toContain("took no connection");
      expect(mute.connections).toHaveLength(3);
    });

    test("after the message was sent, sends it again only where repeats are dropped", async () => {
      let late = true;
      await using catcher = await startWebhookCatcher(["hang", fine], () => {
        if (late) vi.advanceTimersByTime(8_000);
        late = false;
      });
      const { delivery, notified, unknown } = await deliverTo(catcher.url);
      const { status, attempts, error } = delivery;
      expect({ status, attempts, notified, unknown, code: error?.code }).toEqual(
        dropsRepeats
          ? {
              status: "delivered",
              attempts: 2,
              notified: ALERT.changes,
              unknown: [],
              code: undefined,
            }
          : {
              status: "failed",
              attempts: 1,
              notified: [],
              unknown: ALERT.changes,
              code: "TIMEOUT",
            },
      );
      expect(error?.message ?? "may have arrived").toContain("may have arrived");
      expect(catcher.messages).toHaveLength(dropsRepeats ? 2 : 1);
    });
  });

  test("splits a message that is too long again, at half of the limit", async () => {
    const { delivery, notified, caught } = await deliveryOf([tooLong, fine], LONG);
    expect(delivery).toMatchObject({ status: "delivered", error: null });
    expect(new Set(notified)).toEqual(new Set(LONG.changes));
    const lengths = caught.map(({ body }) => Buffer.byteLength(body));
    // Without a limit to halve, the same message is sent once more.
    const most = hasLimit ? 0.7 : 1;
    expect(Math.max(...lengths.slice(1))).toBeLessThanOrEqual(Number(lengths[0]) * most);
  });

  test("fails on a message that is too long at a quarter of the limit", async () => {
    const { delivery, notified } = await deliveryOf([tooLong], LONG);
    expect(delivery).toMatchObject({ status: "failed", attempts: 3, error: { code: "TOO_LONG" } });
    expect(notified).toEqual([]);
  });

  test("marks a test as one", async () => {
    const { delivery, caught } = await deliveryOf([fine], alertWith([], { kind: "test" }));
    expect(delivery).toMatchObject({ status: "delivered", messages: 1 });
    expect(caught[0]?.body).toMatch(/测试|test/i);
  });

  test("gives the same changes of a run the same key, and other changes another", () => {
    const receiver = receiverAt("https://127.0.0.1/hook");
    const keyOf = (alert: Alert) => receiver.compose(alert, 1)[0]?.key;
    const later = ALERT.changes.map((change): Change => ({ ...change, sinceMs: 1 }));
    const fewer = ALERT.changes.slice(1);
    const again = ALERT.changes.map((change): Change => ({ ...change, event: "reminder" }));
    expect(keyOf(ALERT)).toMatch(/^msg_[0-9a-f]{32}$/);
    expect(keyOf({ ...ALERT, changes: later })).toBe(keyOf(ALERT));
    const others: Alert[] = [
      { ...ALERT, changes: fewer },
      { ...ALERT, changes: again },
      { ...ALERT, runId: "another" },
      { ...ALERT, kind: "test" },
    ];
    expect(new Set([ALERT, ...others].map(keyOf)).size).toBe(5);
    const elsewhere = receiverAt("https://127.0.0.1/other");
    expect(elsewhere.compose(ALERT, 1)[0]?.key).not.toBe(keyOf(ALERT));
  });

  test("covers every change once, in five messages at most, each with a key of its own", () => {
    const receiver = receiverAt("https://127.0.0.1/hook");
    for (const count of [1, 30, 400]) {
      const alert = alertWith(Array.from({ length: count }, () => "reminder"));
      for (const share of [1, 0.5, 0.25]) {
        const messages = receiver.compose(alert, share);
        expect(messages.length).toBeLessThanOrEqual(5);
        expect(messages.flatMap(({ covers }) => covers)).toEqual(alert.changes);
        expect(new Set(messages.map(({ key }) => key)).size).toBe(messages.length);
      }
    }
  });
});
