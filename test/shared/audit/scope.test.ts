import { describe, expect, test } from "vitest";

import {
  needsKnownRegions,
  problemOfSelector,
  problemOfSelectors,
  selectRegions,
} from "../../../shared/audit/scope.ts";

const KNOWN = ["cn-hangzhou", "cn-wuhan", "ap-southeast-1", "ap-southeast-7", "us-east-1"];

describe("a selector", () => {
  test.each([
    "cn-hangzhou",
    "us-east-1",
    "rus-west-1-pop",
    "all",
    "ap-*",
    "*",
    "*-1",
    "!cn-wuhan",
    "!ap-*",
  ])("%s is well-formed", (selector) => expect(problemOfSelector(selector)).toBeNull());

  test.each([
    "",
    "!",
    "!all",
    "!!cn-wuhan",
    "hangzhou",
    "CN-hangzhou",
    "cn_hangzhou",
    "cn-",
    "-cn",
    "cn hangzhou",
    "cn-hangzhou/",
    "cn-?",
    "https://example.com",
    `cn-${"x".repeat(80)}`,
  ])("%j is not", (selector) => expect(problemOfSelector(selector)).toContain("is not a region"));
});

test.each([
  [[], "is empty"],
  [["!cn-wuhan", "!ap-*"], "only leaves regions out"],
])("the list %j %s", (selectors, problem) => {
  expect(problemOfSelectors(selectors)).toContain(problem);
});

test("a list with something to leave out of is fine", () => {
  expect(problemOfSelectors(["all", "!cn-wuhan"])).toBeNull();
});

test.each([
  [["cn-hangzhou", "cn-nowhere"], false],
  [["cn-hangzhou", "ap-*"], true],
  [["cn-hangzhou", "cn-wuhan", "!cn-wuhan"], true],
  [["all"], true],
])("%j needs the known regions: %s", (selectors, needed) => {
  expect(needsKnownRegions(selectors)).toBe(needed);
});

test.each([
  [["all"], ["ap-southeast-1", "ap-southeast-7", "cn-hangzhou", "cn-wuhan", "us-east-1"]],
  [["*-1"], ["ap-southeast-1", "us-east-1"]],
  [["ap-*", "!ap-southeast-7"], ["ap-southeast-1"]],
  [["!ap-southeast-7", "ap-*"], ["ap-southeast-1"]],
  [
    ["ap-*", "ap-southeast-1", "ap-southeast-1"],
    ["ap-southeast-1", "ap-southeast-7"],
  ],
  [
    ["cn-nowhere", "us-*"],
    ["cn-nowhere", "us-east-1"],
  ],
  [
    ["cn-*", "!us-*"],
    ["cn-hangzhou", "cn-wuhan"],
  ],
])("%j selects %j", (selectors, expected) => {
  expect(selectRegions(selectors, KNOWN)).toEqual(expected);
});

test.each([
  [["cn-*", "eu-*", "!me-*"], '"eu-*", "!me-*" matches none of the 5 regions'],
  [["cn-wuhan", "!cn-wuhan"], "leave no region"],
])("%j is an error: %s", (selectors, message) => {
  expect(() => selectRegions(selectors, KNOWN)).toThrow(message);
});
