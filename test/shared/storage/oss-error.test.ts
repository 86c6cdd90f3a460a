import { describe, expect, test } from "vitest";

import type { ObservedExchange } from "../../../shared/http/exchange.ts";
import { ProxyError } from "../../../shared/http/proxy-error.ts";
import { STATE_CONTENTS } from "../../../shared/storage/oss-blobs.ts";
import { assertDone, classifyOssFailure, OssError } from "../../../shared/storage/oss-error.ts";

const SUBJECT = { bucket: "b", prefix: "p/", host: "oss.example", contents: STATE_CONTENTS };

function answered(status: number, code?: string) {
  const error = Object.assign(new Error("what the server wrote"), { code });
  const exchange = { response: { status, headers: {} }, hostResolved: true, oversized: false };
  const { message, cause, retryable } = classifyOssFailure(error, SUBJECT, exchange);
  expect(message).not.toContain("what the server wrote");
  expect(cause).toBeUndefined();
  return { message, retryable };
}

describe("an error that OSS answers with is named", () => {
  test.each([
    "InvalidAccessKeyId",
    "InvalidSecurityToken",
    "SecurityTokenExpired",
    "SignatureDoesNotMatch",
    "AccessKeyIdAndSecurityTokenNotMatch",
  ])("%s: the credentials", (code) => {
    const { message, retryable } = answered(403, code);
    expect(message).toContain(`The credentials were refused by oss.example (HTTP 403, ${code}).`);
    expect(retryable).toBe("never");
  });

  test("RequestTimeTooSkewed: the clock", () => {
    expect(answered(403, "RequestTimeTooSkewed").message).toBe(
      "The time of the request was refused by oss.example (HTTP 403, RequestTimeTooSkewed). Set the clock of this machine: it may be 15 minutes off at most.",
    );
  });

  test.each(["UserDisable", "InDebt", "InDebtOverdue", "AbnormalBucketOwnerStatus"])(
    "%s: the account",
    (code) => {
      const { message, retryable } = answered(403, code);
      expect(message).toContain(
        `The account was refused by oss.example (HTTP 403, ${code}): it has overdue payments`,
      );
      expect(retryable).toBe("never");
    },
  );

  test.each([
    [403, "AccessDenied", "Access denied to the state in b at oss.example", "never"],
    [404, "NoSuchBucket", "There is no bucket b at oss.example", "never"],
    [429, "QpsLimitExceeded", "oss.example failed, or is too busy", "always"],
    [500, undefined, "oss.example failed, or is too busy (HTTP 500).", "always"],
    [400, "InvalidArgument", "oss.example refused the request for the state", "never"],
  ])("HTTP %i %s: %s", (status, code, says, expected) => {
    const { message, retryable } = answered(status, code);
    expect(message).toContain(says);
    expect(retryable).toBe(expected);
  });
});

test.each([
  ["a bucket of another account", 403, "AccessDenied"],
  ["a code that is not known", 403, "SomethingElse"],
  ["no code", 403, undefined],
])("HTTP 403 with %s names the actions and the objects that are needed", (_what, status, code) => {
  const detail = code === undefined ? "" : `, ${code}`;
  expect(answered(status, code).message).toBe(
    `Access denied to the state in b at oss.example (HTTP 403${detail}). Allow oss:GetObject, oss:PutObject and oss:DeleteObject on acs:oss:*:*:b/p/*, and check that this is the bucket's region.`,
  );
});

const UNSEEN: ObservedExchange = { response: undefined, hostResolved: false, oversized: false };

function failedWith(code: string | undefined): Error {
  return Object.assign(new Error("http://key@secret"), code === undefined ? {} : { code });
}

