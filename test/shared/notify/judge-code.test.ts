import { describe, expect, test } from "vitest";

import {
  assertAcceptedByCode,
  BUSY,
  type CodeFailure,
  permanentFailure,
  type VendorCodes,
} from "../../../shared/notify/answer/judge-code.ts";
import type { ReceiverAnswer } from "../../../shared/notify/answer/receiver-answer.ts";
import { DeliveryError } from "../../../shared/notify/delivery-error.ts";

const FAILURES: Readonly<Record<string, CodeFailure>> = {
  "1": { kind: "WAIT", advice: "wait" },
  "2": { kind: "BACK_OFF", advice: "back off" },
  "3": BUSY,
  "4": permanentFailure("never"),
  "5": { kind: "TOO_LONG", advice: "too long" },
  "-6": permanentFailure("below zero"),
};

const CODES: VendorCodes = {
  field: "errcode",
  codeOf: ({ errcode }) => errcode,
  failureOf: (code) => FAILURES[code],
};

/** What an answer is judged as; null for a confirmed delivery. */
function judge(status: number, body: unknown, headers: ReceiverAnswer["headers"] = {}) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  try {
    assertAcceptedByCode({ host: "h.example", status, headers, text }, CODES);
    return null;
  } catch (error) {
    if (!(error instanceof DeliveryError)) throw error;
    const { code, retryable, retryAfterMs, mayHaveArrived, httpStatus, message } = error;
    return { code, retryable, retryAfterMs, mayHaveArrived, httpStatus, message };
  }
}

describe("a code", () => {
  const RETRY_AFTER = { "retry-after": "9" };

  test.each([
    [1, "THROTTLED", "never", undefined, "wait"],
    [2, "THROTTLED", "always", 9_000, "back off"],
    [3, "SERVER_ERROR", "always", 9_000, "it is busy or has a fault of its own"],
    [4, "REJECTED", "never", undefined, "never"],
    [5, "TOO_LONG", "never", undefined, "too long"],
    [-6, "REJECTED", "never", undefined, "below zero"],
  ])("%i is %s, to be retried %s", (errcode, code, retryable, retryAfterMs, advice) => {
    // The code decides, whatever the status except for a redirect.
    for (const status of [200, 299, 400, 429, 500]) {
      expect(judge(status, { errcode }, RETRY_AFTER)).toEqual({
        code,
        retryable,
        retryAfterMs,
        mayHaveArrived: false,
        httpStatus: status,
        message: `h.example refused the message: errcode ${errcode}, ${advice}.`,
      });
    }
  });

  test("that is not known is named, and final", () => {
    expect(judge(200, { errcode: 4711 })).toMatchObject({
      code: "REJECTED",
      retryable: "never",
      message: "h.example refused the message: errcode 4711. See what the vendor says of it.",
    });
    expect(judge(400, { errcode: 4711 })).toMatchObject({ code: "REJECTED", retryable: "never" });
  });

  test.each([429, 503])("that is not known does not hide a transient status: %i", (status) => {
    expect(judge(status, { errcode: 4711 })).toMatchObject({
      retryable: "always",
      message: expect.stringContaining(`answered HTTP ${status}`),
    });
  });
});

describe("success", () => {
  test.each([
    [200, { errcode: 0 }],
    [201, { errcode: "0" }],
    [299, { errcode: 0, errmsg: "anything" }],
  ])("HTTP %i with %j", (status, body) => {
    expect(judge(status, body)).toBeNull();
  });

  test.each([
    [400, "REJECTED"],
    [503, "SERVER_ERROR"],
  ])("is any 2xx, and not %i", (status, code) => {
    expect(judge(status, { errcode: 0 })).toMatchObject({ code });
  });

  test.each([300, 302, 399])("is not read from a redirect: %i", (status) => {
    expect(judge(status, { errcode: 0 })).toMatchObject({ code: "REDIRECTED" });
    expect(judge(status, { errcode: 3 })).toMatchObject({ code: "REDIRECTED" });
  });
});

describe("an invalid code leaves a 2xx unconfirmed", () => {
  test.each<[unknown]>([
    [{}],
    [{ errcode: null }],
    [{ errcode: "ok" }],
    [{ errcode: "" }],
    [{ errcode: "00x" }],
    [{ errcode: "x4" }],
    [{ errcode: "--4" }],
    [{ errcode: 0.5 }],
    [{ errcode: true }],
    [{ errcode: [4] }],
    // Longer than any code, so it is not shown.
    [{ errcode: "12345678901" }],
    [{ errcode: 1e21 }],
    [[{ errcode: 4 }]],
    ["null"],
    ["0"],
    ['"errcode"'],
  ])("%j", (body) => {
    expect(judge(200, body)).toEqual({
      code: "REJECTED",
      retryable: "never",
      retryAfterMs: undefined,
      mayHaveArrived: false,
      httpStatus: 200,
      message:
        "h.example answered HTTP 200 without errcode: delivery is not confirmed. Check the address, and whether something stands between.",
    });
  });

  test("and may have arrived where the answer is cut off", () => {
    expect(judge(200, '{"errcode":')).toMatchObject({ code: "REJECTED", mayHaveArrived: true });
  });

  test("and does not change the meaning of other statuses", () => {
    expect(judge(404, {})).toMatchObject({ message: expect.stringContaining("HTTP 404") });
    expect(judge(504, "")).toMatchObject({ code: "SERVER_ERROR", mayHaveArrived: true });
  });
});

test.each([
  ["1234567890", "1234567890"],
  ["-1234567890", "-1234567890"],
  [1_234_567_890, "1234567890"],
])("up to ten digits are a code: %j", (errcode, shown) => {
  expect(judge(200, { errcode })?.message).toContain(`errcode ${shown}.`);
});
