import { describe, expect, test } from "vitest";

import { type CodeKind, explainKind, kindOfCode } from "../../../shared/service/service-code.ts";

// https://www.alibabacloud.com/help/en/polardb/client-error-codes
// https://www.alibabacloud.com/help/en/oss/how-to-troubleshoot-403-status-code-when-you-access-oss
// https://www.alibabacloud.com/help/en/functioncompute/error-codes
const CODES: Readonly<Record<CodeKind, readonly string[]>> = {
  clock: [
    "InvalidTimeStamp.Expired",
    "InvalidTimeStamp.Format",
    "IllegalTimestamp",
    "MissingTimestamp",
    "RequestTimeTooSkewed",
  ],
  credentials: [
    "InvalidAccessKey",
    "InvalidAccessKeyId",
    "InvalidAccessKeyId.NotFound",
    "InvalidAccessKeySecret",
    "SDK.InvalidAccessKeySecret",
    "InvalidSecurityToken.Expired",
    "SecurityTokenExpired",
    "AccessKeyIdAndSecurityTokenNotMatch",
    "SignatureDoesNotMatch",
    "SignatureNotMatch",
    "IncompleteSignature",
    "MissingAccessKeyId",
    "MissingSecurityToken",
    "MissingSignature",
    "MissingAuthorization",
    "NoEnabledAccessKey",
    "Forbidden.AccessKey",
    "Forbidden.AccessKeyDisabled",
  ],
  account: [
    "InvalidAccountStatus.NotEnoughBalance",
    "InsufficientBalance",
    "NotEnoughBalance",
    "Arrearage",
    "Account.Arrearage",
    "InDebt",
    "InDebtOverdue",
    "UserDisable",
    "UserDisabled",
    "AbnormalBucketOwnerStatus",
    "Forbidden.AccountOverdue",
    "Forbidden.AccountOverdueSuspended",
    "Forbidden.UserDisable",
    "Forbidden.UserDisabled",
  ],
};

describe.each(Object.entries(CODES))("an error code of the kind %s", (kind, codes) => {
  test.each(codes)("%s, in any case and with a detail after it", (code) => {
    for (const written of [code, code.toLowerCase(), code.toUpperCase(), `${code}.Detail`]) {
      expect(kindOfCode(written)).toBe(kind);
    }
  });
});

test.each([
  "",
  "Forbidden",
  "Forbidden.RAM",
  "NoPermission",
  "Throttling",
  "InvalidAccountStatus",
  "InvalidAccountStatus.SnapshotServiceUnavailable",
  "SignatureNonceUsed",
  // A known code is not a part of a longer word.
  "NotInvalidTimeStamp",
  "RequestTimeTooSkewedMore",
  "NotSignatureDoesNotMatch",
  "InvalidAccessKeyIdentity",
  "Forbidden.AccessKeyDisabledNow",
  "NotInvalidAccountStatus.NotEnoughBalance",
  "UserDisabledAccount",
  "Forbidden.UserDisabledAccount",
])("%j is a code of a service's own", (code) => expect(kindOfCode(code)).toBeNull());

test.each<[CodeKind, string]>([
  [
    "clock",
    "The time of the request was refused by oss.example (HTTP 403, X). Set the clock of this machine: it may be 15 minutes off at most.",
  ],
  [
    "credentials",
    "The credentials were refused by oss.example (HTTP 403, X). Check the access key, its secret and the security token's expiry, and the clock of this machine.",
  ],
  [
    "account",
    "The account was refused by oss.example (HTTP 403, X): it has overdue payments, or is disabled. Pay what is due, or look at the account's messages in the console, and run it again.",
  ],
])("a code of the kind %s is explained", (kind, explanation) => {
  expect(explainKind(kind, "(HTTP 403, X)", " by oss.example")).toBe(explanation);
  expect(explainKind(kind, "(HTTP 403, X)")).toBe(explanation.replace(" by oss.example", ""));
});
