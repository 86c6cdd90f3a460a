import { describe, expect, test } from "vitest";

import { isName } from "../../../shared/text/is-name.ts";

describe("isName", () => {
  test.each([
    "prod",
    "prod-auditor",
    "Prod2",
    "team_a",
    "RsaKeyPair",
    "FLOWLOG_GUARD_STATE",
    "a.b",
  ])("accepts %s", (name) => expect(isName(name)).toBe(true));

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
  ])("rejects %j", (name) => expect(isName(name)).toBe(false));
});
