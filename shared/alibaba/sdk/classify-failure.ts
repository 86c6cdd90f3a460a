import { AlibabaCloudError } from "@alicloud/openapi-core";

import { CallError } from "../../audit/call-error.ts";
import type { Exchange } from "../../audit/finding.ts";
import type { ObservedExchange } from "../../http/exchange.ts";
import { ProxyError } from "../../http/proxy-error.ts";
import { parseRetryAfter } from "../../http/retry-after.ts";
import { describeTlsFault } from "../../http/tls-fault.ts";
import { isTransientFault } from "../../http/transient-fault.ts";
import { cleanId } from "../../service/service-code.ts";
import { errorCode } from "../../text/error-code.ts";
import { type CallSubject, type Classification, classifyAnswer } from "./classify-answer.ts";
import { MalformedAnswerError, RefusedAnswerError } from "./read-answer.ts";

/**
 * Converts any error of a call through the SDK to a {@link CallError}. Errors are recognised by class,
 * code and HTTP status. The server's message is dropped, because it can contain the signed request.
 *
 * @param error - an error, or the code of the limit that ended the call
 * @param observed - the exchange of the call
 */
export function classifyFailure(
  error: unknown,
  subject: CallSubject,
  observed: ObservedExchange,
): CallError {
  const { code, retryable, explanation, hostResolved } = classify(error, subject, observed);
  const requestId =
    error instanceof AlibabaCloudError ||
    error instanceof MalformedAnswerError ||
    error instanceof RefusedAnswerError
      ? error.requestId
      : undefined;
  return new CallError(code, explanation, {
    exchange: exchangeOf(subject.endpoint, observed, requestId),
    retryable,
    retryAfterMs: retryAfterMs(observed),
    hostResolved: observed.hostResolved ? true : hostResolved,
    serviceCode:
      error instanceof AlibabaCloudError || error instanceof RefusedAnswerError
        ? cleanId(error.code)
        : null,
    // After an answer, the error can quote it.
    cause: error instanceof Error && observed.response === undefined ? error : undefined,
  });
}

/** The evidence of an exchange; its parts are null when no answer arrived. */
export function exchangeOf(
  endpoint: string,
  observed: ObservedExchange,
  requestId?: unknown,
): Exchange {
  return {
    requestId:
      cleanId(requestId) ??
      cleanId(observed.response?.headers["x-acs-request-id"]) ??
      cleanId(observed.response?.headers["x-log-requestid"]),
    endpoint,
    httpStatus: observed.response?.status ?? null,
  };
}

function classify(
  error: unknown,
  subject: CallSubject,
  observed: ObservedExchange,
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
  if (observed.oversized) {
    return {
      code: "MALFORMED_RESPONSE",
      retryable: "never",
      explanation: `${subject.endpoint} sent more than any answer has. A gateway or proxy on the way may have written it.`,
    };
  }
  // Thrown by the SDK for a body that is not JSON, or an error body without the expected fields, such
  // as a gateway's page or a truncated answer. Such failures are transient.
  const isNotJson = error instanceof SyntaxError || error instanceof TypeError;
  if (isNotJson && observed.response !== undefined) {
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
    // The limit is that of one attempt. Whether there is time for another is decided by `retry`.
    retryable: "always",
    explanation: `${subject.endpoint} did not answer in time.`,
  };
}

function classifyTransport(
  error: unknown,
  { endpoint, hostProvesRegion = true }: CallSubject,
): Classification {
  if (error instanceof ProxyError) {
    return {
      code: "UNREACHABLE",
      retryable: error.retryable,
      explanation: error.message,
    };
  }
  const code = cleanId(errorCode(error));
  if (code === "ENOTFOUND" && hostProvesRegion) {
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
  const tlsFault = describeTlsFault(endpoint, error);
  if (tlsFault !== null) {
    return { code: "UNREACHABLE", retryable: "never", explanation: tlsFault };
  }
  return {
    code: "UNREACHABLE",
    retryable: isTransientFault(code) ? "always" : "never",
    explanation: `${endpoint} cannot be reached (${code}). Check the network, a firewall or a proxy on the way.`,
  };
}

/** The wait that the service requests: its own header, in milliseconds, or the standard one. */
function retryAfterMs({ response }: ObservedExchange): number | undefined {
  const own = response?.headers["x-acs-retry-after"];
  return typeof own === "string" && /^\d+$/.test(own)
    ? Number(own)
    : parseRetryAfter(response?.headers["retry-after"]);
}
