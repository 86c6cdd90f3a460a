import { describe, expect, test } from "vitest";

import { classifyAnswer } from "../../../../shared/alibaba/sdk/classify-answer.ts";

const SUBJECT = { action: "vpc:DescribeRegions", endpoint: "vpc.example" };
const SECRET_TEXT = "what the server wrote";

function classify(statusCode: number, code: string | undefined, message = SECRET_TEXT) {
  const classified = classifyAnswer({ statusCode, code, message }, SUBJECT);
  expect(classified.explanation).not.toContain(SECRET_TEXT);
  return classified;
}

const REFUSED =
  "Check the access key, its secret and the security token's expiry, and the clock of this machine.";
const CLOCK = "Set the clock of this machine: it may be 15 minutes off at most.";
const ACCOUNT =
  "it has overdue payments, or is disabled. Pay what is due, or look at the account's messages in the console, and run it again.";

describe("an answered error is classified by its code", () => {
  test.each([
    "InvalidAccessKeyId",
    "InvalidAccessKeyId.NotFound",
    "InvalidAccessKeyId.Inactive",
    "InvalidAccessKeySecret",
    "InvalidSecurityToken",
    "InvalidSecurityToken.Expired",
    "InvalidSecurityToken.Malformed",
    "InvalidSecurityToken.MismatchWithAccessKey",
    "SecurityTokenExpired",
    "SignatureDoesNotMatch",
    "SDK.InvalidAccessKeySecret",
    "IncompleteSignature",
    "MissingSecurityToken",
    "MissingAccessKeyId",
    "MissingSignature",
    "NoEnabledAccessKey",
    "Forbidden.AccessKey",
    "Forbidden.AccessKeyDisabled",
  ])("%s: the credentials", (code) => {
    for (const status of [400, 403, 404]) {
      expect(classify(status, code)).toEqual({
        code: "CREDENTIALS_INVALID",
        retryable: "never",
        explanation: `The credentials were refused (HTTP ${status}, ${code}). ${REFUSED}`,
      });
    }
  });

  test.each([
    "InvalidTimeStamp.Expired",
    "InvalidTimeStamp.Format",
    "InvalidTimestamp",
    "IllegalTimestamp",
    "MissingTimestamp",
    "RequestTimeTooSkewed",
  ])("%s: the clock", (code) => {
    expect(classify(400, code)).toEqual({
      code: "CREDENTIALS_INVALID",
      retryable: "never",
      explanation: `The time of the request was refused (HTTP 400, ${code}). ${CLOCK}`,
    });
  });

  test.each([
    "InvalidAccountStatus.NotEnoughBalance",
    "InsufficientBalance",
    "Account.Arrearage",
    "Arrearage",
    "Forbidden.AccountOverdue",
    "Forbidden.AccountOverdueSuspended",
    "InDebt",
    "InDebtOverdue",
    "UserDisable",
  ])("%s: the account", (code) => {
    expect(classify(403, code)).toEqual({
      code: "SERVICE_ERROR",
      retryable: "never",
      explanation: `The account was refused (HTTP 403, ${code}): ${ACCOUNT}`,
    });
  });

  test.each([
    ["SignatureNonceUsed", 400, "CREDENTIALS_INVALID", "once"],
    ["Throttling", 400, "THROTTLED", "always"],
    ["Throttling.User", 503, "THROTTLED", "always"],
    ["Rejected.Throttling", 403, "THROTTLED", "always"],
    ["TooManyRequests", 429, "THROTTLED", "always"],
    ["InvalidRegionId", 400, "REGION_NOT_FOUND", "never"],
    ["InvalidRegionId.NotFound", 403, "REGION_NOT_FOUND", "never"],
    ["Forbbiden", 400, "ACCESS_DENIED", "never"],
    ["Forbidden", 400, "ACCESS_DENIED", "never"],
    ["Forbidden.RAM", 400, "ACCESS_DENIED", "never"],
    ["NoPermission", 400, "ACCESS_DENIED", "never"],
    ["ForbiddenFruit", 400, "SERVICE_ERROR", "never"],
    ["SomethingElse", 403, "ACCESS_DENIED", "never"],
    ["ServiceUnavailable", 400, "SERVICE_ERROR", "always"],
    ["InternalError.Disk", 400, "SERVICE_ERROR", "always"],
    ["SystemBusy", 400, "SERVICE_ERROR", "always"],
    ["SystemBusyness", 400, "SERVICE_ERROR", "never"],
    ["SomethingElse", 500, "SERVICE_ERROR", "always"],
    ["SomethingElse", 499, "SERVICE_ERROR", "never"],
    ["InvalidAccountStatus.SnapshotServiceUnavailable", 400, "SERVICE_ERROR", "never"],
    ["InvalidAccessKeyIdentity", 400, "SERVICE_ERROR", "never"],
    ["SignatureNonceUsedTwice", 400, "SERVICE_ERROR", "never"],
    // A status in place of a code, as in a body with HTTP 200.
    ["403", 200, "ACCESS_DENIED", "never"],
    ["429", 200, "THROTTLED", "always"],
    ["500", 200, "SERVICE_ERROR", "always"],
    ["400", 200, "SERVICE_ERROR", "never"],
    ["5000", 200, "SERVICE_ERROR", "never"],
    ["900", 200, "SERVICE_ERROR", "never"],
    ["NotForbidden", 400, "SERVICE_ERROR", "never"],
  ])("%s with HTTP %i → %s, retryable %s", (code, status, expected, retryable) => {
    const classified = classify(status, code);
    expect(classified).toMatchObject({ code: expected, retryable });
    expect(classified.explanation).toContain(`(HTTP ${status}, ${code})`);
  });

  test.each<[code: string, message: string, expected: string, says: string]>([
    ["MissingParameter", 'The parameter "AccessKeyId" is needed.', "CREDENTIALS_INVALID", REFUSED],
    ["MissingParameter", "SecurityToken is mandatory.", "CREDENTIALS_INVALID", REFUSED],
    ["MissingParameter", "Signature is mandatory.", "CREDENTIALS_INVALID", REFUSED],
    ["MissingParameter.AccessKeyId", "", "CREDENTIALS_INVALID", REFUSED],
    ["InvalidParameter.SecurityToken", "", "CREDENTIALS_INVALID", REFUSED],
    ["InvalidParameter", "The AccessKeyId is not valid.", "CREDENTIALS_INVALID", REFUSED],
    [
      "MissingParameter",
      'The input parameter "Timestamp" is missing.',
      "CREDENTIALS_INVALID",
      CLOCK,
    ],
    ["InvalidParameter.Timestamp", "", "CREDENTIALS_INVALID", CLOCK],
    ["MissingParameter", "SignatureMethod is mandatory.", "SERVICE_ERROR", "refused the request"],
    ["MissingParameter", "ClientToken is mandatory.", "SERVICE_ERROR", "refused the request"],
    ["MissingParameter", "RegionId is mandatory.", "SERVICE_ERROR", "refused the request"],
    ["MissingParameters", "AccessKeyId", "SERVICE_ERROR", "refused the request"],
    ["SomethingElse", "AccessKeyId, RegionId, Timestamp", "SERVICE_ERROR", "refused the request"],
    ["MissingParameter", "timestamp is mandatory.", "CREDENTIALS_INVALID", CLOCK],
    ["MissingParameter", "signature is mandatory.", "CREDENTIALS_INVALID", REFUSED],
    ["InvalidParameter", "TimestampFormat is not valid.", "SERVICE_ERROR", "refused the request"],
    ["MissingParameter", "StartTimestamp is mandatory.", "SERVICE_ERROR", "refused the request"],
    ["MissingParameter", "RamAccessKeyId is mandatory.", "SERVICE_ERROR", "refused the request"],
    ["InvalidParameterValue", "RegionId is not valid.", "SERVICE_ERROR", "refused the request"],
    ["InvalidParameter", "regionid is not valid.", "REGION_NOT_FOUND", "Correct the id."],
    ["InvalidParameter", "RegionId is not valid.", "REGION_NOT_FOUND", "Correct the id."],
    ["InvalidParameter.RegionId", "", "REGION_NOT_FOUND", "Correct the id."],
    ["InvalidParameter", "The RegionIds are not valid.", "SERVICE_ERROR", "refused the request"],
  ])("%s, %j → %s", (code, message, expected, says) => {
    const { explanation, ...classified } = classify(400, code, message);
    expect(classified).toEqual({ code: expected, retryable: "never" });
    expect(explanation).toContain(says);
    expect(explanation).not.toContain("mandatory");
  });

  test.each([undefined, "undefined", "x".repeat(65), "two\nlines"])(
    "the code %j counts as no code",
    (code) => {
      expect(classify(400, code).explanation).toBe(
        "The service refused the request (HTTP 400, no code).",
      );
    },
  );
});

