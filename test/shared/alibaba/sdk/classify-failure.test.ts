import { AlibabaCloudError } from "@alicloud/openapi-core";
import { describe, expect, test } from "vitest";

import { classifyFailure, exchangeOf } from "../../../../shared/alibaba/sdk/classify-failure.ts";
import {
  MalformedAnswerError,
  RefusedAnswerError,
} from "../../../../shared/alibaba/sdk/read-answer.ts";
import type { ObservedExchange } from "../../../../shared/http/exchange.ts";
import { ProxyError } from "../../../../shared/http/proxy-error.ts";

const SUBJECT = { action: "vpc:DescribeRegions", endpoint: "vpc.example:8443" };
const UNSEEN: ObservedExchange = { response: undefined, hostResolved: false, oversized: false };

function answered(status: number, headers = {}, oversized = false): ObservedExchange {
  return { response: { status, headers }, hostResolved: true, oversized };
}

function failedWith(code: string | undefined, message = "who knows"): Error {
  return Object.assign(new Error(message), code === undefined ? {} : { code });
}

function answeredError(fields: object): AlibabaCloudError {
  return Object.assign(Object.create(AlibabaCloudError.prototype), {
    message: "what the server wrote",
    ...fields,
  });
}

describe("an error that a call threw", () => {
  test.each<[string, unknown, ObservedExchange, object]>([
    [
      "the region's time",
      "TIMEOUT",
      UNSEEN,
      {
        code: "TIMEOUT",
        retryable: "always",
        message: "vpc.example:8443 did not answer in time.",
      },
    ],
    [
      "the run's deadline",
      "DEADLINE_EXCEEDED",
      UNSEEN,
      {
        code: "DEADLINE_EXCEEDED",
        retryable: "never",
        message: "The run's deadline struck before vpc.example:8443 answered.",
      },
    ],
    [
      "an error of the service",
      answeredError({ code: "Forbidden.RAM", statusCode: 403, requestId: "REQUEST-1" }),
      answered(403),
      {
        code: "ACCESS_DENIED",
        retryable: "never",
        exchange: { requestId: "REQUEST-1", endpoint: "vpc.example:8443", httpStatus: 403 },
      },
    ],
    [
      "a failure with 200",
      new RefusedAnswerError("Throttling", "", "REQUEST-2"),
      answered(200),
      {
        code: "THROTTLED",
        retryable: "always",
        exchange: { requestId: "REQUEST-2", endpoint: "vpc.example:8443", httpStatus: 200 },
      },
    ],
    [
      "an answer of another operation",
      new MalformedAnswerError("Enabled is missing.", "REQUEST-3"),
      answered(200),
      {
        code: "MALFORMED_RESPONSE",
        retryable: "never",
        message: "The answer is not one of vpc:DescribeRegions: Enabled is missing.",
        exchange: { requestId: "REQUEST-3", endpoint: "vpc.example:8443", httpStatus: 200 },
      },
    ],
    [
      "an answer without end",
      failedWith("ECONNRESET"),
      answered(200, {}, true),
      {
        code: "MALFORMED_RESPONSE",
        retryable: "never",
        message: expect.stringMatching(/^vpc\.example:8443 sent more than any answer has\./),
      },
    ],
    [
      "a page",
      new SyntaxError("Unexpected token"),
      answered(503),
      {
        code: "MALFORMED_RESPONSE",
        retryable: "always",
        message: expect.stringMatching(
          /^The answer of vpc\.example:8443 is not readable as JSON\./,
        ),
      },
    ],
    [
      "an XML error",
      new TypeError("Cannot read properties of null"),
      answered(500),
      { code: "MALFORMED_RESPONSE", retryable: "always" },
    ],
    [
      "a fault of our own before anything was sent",
      new TypeError("x is not a function"),
      UNSEEN,
      { code: "SERVICE_ERROR", retryable: "never" },
    ],
    [
      "a name that does not resolve",
      failedWith("ENOTFOUND"),
      UNSEEN,
      {
        code: "REGION_NOT_FOUND",
        retryable: "never",
        hostResolved: false,
        message: "There is no host vpc.example:8443, so there is no such region. Correct the id.",
      },
    ],
    [
      "a connection that broke after the headers",
      failedWith("ECONNRESET"),
      answered(200),
      { code: "UNREACHABLE", retryable: "always" },
    ],
    [
      "a proxy that may connect the next time",
      new ProxyError("PROXY_TARGET_UNREACHABLE", "The proxy could not connect.", true),
      UNSEEN,
      { code: "UNREACHABLE", retryable: "always", message: "The proxy could not connect." },
    ],
    [
      "a proxy that refuses",
      new ProxyError("PROXY_REFUSED", "The proxy refuses.", false),
      UNSEEN,
      { code: "UNREACHABLE", retryable: "never", message: "The proxy refuses." },
    ],
    [
      "a code that would move the cursor of a terminal",
      failedWith("\u001b[2J"),
      UNSEEN,
      {
        code: "SERVICE_ERROR",
        retryable: "never",
        message: "The call to vpc.example:8443 failed in a way that is not known.",
      },
    ],
    [
      "a certificate",
      failedWith("CERT_HAS_EXPIRED"),
      { ...UNSEEN, hostResolved: true },
      {
        code: "UNREACHABLE",
        retryable: "never",
        hostResolved: true,
        message: expect.stringContaining("has a certificate that has expired"),
      },
    ],
    [
      "an old TLS",
      failedWith("ERR_SSL_UNSUPPORTED_PROTOCOL"),
      { ...UNSEEN, hostResolved: true },
      {
        code: "UNREACHABLE",
        retryable: "never",
        message: expect.stringContaining("it takes TLS 1.2 and 1.3"),
      },
    ],
    [
      "an unknown failure",
      failedWith(undefined),
      UNSEEN,
      {
        code: "SERVICE_ERROR",
        retryable: "never",
        hostResolved: undefined,
        message: "The call to vpc.example:8443 failed in a way that is not known.",
      },
    ],
    ["no error at all", "what?", UNSEEN, { code: "SERVICE_ERROR", retryable: "never" }],
  ])("%s", (_what, error, observed, expected) => {
    expect(classifyFailure(error, SUBJECT, observed)).toMatchObject(expected);
  });

  test.each([
    ["ECONNABORTED", "always"],
    ["ECONNREFUSED", "always"],
    ["ECONNRESET", "always"],
    ["EAI_AGAIN", "always"],
    ["EHOSTUNREACH", "always"],
    ["ENETUNREACH", "always"],
    ["EPIPE", "always"],
    ["ETIMEDOUT", "always"],
    ["EACCES", "never"],
  ])("a connection that failed with %s: %s tried again", (code, retryable) => {
    expect(classifyFailure(failedWith(code), SUBJECT, UNSEEN)).toMatchObject({
      code: "UNREACHABLE",
      retryable,
      hostResolved: undefined,
      message: `vpc.example:8443 cannot be reached (${code}). Check the network, a firewall or a proxy on the way.`,
    });
  });
});

