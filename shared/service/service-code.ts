/**
 * A request id or an error code as the services write them; null for anything else. The SDK writes a
 * missing one as the text `undefined`. Control characters must not reach a terminal.
 */
export function cleanId(id: unknown): string | null {
  return typeof id === "string" && id !== "undefined" && /^[\w.:-]{1,64}$/.test(id) ? id : null;
}

/** The meaning of error codes that all services of Alibaba Cloud share. */
export type CodeKind = "clock" | "credentials" | "account";

/** The time of a request is missing, malformed, or differs too much from the service's clock. */
const CLOCK = /^(InvalidTimeStamp|IllegalTimestamp|MissingTimestamp|RequestTimeTooSkewed)(\.|$)/i;

/**
 * An access key, its secret, or a security token is missing, wrong, expired or disabled. Codes that
 * begin with `SDK.` come from an SDK.
 */
const CREDENTIALS =
  /^(SDK\.)?(InvalidAccessKey(Id|Secret)?|InvalidSecurityToken|SecurityTokenExpired|AccessKeyIdAndSecurityTokenNotMatch|Signature(DoesNot|Not)Match|IncompleteSignature|Missing(AccessKeyId|SecurityToken|Signature|Authorization)|NoEnabledAccessKey|Forbidden\.AccessKey(Disabled)?)(\.|$)/i;

/** The account has overdue payments, or is disabled. */
const ACCOUNT =
  /^(InvalidAccountStatus\.NotEnoughBalance|InsufficientBalance|NotEnoughBalance|(Account\.)?Arrearage|InDebt(Overdue)?|UserDisabled?|AbnormalBucketOwnerStatus|Forbidden\.(AccountOverdue\w*|UserDisabled?))(\.|$)/i;

/**
 * The kind of an error code; null for a code whose meaning depends on the service.
 *
 * @see https://www.alibabacloud.com/help/en/polardb/client-error-codes
 * @see https://www.alibabacloud.com/help/en/oss/how-to-troubleshoot-403-status-code-when-you-access-oss
 * @see https://www.alibabacloud.com/help/en/functioncompute/error-codes
 */
export function kindOfCode(code: string): CodeKind | null {
  if (CLOCK.test(code)) return "clock";
  if (CREDENTIALS.test(code)) return "credentials";
  return ACCOUNT.test(code) ? "account" : null;
}

/**
 * Says what a code of a kind means, and what to do.
 *
 * @param detail - status and code, such as `(HTTP 403, UserDisable)`
 * @param by - the service that refused the request, such as ` by oss-cn-hangzhou.aliyuncs.com`
 */
export function explainKind(kind: CodeKind, detail: string, by = ""): string {
  switch (kind) {
    case "clock":
      return `The time of the request was refused${by} ${detail}. Set the clock of this machine: it may be 15 minutes off at most.`;
    case "credentials":
      return `The credentials were refused${by} ${detail}. Check the access key, its secret and the security token's expiry, and the clock of this machine.`;
    case "account":
      return `The account was refused${by} ${detail}: it has overdue payments, or is disabled. Pay what is due, or look at the account's messages in the console, and run it again.`;
  }
}