test("an error without an HTTP status is refused, not failed", () => {
  expect(classifyAnswer({ code: "SomethingElse", message: "" }, SUBJECT)).toEqual({
    code: "SERVICE_ERROR",
    retryable: "never",
    explanation: "The service refused the request (HTTP 0, SomethingElse).",
  });
});

test("an action can have its own message for a refusal", () => {
  const subject = {
    ...SUBJECT,
    explain: (code: string, answer: string) => (code === "Own" ? null : `Own words ${answer}.`),
  };
  const explain = (statusCode: number, code: string) =>
    classifyAnswer({ statusCode, code, message: "" }, subject).explanation;
  expect(explain(403, "NoPermission")).toBe("Own words (HTTP 403, NoPermission).");
  expect(explain(400, "Throttling")).toBe("Own words (HTTP 400, Throttling).");
  expect(explain(400, "EntityNotExist.Role")).toBe("Own words (HTTP 400, EntityNotExist.Role).");
  expect(explain(403, "Own")).toBe(
    "Access denied (HTTP 403, Own). Allow the RAM action vpc:DescribeRegions to the identity that runs the audit.",
  );
  expect(explain(429, "Own")).toContain("Throttled (HTTP 429, Own). Ask fewer regions at once");
  expect(explain(500, "ServiceUnavailable")).toBe(
    "The service failed (HTTP 500, ServiceUnavailable). Run the audit again later.",
  );
});