describe("the error is kept as the cause", () => {
  const error = failedWith("ECONNRESET", "a message that may quote an answer");

  test("where no answer had arrived", () => {
    expect(classifyFailure(error, SUBJECT, UNSEEN).cause).toBe(error);
    expect(classifyFailure("TIMEOUT", SUBJECT, UNSEEN).cause).toBeUndefined();
  });

  test("and not where it may quote one", () => {
    expect(classifyFailure(error, SUBJECT, answered(200)).cause).toBeUndefined();
    const syntax = classifyFailure(new SyntaxError("quoted"), SUBJECT, answered(200));
    expect(syntax.cause).toBeUndefined();
    expect(syntax.message).not.toContain("quoted");
  });
});

describe("the evidence", () => {
  test.each<[unknown, Record<string, string>, string | null]>([
    ["REQUEST-1", { "x-acs-request-id": "REQUEST-2" }, "REQUEST-1"],
    ["undefined", { "x-acs-request-id": "REQUEST-2" }, "REQUEST-2"],
    [undefined, { "x-acs-request-id": "REQUEST-2" }, "REQUEST-2"],
    [undefined, { "x-acs-request-id": "\u001b[2J" }, null],
    [7, {}, null],
  ])("of the id %j and the headers %j: %s", (id, headers, requestId) => {
    expect(exchangeOf("h", answered(200, headers), id)).toEqual({
      requestId,
      endpoint: "h",
      httpStatus: 200,
    });
  });

  test("of no answer", () => {
    expect(exchangeOf("h", UNSEEN)).toEqual({ requestId: null, endpoint: "h", httpStatus: null });
  });
});

test.each<[Record<string, string>, number | undefined]>([
  [{ "x-acs-retry-after": "120" }, 120],
  [{ "x-acs-retry-after": "120", "retry-after": "7" }, 120],
  [{ "x-acs-retry-after": "soon", "retry-after": "7" }, 7_000],
  [{ "x-acs-retry-after": "1.5" }, undefined],
  [{ "retry-after": "7" }, 7_000],
  [{}, undefined],
])("the requested wait %j is %s ms", (headers, expected) => {
  const error = answeredError({ code: "Throttling", statusCode: 400 });
  const { retryAfterMs } = classifyFailure(error, SUBJECT, answered(400, headers));
  expect(retryAfterMs).toBe(expected);
});
