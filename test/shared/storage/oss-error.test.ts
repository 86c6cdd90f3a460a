import { describe, expect, test } from "vitest";

import { classifyOssFailure } from "../../../shared/storage/oss-error.ts";

const SUBJECT = { bucket: "b", prefix: "p/", host: "oss.example" };

function answered(status: number, code?: string) {
  const error = Object.assign(new Error("what the server wrote"), { code });
  const seen = { response: { status, headers: {} }, hostResolved: true, oversized: false };
  const { message, cause, retryable } = classifyOssFailure(error, SUBJECT, seen);
  expect(message).not.toContain("what the server wrote");
  expect(cause).toBeUndefined();
  return { message, retryable };
}

describe("an error that OSS answers with says what it is", () => {
  test.each([
    "InvalidAccessKeyId",
    "InvalidSecurityToken",
    "SecurityTokenExpired",
    "SignatureDoesNotMatch",
    "AccessKeyIdAndSecurityTokenNotMatch",
  ])("%s: the credentials", (code) => {
    const { message, retryable } = answered(403, code);
    expect(message).toContain(`The credentials were refused by oss.example (HTTP 403, ${code}).`);
    expect(retryable).toBe("never");
  });

  test("RequestTimeTooSkewed: the clock", () => {
    expect(answered(403, "RequestTimeTooSkewed").message).toBe(
      "The time of the request was refused by oss.example (HTTP 403, RequestTimeTooSkewed). Set the clock of this machine: it may be 15 minutes off at most.",
    );
  });

  test.each(["UserDisable", "InDebt", "InDebtOverdue", "AbnormalBucketOwnerStatus"])(
    "%s: the account",
    (code) => {
      const { message, retryable } = answered(403, code);
      expect(message).toContain(
        `The account was refused by oss.example (HTTP 403, ${code}): it has overdue payments`,
      );
      expect(retryable).toBe("never");
    },
  );

  test.each([
    [403, "AccessDenied", "Access denied to the state in b at oss.example", "never"],
    [404, "NoSuchBucket", "There is no bucket b at oss.example", "never"],
    [429, "QpsLimitExceeded", "oss.example failed, or is too busy", "always"],
    [500, undefined, "oss.example failed, or is too busy (HTTP 500).", "always"],
    [400, "InvalidArgument", "oss.example refused the request for the state", "never"],
  ])("HTTP %i %s: %s", (status, code, says, expected) => {
    const { message, retryable } = answered(status, code);
    expect(message).toContain(says);
    expect(retryable).toBe(expected);
  });
});
