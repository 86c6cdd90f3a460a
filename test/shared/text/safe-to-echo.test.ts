import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { isSafeToEcho, isName, shownPath } from "../../../shared/text/safe-to-echo.ts";

/** What people have put where something else belongs: whole, short, and cut in pieces. */
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

describe("what somebody put in a wrong place", () => {
  test.each(SECRETS)("is not shown where it may be a secret: %s", (secret) => {
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
  ])("is shown where it is a number, or like a region: %j", (text) => {
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
  ])("is shown where it is nearly known: %s", (text) => {
    expect(isSafeToEcho(text, KNOWN)).toBe(true);
    expect(isSafeToEcho(text)).toBe(false);
  });

  test.each(["regional", "timers", "audience", "x".repeat(100_000)])(
    "is not shown where it is not near enough: %.20s",
    (text) => {
      expect(isSafeToEcho(text, KNOWN)).toBe(false);
    },
  );

  test("is not shown where it is random", () => {
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

describe("a name", () => {
  test.each([
    "prod",
    "prod-auditor",
    "Prod2",
    "team_a",
    "RsaKeyPair",
    "FLOWLOG_GUARD_STATE",
    "a.b",
  ])("is shown: %s", (name) => expect(isName(name)).toBe(true));

  test.each([
    "",
    "LTAI5tQ1w2e3r4t5y6u7i8",
    "LTAI",
    "STS.NUemulated",
    "Q1w2e3r4t5y6",
    "AbCdEfGhIjKlMnOp",
    "693a91f6-7aaa-4bc4-97a0-0ec2sifa5aaa",
    "https://h/x",
    "key=value",
    "x".repeat(13),
    "a\u001b[2J",
  ])("is not: %j", (name) => expect(isName(name)).toBe(false));
});

describe("a path", () => {
  test.each([
    "./flowlog-guard.yaml",
    "/home/ci/prod-2026/flowlog-guard.yaml",
    "/tmp/flowlog-guard-cli-AbC123/state.json",
    "config",
    "../a b/c.yml",
  ])("is shown: %s", (path) => expect(shownPath(path)).toBe(path));

  test.each([
    "https://hooks.example.com/x",
    "hooks.slack.com/services/T0/B0/abc",
    "open.feishu.cn/open-apis/bot/v2/hook/x",
    "oapi.dingtalk.com/robot/send?access_token=1",
    "MfKQ9r8GKYqrTwj/UPD8ILPZIo2LaLaSw",
    "CAIS8wF1q6Ft5B2yfSjIr5fS/z",
    "whsec_a.b",
    "STS.NUemulated",
    "Q1w2e3r4t5y6u7i8.x",
    "s3cret!",
    "693a91f6-7aaa-4bc4-97a0-0ec2sifa5aaa/x",
  ])("is not, where it is none: %s", (path) => expect(shownPath(path)).toBe("(value not shown)"));
});
