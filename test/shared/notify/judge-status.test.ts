import { describe, expect, test } from "vitest";

import {
  assertOk,
  rejectedError,
  retryAfterMsOf,
  statusError,
  unconfirmedError,
} from "../../../shared/notify/answer/judge-status.ts";
import type { ReceiverAnswer } from "../../../shared/notify/answer/receiver-answer.ts";
import type { DeliveryError } from "../../../shared/notify/delivery-error.ts";

function answer(
  status: number,
  text = "",
  headers: ReceiverAnswer["headers"] = {},
): ReceiverAnswer {
  return { host: "h.example", status, headers, text };
}

/** The fields of the error that the delivery uses. */
function judgementOf({ code, retryable, mayHaveArrived, httpStatus }: DeliveryError) {
  return { code, retryable, mayHaveArrived, httpStatus };
}

describe("an answer by its status", () => {
  test.each([200, 201, 204, 299])("%i is a success", (status) => {
    expect(() => assertOk(answer(status))).not.toThrow();
  });

  test.each([199, 300, 302, 400, 500])("%i is no success", (status) => {
    expect(() => assertOk(answer(status))).toThrow(`h.example answered HTTP ${status}`);
  });

  test.each<[number, DeliveryError["code"], DeliveryError["retryable"], boolean]>([
    [300, "REDIRECTED", "never", false],
    [301, "REDIRECTED", "never", false],
    [399, "REDIRECTED", "never", false],
    [400, "REJECTED", "never", false],
    [401, "REJECTED", "never", false],
    [404, "REJECTED", "never", false],
    [407, "REJECTED", "never", false],
    [408, "SERVER_ERROR", "always", false],
    [409, "REJECTED", "never", false],
    [412, "REJECTED", "never", false],
    [413, "TOO_LONG", "never", false],
    [414, "REJECTED", "never", false],
    [424, "REJECTED", "never", false],
    [425, "SERVER_ERROR", "always", false],
    [426, "REJECTED", "never", false],
    [428, "REJECTED", "never", false],
    [429, "THROTTLED", "always", false],
    [430, "REJECTED", "never", false],
    [499, "REJECTED", "never", false],
    [500, "SERVER_ERROR", "always", false],
    [501, "SERVER_ERROR", "always", false],
    // A gateway answers for a server behind it, which may have accepted the message.
    [502, "SERVER_ERROR", "always", true],
    [503, "SERVER_ERROR", "always", false],
    [504, "SERVER_ERROR", "always", true],
    [505, "SERVER_ERROR", "always", false],
    [599, "SERVER_ERROR", "always", false],
  ])("%i is %s, to be retried %s, and may have arrived: %s", (status, code, retryable, arrived) => {
    expect(judgementOf(statusError(answer(status)))).toEqual({
      code,
      retryable,
      mayHaveArrived: arrived,
      httpStatus: status,
    });
  });

  test.each([
    [302, "h.example answered HTTP 302, no answer to a message: use the final address."],
    [403, "h.example answered HTTP 403. Check the receiver's address and secret."],
    [413, "h.example answered HTTP 413: the message is too long for it."],
    [429, "h.example answered HTTP 429: too many messages."],
    [503, "h.example answered HTTP 503."],
  ])("%i is explained", (status, message) => {
    expect(statusError(answer(status)).message).toBe(message);
  });

  test.each([
    [429, 7_000],
    [503, 7_000],
    [403, undefined],
    [413, undefined],
    [307, undefined],
  ])("%i with Retry-After asks to wait %s ms", (status, expected) => {
    expect(statusError(answer(status, "", { "retry-after": "7" })).retryAfterMs).toBe(expected);
  });
});

test.each<[string, ReceiverAnswer["headers"], number | undefined]>([
  ["no header", {}, undefined],
  ["Retry-After", { "retry-after": "3" }, 3_000],
  ["Feishu's header", { "x-ogw-ratelimit-reset": "5" }, 5_000],
  ["both, the standard one first", { "retry-after": "3", "x-ogw-ratelimit-reset": "5" }, 3_000],
  ["one that cannot be read", { "retry-after": "soon", "x-ogw-ratelimit-reset": "5" }, 5_000],
  ["Feishu's header twice", { "x-ogw-ratelimit-reset": ["5", "6"] }, undefined],
])("the wait that an answer asks for: %s", (_case, headers, expected) => {
  expect(retryAfterMsOf(answer(429, "", headers))).toBe(expected);
});

test("a rejection is final: the message has not arrived", () => {
  const error = rejectedError(answer(200), "refused the message.");
  expect(error.message).toBe("h.example refused the message.");
  expect(judgementOf(error)).toEqual({
    code: "REJECTED",
    retryable: "never",
    mayHaveArrived: false,
    httpStatus: 200,
  });
});

describe("an answer that does not confirm the delivery", () => {
  test.each<[string, number, string, boolean]>([
    ["no body", 200, "", true],
    ["a body that is cut off", 200, '{"errc', true],
    ["words", 299, "o", true],
    ["a whole JSON object", 200, '{"status":1}', false],
    ["a JSON number", 200, "0", false],
    ["a web page", 200, " <html>", false],
    ["a redirect", 300, "", false],
    ["a refusal", 400, "", false],
    ["an informational status", 199, "", false],
  ])("%s may have arrived or not", (_case, status, text, mayHaveArrived) => {
    const error = unconfirmedError(answer(status, text), "answered.");
    expect(error.message).toBe("h.example answered.");
    expect(judgementOf(error)).toEqual({
      code: "REJECTED",
      retryable: "never",
      mayHaveArrived,
      httpStatus: status,
    });
  });
});
