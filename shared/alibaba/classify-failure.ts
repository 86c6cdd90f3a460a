import { AlibabaCloudError } from "@alicloud/openapi-core";

import { CallError } from "../audit/call-error.ts";
import type { Exchange } from "../audit/finding.ts";
import { parseRetryAfter } from "../http/retry-after.ts";
import { MalformedAnswerError, RefusedAnswerError } from "./answers.ts";
import { type CallSubject, type Classification, classifyAnswer } from "./classify-answer.ts";
import { describeTlsFault } from "../http/tls-fault.ts";
import { ProxyError } from "../http/proxy-error.ts";
import type { ObservedExchange } from "../http/exchange.ts";
import { isTransientFault } from "../http/transient-fault.ts";
import { cleanId } from "../service/service-code.ts";
import { errorCode } from "../text/error-code.ts";

/**
 * Turns whatever a call through the SDK threw into a {@link CallError}. Recognises errors by class,
 * code and HTTP status. The server's text is not passed on: it may hold what was signed, keys
 * included.
 *
 * @param error - what the SDK threw, or the code that the call's limit ended with
 */
export function classifyFailure(
  error: unknown,
  subject: CallSubject,
  sighting: ObservedExchange,
): CallError {
  const { code, retryable, explanation, hostResolved } = classify(error, subject, sighting);
  const requestId =
    error instanceof AlibabaCloudError ||
    error instanceof MalformedAnswerError ||
    error instanceof RefusedAnswerError
      ? error.requestId
      : undefined;
  return new CallError(code, explanation, {
    exchange: exchangeOf(subject.endpoint, sighting, requestId),
    retryable,
    retryAfterMs: retryAfterMs(sighting),
    hostResolved: sighting.hostResolved ? true : hostResolved,
    // With an answer in, whatever was thrown may quote it.
    cause: error instanceof Error && sighting.response === undefined ? error : undefined,
  });
}

/** The evidence that an exchange left, as far as there was one. */
export function exchangeOf(
  endpoint: string,
  sighting: ObservedExchange,
  requestId?: unknown,
): Exchange {
  return {
    requestId: cleanId(requestId) ?? cleanId(sighting.response?.headers["x-acs-request-id"]),
    endpoint,
    httpStatus: sighting.response?.status ?? null,
  };
}

function classify(
  error: unknown,
  subject: CallSubject,
  sighting: ObservedExchange,
): Classification {
  if (error === "TIMEOUT") return timeout(subject);
  if (error === "DEADLINE_EXCEEDED") {
    return {
      code: "DEADLINE_EXCEEDED",
      retryable: "never",
      explanation: `The run's deadline struck before ${subject.endpoint} answered.`,
    };
  }
  if (error instanceof AlibabaCloudError || error instanceof RefusedAnswerError) {
    return classifyAnswer(error, subject);
  }
  if (error instanceof MalformedAnswerError) {
    return {
      code: "MALFORMED_RESPONSE",
      retryable: "never",
      explanation: `The answer is not one of ${subject.action}: ${error.message}`,
    };
  }
  if (sighting.oversized) {
    return {
      code: "MALFORMED_RESPONSE",
      retryable: "never",
      explanation: `${subject.endpoint} sent more than any answer has. A gateway or proxy on the way may have written it.`,
    };
  }
  // What the SDK throws for a body that is not JSON, or not the JSON it expects of an error: a
  // gateway's page, a cut answer. Such things pass.
  const unreadable = error instanceof SyntaxError || error instanceof TypeError;
  if (unreadable && sighting.response !== undefined) {
    return {
      code: "MALFORMED_RESPONSE",
      retryable: "always",
      explanation: `The answer of ${subject.endpoint} is not readable as JSON. A gateway or proxy on the way may have written it.`,
    };
  }
  return classifyTransport(error, subject);
}

function timeout(subject: CallSubject): Classification {
  return {
    code: "TIMEOUT",
    // The time of one attempt: whether any is left is for who has the budget.
    retryable: "always",
    explanation: `${subject.endpoint} did not answer in time.`,
  };
}

function classifyTransport(error: unknown, { endpoint }: CallSubject): Classification {
  if (error instanceof ProxyError) {
    return {
      code: "UNREACHABLE",
      retryable: error.retryable,
      explanation: error.message,
    };
  }
  const code = cleanId(errorCode(error));
  if (code === "ENOTFOUND") {
    return {
      code: "REGION_NOT_FOUND",
      retryable: "never",
      explanation: `There is no host ${endpoint}, so there is no such region. Correct the id.`,
      hostResolved: false,
    };
  }
  if (code === null) {
    return {
      code: "SERVICE_ERROR",
      retryable: "never",
      explanation: `The call to ${endpoint} failed in a way that is not known.`,
    };
  }
  const certificate = describeTlsFault(endpoint, error);
  if (certificate !== null) {
    return { code: "UNREACHABLE", retryable: "never", explanation: certificate };
  }
  return {
    code: "UNREACHABLE",
    retryable: isTransientFault(code) ? "always" : "never",
    explanation: `${endpoint} cannot be reached (${code}). Check the network, a firewall or a proxy on the way.`,
  };
}

/** What the service asks to wait: its own header in milliseconds, or else the standard one. */
function retryAfterMs({ response }: ObservedExchange): number | undefined {
  const own = response?.headers["x-acs-retry-after"];
  return typeof own === "string" && /^\d+$/.test(own)
    ? Number(own)
    : parseRetryAfter(response?.headers["retry-after"]);
}
