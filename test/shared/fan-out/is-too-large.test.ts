import { expect, test } from "vitest";

import { auditFunctionName } from "../../../shared/fan-out/audit-function-name.ts";
import { isTooLarge } from "../../../shared/fan-out/is-too-large.ts";
import { scopedAccounts } from "../../harness/scoped-accounts.ts";

const REGIONS = Array.from({ length: 30 }, (_none, index) => `cn-r${index}`);
const HOUR = 3_600_000;

test.each<[what: string, accounts: number, rules: number, remainingMs: number, expected: boolean]>([
  ["3,000 accounts are not", 3_000, 1, HOUR, false],
  ["one more is", 3_001, 1, HOUR, true],
  ["1,000 accounts with five rules are", 1_000, 5, HOUR, true],
  ["600 accounts with five rules are not", 600, 5, HOUR, false],
  ["1,000 accounts in half a minute are not", 1_000, 1, 30_000, false],
  ["1,000 accounts in 15 seconds are", 1_000, 1, 15_000, true],
])("too large for one process: %s", (_what, accounts, rules, remainingMs, expected) => {
  expect(isTooLarge(scopedAccounts(accounts, REGIONS), rules, remainingMs)).toBe(expected);
});

test("no process is too small for what STS alone takes", () => {
  // Parts would not be done sooner.
  expect(isTooLarge(scopedAccounts(1_000, ["cn-a"]), 1, 10_000)).toBe(false);
});

test.each([
  ["flowlog-guard-check", "flowlog-guard-audit"],
  ["a-check-check", "a-check-audit"],
  ["guard", null],
  ["check", null],
  ["-check", null],
])("the audit function beside %s is %s", (name, expected) => {
  expect(auditFunctionName(name)).toBe(expected);
});
