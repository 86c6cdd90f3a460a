/** Kinds of error codes that mean the same whichever service of Alibaba Cloud answers with them. */
export type CodeKind = "clock" | "credentials" | "account";

/** The time of a request is missing, unreadable or too far off. */
const CLOCK = /^(InvalidTimeStamp|IllegalTimestamp|MissingTimestamp|RequestTimeTooSkewed)(\.|$)/i;

/**
 * A key, its secret, or a security token is missing, wrong, expired or disabled. What `SDK.` begins,
 * SDKs make of an answer themselves.
 */
const CREDENTIALS =
  /^(SDK\.)?(InvalidAccessKey(Id|Secret)?|InvalidSecurityToken|SecurityTokenExpired|AccessKeyIdAndSecurityTokenNotMatch|Signature(DoesNot|Not)Match|IncompleteSignature|Missing(AccessKeyId|SecurityToken|Signature|Authorization)|NoEnabledAccessKey|Forbidden\.AccessKey(Disabled)?)(\.|$)/i;

/** The account has overdue payments, or was disabled. */
const ACCOUNT =
  /^(InvalidAccountStatus\.NotEnoughBalance|InsufficientBalance|NotEnoughBalance|(Account\.)?Arrearage|InDebt(Overdue)?|UserDisabled?|AbnormalBucketOwnerStatus|Forbidden\.(AccountOverdue\w*|UserDisabled?))(\.|$)/i;

/**
 * Tells what kind of an error code it is; null for one whose meaning is the service's own.
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
 * Says what a code of that kind means, and what to do.
 *
 * @param told - status and code, such as `(HTTP 403, UserDisable)`
 * @param by - what refused, such as ` by oss-cn-hangzhou.aliyuncs.com`
 */
export function explainKind(kind: CodeKind, told: string, by = ""): string {
  switch (kind) {
    case "clock":
      return `The time of the request was refused${by} ${told}. Set the clock of this machine: it may be 15 minutes off at most.`;
    case "credentials":
      return `The credentials were refused${by} ${told}. Check the access key, its secret and the security token's expiry, and the clock of this machine.`;
    case "account":
      return `The account was refused${by} ${told}: it has overdue payments, or is disabled. Pay what is due, or look at the account's messages in the console, and run it again.`;
  }
}
