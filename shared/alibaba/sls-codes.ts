import type { CodeMeaning } from "./sdk/classify-answer.ts";

/** `Unauthorized` is the code for whatever is wrong with keys too: only the message tells. */
const KEYS_REFUSED = /^(The security token you provided|AccessKeyId (not found|is disabled))/i;
const SERVICE_FORBIDDEN = /service has been forbidden/i;
const SERVICE_NOT_OPEN = /service has not (been )?opened/i;

/**
 * The meaning of the log service's own error codes; null for those that all services share.
 *
 * @param message - the service's text, which is evaluated only
 * @see https://www.alibabacloud.com/help/en/sls/developer-reference/error-codes
 */
export function meaningOfLogServiceCode(code: string, message: string): CodeMeaning | null {
  switch (code) {
    case "Unauthorized":
      if (KEYS_REFUSED.test(message)) return "credentials";
      return SERVICE_FORBIDDEN.test(message) ? "account" : "denied";
    case "InvalidAccessKeyId":
      return SERVICE_NOT_OPEN.test(message) ? "refused" : null;
    case "ProjectForbidden":
      return "account";
    case "RequestTimeExpired":
    case "InvalidRequestTime":
      return "clock";
    default:
      return /(QuotaExceed|QpsLimitExceeded)$/.test(code) ? "throttled" : null;
  }
}

/**
 * Explains a code that is not what it seems; null for all others. The code of a wrong key is also that of
 * an account without the log service.
 */
export function explainLogServiceCode(code: string, detail: string): string | null {
  return code === "InvalidAccessKeyId"
    ? `The log service is not activated in this account ${detail}. Activate it in its console.`
    : null;
}