describe("an error that a call through ali-oss threw", () => {
  const exchange = (status: number, headers = {}): ObservedExchange => ({
    response: { status, headers },
    hostResolved: true,
    oversized: false,
  });

  test.each<[string, unknown, ObservedExchange, object]>([
    [
      "the end of the time",
      "TIMEOUT",
      UNSEEN,
      { code: null, retryable: "always", message: "oss.example did not answer in time." },
    ],
    [
      "an answer without end",
      failedWith(undefined),
      { ...exchange(200), oversized: true },
      { code: null, retryable: "never", message: "oss.example sent more than any state has." },
    ],
    [
      "an answer that was cut off",
      failedWith(undefined),
      exchange(200),
      { code: null, retryable: "always", message: "The answer of oss.example was cut off." },
    ],
    [
      "a redirect",
      failedWith(undefined),
      exchange(300),
      {
        code: null,
        retryable: "never",
        message: "oss.example refused the request for the state (HTTP 300).",
      },
    ],
    [
      "a missing object",
      failedWith("NoSuchKey"),
      exchange(404),
      {
        code: "NoSuchKey",
        retryable: "never",
        message: "oss.example refused the request for the state (HTTP 404, NoSuchKey).",
      },
    ],
    [
      "a code that would move the cursor of a terminal",
      failedWith("\u001b[2J"),
      exchange(400),
      { code: null, message: "oss.example refused the request for the state (HTTP 400)." },
    ],
    [
      "too many requests",
      failedWith("QpsLimitExceeded"),
      exchange(429, { "retry-after": "7" }),
      { code: "QpsLimitExceeded", retryable: "always", retryAfterMs: 7_000 },
    ],
    ["a failure of OSS", failedWith("InternalError"), exchange(500), { retryable: "always" }],
    ["HTTP 499", failedWith("X"), exchange(499), { retryable: "never" }],
    [
      "a proxy that refuses",
      new ProxyError("PROXY_REFUSED", "The proxy refuses.", false),
      UNSEEN,
      { retryable: "never", message: "The proxy refuses.", cause: expect.any(ProxyError) },
    ],
    [
      "a proxy that may connect the next time",
      new ProxyError("PROXY_TARGET_UNREACHABLE", "The proxy could not connect.", true),
      UNSEEN,
      { retryable: "always", message: "The proxy could not connect." },
    ],
    [
      "a certificate",
      failedWith("CERT_REVOKED"),
      UNSEEN,
      {
        retryable: "never",
        message:
          "oss.example has a certificate that is not accepted (CERT_REVOKED). Check whether a proxy on the way has put it there.",
        cause: expect.any(Error),
      },
    ],
    [
      "a name that does not resolve",
      failedWith("ENOTFOUND"),
      UNSEEN,
      {
        retryable: "always",
        message:
          "There is no host b.oss.example, or no name server that knows it. Correct the region of the state, or check the network.",
        cause: expect.any(Error),
      },
    ],
    [
      "a connection that broke",
      failedWith("ECONNRESET"),
      { ...UNSEEN, hostResolved: true },
      {
        retryable: "always",
        message:
          "oss.example cannot be reached. Check the network, a firewall or a proxy on the way.",
      },
    ],
  ])("%s", (_what, error, observed, expected) => {
    expect(classifyOssFailure(error, SUBJECT, observed)).toMatchObject(expected);
  });

  test.each(["127.0.0.1", "127.0.0.1:9000", "[::1]", "[::1]:9000"])(
    "the address %s needs no name server",
    (host) => {
      const { message } = classifyOssFailure(
        failedWith("ECONNREFUSED"),
        { ...SUBJECT, host },
        UNSEEN,
      );
      expect(message).toMatch(/cannot be reached\./);
    },
  );

  test("an error of this kind is kept as it is", () => {
    const error = new OssError(null, "Said already.", { retryable: "always" });
    expect(classifyOssFailure(error, SUBJECT, UNSEEN)).toBe(error);
  });
});

// https://www.alibabacloud.com/help/en/oss/developer-reference/public-headers
describe("an answer that ali-oss treats as a success", () => {
  const ID = { "x-oss-request-id": "5374A2880232A65C2300****" };
  const check = (expected: number, response: ObservedExchange["response"]) => () =>
    assertDone(expected, SUBJECT, { response });

  test("needs the expected status, and the id of the request", () => {
    expect(check(200, { status: 200, headers: ID })).not.toThrow();
    expect(check(204, { status: 204, headers: ID })).not.toThrow();
  });

  test.each<[number, ObservedExchange["response"], string]>([
    [
      200,
      { status: 206, headers: ID },
      "oss.example answered HTTP 206 where 200 is the only success",
    ],
    [
      200,
      { status: 304, headers: ID },
      "oss.example answered HTTP 304 where 200 is the only success",
    ],
    [
      204,
      { status: 200, headers: ID },
      "oss.example answered HTTP 200 where 204 is the only success",
    ],
    [
      200,
      { status: 206, headers: {} },
      "oss.example answered HTTP 206 where 200 is the only success",
    ],
    [200, undefined, "oss.example answered HTTP 0 where 200 is the only success"],
    [
      200,
      { status: 200, headers: {} },
      "Something else answered for oss.example (HTTP 200, without the id of a request)",
    ],
  ])("%i expected, %j: refused", (expected, response, message) => {
    expect(check(expected, response)).toThrow(
      expect.objectContaining({
        name: "OssError",
        code: null,
        retryable: "always",
        message: expect.stringContaining(message),
      }),
    );
  });
});
