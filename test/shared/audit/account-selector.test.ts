import { describe, expect, test } from "vitest";

import {
  accountSelection,
  problemOfAccountSelector,
  problemOfAccountSelectors,
} from "../../../shared/audit/account-selector.ts";

const PROD = { id: "1000000000000001", name: "prod-web" };
const SANDBOX = { id: "1000000000000002", name: "sandbox, 测试" };
const UNNAMED = { id: "1000000000000003", name: null };
/** Named like another account's id. */
const DISGUISED = { id: "1000000000000004", name: "1000000000000001" };
const ALL = [PROD, SANDBOX, UNNAMED, DISGUISED];

describe("selectors of accounts", () => {
  test.each([
    [["*"], ALL],
    [[PROD.id], [PROD]],
    [["prod-web"], [PROD]],
    [["prod-*"], [PROD]],
    [["Prod-*"], []],
    [["*测试"], [SANDBOX]],
    [["10000000000000*"], ALL],
    [
      ["*", "!prod-*"],
      [SANDBOX, UNNAMED, DISGUISED],
    ],
    [
      ["!1000000000000001", "*"],
      [SANDBOX, UNNAMED, DISGUISED],
    ],
    [
      ["*", "!prod-web", "!1000000000000003"],
      [SANDBOX, DISGUISED],
    ],
    [["prod-web", "!prod-web"], []],
  ])("%j", (selectors, expected) => {
    expect(ALL.filter(accountSelection(selectors))).toEqual(expected);
  });

  test.each(["", "!", " prod", "a\nb", "x".repeat(129)])("%j is no selector", (selector) => {
    expect(problemOfAccountSelector(selector)).toMatch(/^is not an account: /);
  });

  test.each([
    [[], /^is empty/],
    [["!prod-*"], /^only leaves accounts out/],
    [Array.from({ length: 101 }, (_, index) => `a${index}*`), /^is too long/],
  ])("the list %# has a problem as a whole", (selectors, problem) => {
    expect(problemOfAccountSelectors(selectors)).toMatch(problem);
  });

  test("a pattern and what it leaves out are a list", () => {
    expect(problemOfAccountSelectors(["*", "!prod-*"])).toBeNull();
  });
});
