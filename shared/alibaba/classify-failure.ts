import { AlibabaCloudError } from "@alicloud/openapi-core";

import type { Retryable } from "../audit/attempt-error.ts";
import { CallError } from "../audit/call-error.ts";
import type { Exchange, FailureCode } from "../audit/finding.ts";
import { parseRetryAfter } from "../retry-after.ts";
import { MalformedAnswerError } from "./answers.ts";
import type { Sighting } from "./observe-exchange.ts";

/** What was asked, for the message. */
export interface CallSubject {
  /** RAM action, for example `vpc:GetFlowLogServiceStatus`. */
  readonly action: string;
  readonly endpoint: string;
}

interface Classification {
  readonly code: FailureCode;
  readonly retryable: Retryable;
  readonly explanation: string;
  readonly hostResolved?: boolean;
}

/**
 * Turns whatever a call through the SDK threw into a {@link CallError}. Recognises errors by class,
 * code and HTTP status. The server's text is not passed on: it may hold what was signed, keys
 * included.
 *
 * @param error - what the SDK threw, or the code that the call's limit was aborted with
 * @see https://www.alibabacloud.com/help/en/vpc/developer-reference/error-codes
 */
export function classifyFailure(
  error: unknown,
  subject: CallSubject,
  sighting: Sighting,
): CallError {
  const { code, retryable, explanation, hostResolved } = classify(error, subject, sighting);
  const requestId =
    error instanceof AlibabaCloudError || error instanceof MalformedAnswerError
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
export function exchangeOf(endpoint: string, sighting: Sighting, requestId?: unknown): Exchange {
  return {
    requestId: cleanId(requestId) ?? cleanId(sighting.response?.headers["x-acs-request-id"]),
    endpoint,
    httpStatus: sighting.response?.status ?? null,
  };
}

function classify(error: unknown, subject: CallSubject, sighting: Sighting): Classification {
  if (error === "TIMEOUT") return timeout(subject);
  if (error === "DEADLINE_EXCEEDED") {
    return {
      code: "DEADLINE_EXCEEDED",
      retryable: "never",
      explanation: `The run's deadline struck before ${subject.endpoint} answered.`,
    };
  }
  if (error instanceof AlibabaCloudError) return classifyAnswer(error, subject);
  if (error instanceof MalformedAnswerError) {
    return {
      code: "MALFORMED_RESPONSE",
      retryable: "never",
      explanation: `The answer is not one of ${subject.action}: ${error.message}`,
    };
  }
  // What the SDK throws for a body that is not JSON, or not the JSON it expects of an error: a
  // gateway's page, a cut answer. Such things pass.
  if (sighting.oversized) {
    return {
      code: "MALFORMED_RESPONSE",
      retryable: "never",
      explanation: `${subject.endpoint} sent more than any answer has. A gateway or proxy on the way may have written it.`,
    };
  }
  const unreadable = error instanceof SyntaxError || error instanceof TypeError;
  if (unreadable && sighting.response !== undefined) {
    return {
      code: "MALFORMED_RESPONSE",
      retryable: "always",
      explanation: `The answer of ${subject.endpoint} is not readable as JSON. A gateway or proxy on the way may have written it.`,
    };
  }
  if (error instanceof Error && error.name === "RequestTimeoutError") return timeout(subject);
  return classifyTransport(error, subject);
}

function timeout(subject: CallSubject): Classification {
  return {
    code: "TIMEOUT",
    retryable: "never",
    explanation: `${subject.endpoint} did not answer in time.`,
  };
}

function classifyAnswer(error: AlibabaCloudError, { action }: CallSubject): Classification {
  const code = cleanId(error.code) ?? "no code";
  const status = error.statusCode ?? 0;
  const told = `(HTTP ${status}, ${code})`;
  if (code.includes("Throttling") || status === 429) {
    return {
      code: "THROTTLED",
      retryable: "always",
      explanation: `Throttled ${told}. Ask fewer regions at once, or allow a longer time-out.`,
    };
  }
  if (code === "SignatureNonceUsed") {
    return { ...CREDENTIALS_INVALID, retryable: "once", explanation: refusedCredentials(told) };
  }
  if (CREDENTIALS_CODES.test(code)) {
    return { ...CREDENTIALS_INVALID, explanation: refusedCredentials(told) };
  }
  if (code.startsWith("InvalidRegionId") || isAboutRegion(code, error)) {
    return {
      code: "REGION_NOT_FOUND",
      retryable: "never",
      explanation: `There is no such region ${told}. Correct the id.`,
    };
  }
  if (DENIED_CODES.test(code) || status === 403) {
    return {
      code: "ACCESS_DENIED",
      retryable: "never",
      explanation: `Access denied ${told}. Allow the RAM action ${action} to the identity that runs the audit.`,
    };
  }
  if (TRANSIENT_CODES.test(code) || status >= 500) {
    return {
      code: "SERVICE_ERROR",
      retryable: "always",
      explanation: `The service failed ${told}. Run the audit again later.`,
    };
  }
  return {
    code: "SERVICE_ERROR",
    retryable: "never",
    explanation: `The service refused the request ${told}.`,
  };
}

const CREDENTIALS_INVALID = { code: "CREDENTIALS_INVALID", retryable: "never" } as const;
const CREDENTIALS_CODES =
  /^(InvalidAccessKeyId|InvalidSecurityToken|SignatureDoesNotMatch|IncompleteSignature|InvalidTimeStamp)(\.|$)/;
/** `Forbbiden` is how the documentation of GetFlowLogServiceStatus spells it. */
const DENIED_CODES = /^(Forbbiden|Forbidden|NoPermission)(\.|$)/;
const TRANSIENT_CODES = /^(ServiceUnavailable|InternalError|SystemBusy)(\.|$)/;

function refusedCredentials(told: string): string {
  return `The credentials were refused ${told}. Check the access key, its secret and the security token's expiry, and the clock of this machine.`;
}

/** `InvalidParameter` names the parameter only in its text. */
function isAboutRegion(code: string, error: AlibabaCloudError): boolean {
  return /^InvalidParameter(\.|$)/.test(code) && /\bRegionId\b/i.test(`${code} ${error.message}`);
}

/** Faults of a connection that may be gone with the next one. */
const PASSING_FAULTS = new Set([
  "ECONNABORTED",
  "ECONNREFUSED",
  "ECONNRESET",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EPIPE",
  "ETIMEDOUT",
]);

function classifyTransport(error: unknown, { endpoint }: CallSubject): Classification {
  const code = error instanceof Error && "code" in error ? cleanId(error.code) : null;
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
  return {
    code: "UNREACHABLE",
    retryable: PASSING_FAULTS.has(code) ? "always" : "never",
    explanation: `${endpoint} cannot be reached (${code}). Check the network, a firewall or a proxy on the way.`,
  };
}

/** What the service asks to wait: its own header in milliseconds, or else the standard one. */
function retryAfterMs({ response }: Sighting): number | undefined {
  const own = response?.headers["x-acs-retry-after"];
  return typeof own === "string" && /^\d+$/.test(own)
    ? Number(own)
    : parseRetryAfter(response?.headers["retry-after"]);
}

/** An id as services write them; the SDK writes a missing one as the text `undefined`. */
function cleanId(id: unknown): string | null {
  return typeof id === "string" && id !== "undefined" && /^[\w.:-]{1,64}$/.test(id) ? id : null;
}
