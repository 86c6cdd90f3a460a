import type { Retryable } from "../../audit/attempt-error.ts";
import type { FailureCode } from "../../audit/finding.ts";
import { cleanId, type CodeKind, explainKind, kindOfCode } from "../../service/service-code.ts";

/** An error that the service answered with. */
export interface AnsweredError {
  readonly code?: unknown;
  /** HTTP status. */
  readonly statusCode?: number | undefined;
  /** Can contain the signed request, so it is evaluated, but never shown. */
  readonly message: string;
}

/** What an error code means, where only the service that answered with it knows. */
export type CodeMeaning = CodeKind | "throttled" | "denied" | "refused";

/** The operation and the endpoint of a call, and what is particular to the service. */
export interface CallSubject {
  /** RAM action, for example `vpc:GetFlowLogServiceStatus`. */
  readonly action: string;
  readonly endpoint: string;
  /**
   * Explains an error code that has a special meaning for this action; null for all other codes.
   *
   * @param detail - status and code, such as `(HTTP 403, NoPermission)`
   */
  readonly explain?: (code: string, detail: string) => string | null;
  /** The meaning of the service's own error codes; null for those that all services share. */
  readonly meaningOf?: (code: string, message: string) => CodeMeaning | null;
  /**
   * Whether a host name that does not exist means that there is no such region.
   *
   * @default true
   */
  readonly hostProvesRegion?: boolean;
}

/** The reason code of a failure, and its explanation for the report. */
export interface Classification {
  readonly code: FailureCode;
  readonly retryable: Retryable;
  readonly explanation: string;
  readonly hostResolved?: boolean;
}

/**
 * Classifies an error that the service answered with, by its code and then by its HTTP status. In some
 * answers, the code is an HTTP status.
 */
export function classifyAnswer(
  error: AnsweredError,
  { action, explain, meaningOf }: CallSubject,
): Classification {
  const code = cleanId(error.code) ?? "no code";
  const httpStatus = error.statusCode ?? 0;
  const status = STATUS.test(code) ? Number(code) : httpStatus;
  const detail = `(HTTP ${httpStatus}, ${code})`;
  const meaning = meaningOf?.(code, error.message) ?? null;
  if (meaning === "throttled" || code.includes("Throttling") || status === 429) {
    return {
      code: "THROTTLED",
      retryable: "always",
      explanation:
        explain?.(code, detail) ??
        `Throttled ${detail}. Ask fewer regions at once, or allow a longer time-out.`,
    };
  }
  if (code === "SignatureNonceUsed") {
    return {
      code: "CREDENTIALS_INVALID",
      retryable: "once",
      explanation: explainKind("credentials", detail),
    };
  }
  const kind =
    meaning === null ? (kindOfCode(code) ?? kindOfParameter(code, error)) : kindOfMeaning(meaning);
  if (kind === "account") {
    return { code: "SERVICE_ERROR", retryable: "never", explanation: explainKind(kind, detail) };
  }
  if (kind !== null) {
    return {
      code: "CREDENTIALS_INVALID",
      retryable: "never",
      explanation: explainKind(kind, detail),
    };
  }
  if (code.startsWith("InvalidRegionId") || isAbout(/\bRegionId\b/i, INVALID, code, error)) {
    return {
      code: "REGION_NOT_FOUND",
      retryable: "never",
      explanation: `There is no such region ${detail}. Correct the id.`,
    };
  }
  const isDenied = meaning === null && (DENIED_CODES.test(code) || status === 403);
  if (meaning === "denied" || isDenied) {
    return {
      code: "ACCESS_DENIED",
      retryable: "never",
      explanation:
        explain?.(code, detail) ??
        `Access denied ${detail}. Allow the RAM action ${action} to the identity that runs the audit.`,
    };
  }
  if (TRANSIENT_CODES.test(code) || status >= 500) {
    return {
      code: "SERVICE_ERROR",
      retryable: "always",
      explanation: `The service failed ${detail}. Run the audit again later.`,
    };
  }
  return {
    code: "SERVICE_ERROR",
    retryable: "never",
    explanation: explain?.(code, detail) ?? `The service refused the request ${detail}.`,
  };
}

const STATUS = /^[1-5]\d\d$/;
/** `Forbbiden` is how the documentation of GetFlowLogServiceStatus spells it. */
const DENIED_CODES = /^(Forbbiden|Forbidden|NoPermission)(\.|$)/;
const TRANSIENT_CODES = /^(ServiceUnavailable|InternalError|SystemBusy)(\.|$)/;

function kindOfMeaning(meaning: CodeMeaning): CodeKind | null {
  return meaning === "throttled" || meaning === "denied" || meaning === "refused" ? null : meaning;
}

const INVALID = /^InvalidParameter(\.|$)/;
const MISSING_OR_INVALID = /^(Missing|Invalid)Parameter(\.|$)/;

function kindOfParameter(code: string, error: AnsweredError): "clock" | "credentials" | null {
  const isOf = (name: RegExp): boolean => isAbout(name, MISSING_OR_INVALID, code, error);
  if (isOf(/\bTimestamp\b/i)) return "clock";
  return isOf(/\b(AccessKeyId|SecurityToken|Signature)\b/i) ? "credentials" : null;
}

/** Whether a code of a set is about a parameter, which only the message names. */
function isAbout(
  parameter: RegExp,
  codes: RegExp,
  code: string,
  { message }: AnsweredError,
): boolean {
  return codes.test(code) && parameter.test(`${code} ${message}`);
}
