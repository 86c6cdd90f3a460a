import { describe, expect, test } from "vitest";

import { cleanId, explainKind, kindOfCode } from "../../../shared/service/service-code.ts";

describe("cleanId", () => {
  test.each([
    "NoPermission",
    "Forbidden.AccessKey",
    "7A1C3F40-0000-4000-8000-000000000001",
    "a:b",
    "404",
  ])("accepts %s", (id) => {
    expect(cleanId(id)).toBe(id);
  });

  test.each([
    undefined,
    null,
    404,
    "",
    "undefined",
    "a b",
    "a\u001b[2J",
    "x".repeat(65),
    "https://h",
  ])("rejects %j", (id) => {
    expect(cleanId(id)).toBeNull();
  });
});

describe("kindOfCode", () => {
  test.each([
    ["InvalidTimeStamp.Expired", "clock"],
    ["IllegalTimestamp", "clock"],
    ["MissingTimestamp", "clock"],
    ["RequestTimeTooSkewed", "clock"],
    ["InvalidAccessKeyId.NotFound", "credentials"],
    ["InvalidAccessKeySecret", "credentials"],
    ["InvalidAccessKey", "credentials"],
    ["InvalidSecurityToken.Expired", "credentials"],
    ["SecurityTokenExpired", "credentials"],
    ["AccessKeyIdAndSecurityTokenNotMatch", "credentials"],
    ["SignatureDoesNotMatch", "credentials"],
    ["SignatureNotMatch", "credentials"],
    ["SDK.SignatureDoesNotMatch", "credentials"],
    ["IncompleteSignature", "credentials"],
    ["MissingSecurityToken", "credentials"],
    ["MissingAuthorization", "credentials"],
    ["NoEnabledAccessKey", "credentials"],
    ["Forbidden.AccessKeyDisabled", "credentials"],
    ["invalidaccesskeyid", "credentials"],
    ["InvalidAccountStatus.NotEnoughBalance", "account"],
    ["InsufficientBalance", "account"],
    ["Account.Arrearage", "account"],
    ["InDebtOverdue", "account"],
    ["UserDisable", "account"],
    ["AbnormalBucketOwnerStatus", "account"],
    ["Forbidden.AccountOverdue", "account"],
    ["Forbidden.UserDisabled", "account"],
    ["Forbidden", null],
    ["Forbidden.RAM", null],
    ["NoPermission", null],
    ["InvalidAccessKeyIdentity", null],
    ["XInvalidAccessKeyId", null],
    ["InvalidTimeStampFormat", null],
    ["InvalidAccountStatus", null],
    ["", null],
  ])("%j: %s", (code, kind) => {
    expect(kindOfCode(code)).toBe(kind);
  });
});

describe("explainKind", () => {
  test.each([
    ["clock", /^The time of the request was refused by h \(HTTP 403, X\)\. .*clock/],
    ["credentials", /^The credentials were refused by h \(HTTP 403, X\)\. .*access key/],
    ["account", /^The account was refused by h \(HTTP 403, X\): .*overdue/],
  ] as const)("%s", (kind, says) => {
    expect(explainKind(kind, "(HTTP 403, X)", " by h")).toMatch(says);
    expect(explainKind(kind, "(HTTP 403, X)")).toContain("refused (HTTP 403, X)");
  });
});
