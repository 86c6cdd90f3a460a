import type { Retryable } from "../audit/attempt-error.ts";
import type { FailureCode } from "../audit/finding.ts";
import { cleanId, explainKind, kindOfCode } from "../service/service-code.ts";

/** What the service says went wrong. */
export interface AnsweredError {
  readonly code?: unknown;
  /** Of HTTP. */
  readonly statusCode?: number | undefined;
  /** May hold what was signed: it is looked into, and never shown. */
  readonly message: string;
}

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
 * Classifies an error that the service answered with, by its code and then its HTTP status. Some
 * answers have a status as their code.
 */
export function classifyAnswer(
  error: AnsweredError,
  { action, explain }: CallSubject,
): Classification {
  const code = cleanId(error.code) ?? "no code";
  const httpStatus = error.statusCode ?? 0;
  const status = STATUS.test(code) ? Number(code) : httpStatus;
  const told = `(HTTP ${httpStatus}, ${code})`;
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
    return {
      code: "CREDENTIALS_INVALID",
      retryable: "once",
      explanation: explainKind("credentials", told),
    };
  }
  const kind = kindOfCode(code) ?? kindOfParameter(code, error);
  if (kind === "account") {
    return { code: "SERVICE_ERROR", retryable: "never", explanation: explainKind(kind, told) };
  }
  if (kind !== null) {
    return {
      code: "CREDENTIALS_INVALID",
      retryable: "never",
      explanation: explainKind(kind, told),
    };
  }
  if (code.startsWith("InvalidRegionId") || isAbout(/\bRegionId\b/i, INVALID, code, error)) {
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

const STATUS = /^[1-5]\d\d$/;
/** `Forbbiden` is how the documentation of GetFlowLogServiceStatus spells it. */
const DENIED_CODES = /^(Forbbiden|Forbidden|NoPermission)(\.|$)/;
const TRANSIENT_CODES = /^(ServiceUnavailable|InternalError|SystemBusy)(\.|$)/;

const INVALID = /^InvalidParameter(\.|$)/;
const MISSING_OR_INVALID = /^(Missing|Invalid)Parameter(\.|$)/;

function kindOfParameter(code: string, error: AnsweredError): "clock" | "credentials" | null {
  const isOf = (name: RegExp): boolean => isAbout(name, MISSING_OR_INVALID, code, error);
  if (isOf(/\bTimestamp\b/i)) return "clock";
  return isOf(/\b(AccessKeyId|SecurityToken|Signature)\b/i) ? "credentials" : null;
}

/** These codes name the parameter only in the text beside them. */
function isAbout(
  parameter: RegExp,
  codes: RegExp,
  code: string,
  { message }: AnsweredError,
): boolean {
  return codes.test(code) && parameter.test(`${code} ${message}`);
}
