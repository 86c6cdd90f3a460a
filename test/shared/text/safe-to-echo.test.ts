import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { isSafeToEcho } from "../../../shared/text/safe-to-echo.ts";

/** Secrets in the place of another value: whole, short, and in parts. */
const SECRETS = [
  "hunter2",
  "s3cret",
  "s3cr3t!pass",
  "correct-horse-battery",
  "abcd-efgh-ijkl",
  "abc-def-ghi",
  "LTAI5tQ1w2e3r4t5y6u7i8",
  "LTAI5tQ1",
  "5y6u7i8o9p0a",
  "Q1w2e3r4t5y6u7i8o9p0a1s2d3f4g5",
  "STS.NUemulatedKey",
  "CAISemulatedToken",
  "whsec_c2hvcnQ=",
  "SECa5e0f7f4c1e2b3d4",
  "key=693a91f6",
  "693a91f6-7xxx-4bc4",
  "693a91f6-7aaa-4bc4-97a0-0ec2sifa5aaa",
  "xoxb-123-456-abc",
  "T00000000",
  "bc-token-xyz",
  "AbCdEfGhIjKlMnOp",
  "qwertyuiop",
  "123456",
];

const KNOWN = ["regions", "concurrency", "timeout", "--regions", "--concurrency", "audit"];

describe("a value in place of another", () => {
  test.each(SECRETS)("is not repeated when it may be a secret: %s", (secret) => {
    expect(isSafeToEcho(secret)).toBe(false);
    expect(isSafeToEcho(secret, KNOWN)).toBe(false);
  });

  test.each([
    "",
    "a b",
    "10",
    "0s",
    "1.5h",
    "1000d",
    "-1",
    "CN-B",
    "cn-shangai",
    "cn_hangzhou",
    "!ap-southest-1",
    "us-*-1",
    "cn-hangzhou-finance",
  ])("is repeated when it is a number, or resembles a region: %j", (text) => {
    expect(isSafeToEcho(text)).toBe(true);
  });

  test.each([
    "regions",
    "region",
    "Regions",
    "regoins",
    "--regoin",
    "timout",
    "concurency",
    "concurrencyy",
    "adit",
  ])("is repeated when it is a near miss of a known word: %s", (text) => {
    expect(isSafeToEcho(text, KNOWN)).toBe(true);
    expect(isSafeToEcho(text)).toBe(false);
  });

  // The last but one has three mistakes in a long word.
  test.each(["regional", "timers", "audience", "concurencyxx", "x".repeat(100_000)])(
    "is not repeated when it is further from every known word: %.20s",
    (text) => {
      expect(isSafeToEcho(text, KNOWN)).toBe(false);
    },
  );

  test("is not repeated when it is random", () => {
    const hex = fc.stringMatching(/^[0-9a-f]{7,64}$/);
    const base64 = fc.stringMatching(/^[A-Za-z0-9+/]{7,64}$/);
    fc.assert(
      fc.property(fc.oneof(hex, base64), (secret) => {
        expect(isSafeToEcho(secret, KNOWN)).toBe(false);
      }),
      { numRuns: 1_000 },
    );
  });
});
