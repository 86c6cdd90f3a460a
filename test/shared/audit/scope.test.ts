import { describe, expect, test } from "vitest";

import {
  idMatcher,
  needsKnownRegions,
  problemOfLength,
  problemOfSelector,
  problemOfSelectors,
  selectorMatcher,
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
    "*-east-*",
    "us-1*",
    "*1",
    `cn-${"x".repeat(61)}`,
    `!cn-${"x".repeat(61)}`,
    `cn-${"x".repeat(60)}*`,
    `!cn-${"x".repeat(60)}*`,
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
    "1cn-x",
    `cn-${"x".repeat(62)}`,
    `cn-${"x".repeat(61)}*`,
  ])("%j is not", (selector) => expect(problemOfSelector(selector)).toContain("is not a region"));
});

test.each([
  [[], "is empty"],
  [["!cn-wuhan", "!ap-*"], "only leaves regions out"],
])("the list %j %s", (selectors, problem) => {
  expect(problemOfSelectors(selectors)).toContain(problem);
});

test("a list with more than exclusions is valid", () => {
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
  [["cn-*", "eu-*"], '"eu-*" matches none of the 5 regions'],
  [["cn-wuhan", "!cn-wuhan"], "leave no region"],
])("%j is an error: %s", (selectors, message) => {
  expect(() => selectRegions(selectors, KNOWN)).toThrow(
    expect.objectContaining({ code: "NO_MATCH", message: expect.stringContaining(message) }),
  );
});

test.each([
  [10, '"!cn-x8", "!cn-x9" matches none of the 5 regions'],
  [11, '"!cn-x9" and 1 more matches none of the 5 regions'],
  [30, '"!cn-x9" and 20 more matches none of the 5 regions'],
])("of %i selectors without a match, ten are named", (length, message) => {
  const selectors = Array.from({ length }, (_, index) => `!cn-x${index}`);
  expect(() => selectRegions(["all", ...selectors], KNOWN)).toThrow(message);
});

// As in a report from elsewhere, whose regions may not be known here.
test.each([
  [["all"], "cn-nowhere", true],
  [["cn-hangzhou"], "cn-hangzhou", true],
  [["cn-hangzhou"], "cn-wuhan", false],
  [["cn-*", "!cn-wuhan"], "cn-hangzhou", true],
  [["cn-*", "!cn-wuhan"], "cn-wuhan", false],
  [["cn-*", "!*-wuhan"], "cn-wuhan", false],
  [["cn-*", "!cn-wuhan"], "us-east-1", false],
])("%j matches %s: %s", (selectors, regionId, matches) => {
  expect(selectorMatcher(selectors)(regionId)).toBe(matches);
});

describe("a pattern", () => {
  test.each([
    ["*", "cn-hangzhou", true],
    ["**", "", true],
    ["cn-*", "cn-hangzhou", true],
    ["cn-*", "cn-", true],
    ["cn-*", "cn", false],
    ["*-1", "us-east-1", true],
    ["*-1", "us-east-12", false],
    ["ap-*-1", "ap-southeast-1", true],
    ["ap-*-1", "ap-1", false],
    // The prefix and the suffix must not overlap.
    ["ab*ba", "aba", false],
    ["ab*ba", "abba", true],
    ["ab*ab*", "abx", false],
    ["ab*ab*", "abab", true],
    ["*a*b*", "xaxbx", true],
    ["*a*b*", "xbxax", false],
    ["*ab*ab*", "abab", true],
    ["*ab*ab*", "abxa", false],
    ["*east*st-1", "us-east-1", false],
    ["cn-hangzhou", "cn-hangzhou", true],
    ["cn-hangzhou", "cn-hangzhou-finance", false],
  ])("%s and %j: %s", (pattern, regionId, matches) => {
    expect(idMatcher(pattern)(regionId)).toBe(matches);
  });

  test("with many stars is fast, whatever it is compared with", () => {
    const pattern = `${"*a".repeat(31)}*b`;
    const regionIds = Array.from({ length: 2_000 }, (_, index) => `${"a".repeat(59)}-${index}`);
    expect(regionIds.some(idMatcher(pattern))).toBe(false);
    expect(regionIds.every(idMatcher("*a*a*a*a*a*a*"))).toBe(true);
  });
});

describe("many selectors", () => {
  const written = Array.from({ length: 20_000 }, (_, index) => `cn-r${index}`);

  // The time grows with their number, not with its square: that would be half a minute.
  test("20,000 ids select themselves", () => {
    expect(problemOfLength(written)).toBeNull();
    expect(selectRegions(written, [])).toEqual(written.toSorted());
  });

  test("20,000 ids are excluded from as many", () => {
    const excluded = written.slice(1).map((regionId) => `!${regionId}`);
    expect(selectRegions(["all", ...excluded], written)).toEqual(["cn-r0"]);
  });

  test("100 patterns are allowed", () => {
    expect(problemOfLength(Array.from({ length: 100 }, () => "cn-*"))).toBeNull();
  });

  test("the maximum number of patterns is compared with the maximum number of regions in time", () => {
    const patterns = Array.from({ length: 100 }, (_, index) => `!*a*a*a*-r${index}`);
    expect(() => selectRegions(["all", ...patterns], written)).toThrow("90 more matches none");
  });

  test.each([
    ["20,001 ids", [...written, "cn-b"]],
    ["101 patterns", Array.from({ length: 101 }, (_, index) => `cn-${index}*`)],
    ["101 times all", Array.from({ length: 101 }, () => "all")],
    ["exclusions too", Array.from({ length: 101 }, () => "!ap-*")],
  ])("%s are too many, and the message has the limit", (_what, selectors) => {
    expect(problemOfLength(selectors)).toBe(
      'is too long: at most 20000 entries, and among them at most 100 that are "all" or have a "*"',
    );
  });
});
