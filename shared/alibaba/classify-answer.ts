import type { AlibabaCloudError } from "@alicloud/openapi-core";

import type { Retryable } from "../audit/attempt-error.ts";
import type { FailureCode } from "../audit/finding.ts";
import { cleanId } from "../clean-id.ts";

/** What was asked, for the message. */
export interface CallSubject {
  /** RAM action, for example `vpc:GetFlowLogServiceStatus`. */
  readonly action: string;
  readonly endpoint: string;
  /**
   * What an answer with a code of the service means, where that is another thing for this action than
   * for most; null where it is not.
   *
   * @param told - the status and the code, such as `(HTTP 403, NoPermission)`
   */
  readonly explain?: (code: string, told: string) => string | null;
}

/** What a failure is, and what a person is told of it. */
export interface Classification {
  readonly code: FailureCode;
  readonly retryable: Retryable;
  readonly explanation: string;
  readonly hostResolved?: boolean;
}

/**
 * Classifies an error that the service answered with, by its code and then its HTTP status.
 */
export function classifyAnswer(
  error: AlibabaCloudError,
  { action, explain }: CallSubject,
): Classification {
  const code = cleanId(error.code) ?? "no code";
  const status = error.statusCode ?? 0;
  const told = `(HTTP ${status}, ${code})`;
  if (code.includes("Throttling") || status === 429) {
    return {
      code: "THROTTLED",
      retryable: "always",
      explanation:
        explain?.(code, told) ??
        `Throttled ${told}. Ask fewer regions at once, or allow a longer time-out.`,
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
      explanation:
        explain?.(code, told) ??
        `Access denied ${told}. Allow the RAM action ${action} to the identity that runs the audit.`,
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
    explanation: explain?.(code, told) ?? `The service refused the request ${told}.`,
  };
}

const CREDENTIALS_INVALID = { code: "CREDENTIALS_INVALID", retryable: "never" } as const;
const CREDENTIALS_CODES =
  /^(InvalidAccessKeyId|InvalidSecurityToken|SignatureDoesNotMatch|IncompleteSignature|InvalidTimeStamp|IllegalTimestamp|MissingSecurityToken|MissingAccessKeyId)(\.|$)/;
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
