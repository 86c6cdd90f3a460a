import { expect, test } from "vitest";

import { cleanText, clipText } from "../../../shared/text/clean-text.ts";

test.each([
  ["China (Hangzhou)", "China (Hangzhou)"],
  ["  two\n\tlines\u2028three ", "two lines three"],
  ["\u001b[31mred\u001b[0m", "[31mred[0m"],
  ["right to \u202eleft\u202c", "right to left"],
  ["zero\u200bwidth", "zerowidth"],
  ["half \ud800 a pair", "half  a pair"],
  ["华东1(杭州)", "华东1(杭州)"],
  ["", ""],
])("%j fits into a line as %j", (text, expected) => {
  expect(cleanText(text)).toBe(expected);
});

test.each([
  ["x".repeat(120), "x".repeat(120)],
  ["x".repeat(121), `${"x".repeat(117)}…`],
  ["杭".repeat(41), `${"杭".repeat(39)}…`],
])("of %s at most 120 bytes are kept", (text, expected) => {
  expect(cleanText(text)).toBe(expected);
  expect(Buffer.byteLength(cleanText(text))).toBeLessThanOrEqual(120);
});

test.each([
  ["abcdefgh", 8, "abcdefgh"],
  ["abcdefghi", 8, "abcde…"],
  // A flag, a family and a letter with its accent are one character each.
  ["ab🇨🇳cdef", 12, "ab…"],
  ["ab🇨🇳cdef", 13, "ab🇨🇳…"],
  ["e\u0301e\u0301e\u0301e\u0301", 9, "e\u0301e\u0301…"],
  ["👩‍👩‍👧", 8, "…"],
])("%s cut to %i bytes is %s", (text, max, expected) => {
  expect(clipText(text, max)).toBe(expected);
});

test("a length can be counted by another function", () => {
  const characters = (text: string): number => text.length;
  expect(clipText("杭州杭州", 4, characters)).toBe("杭州杭州");
  expect(clipText("杭州杭州杭", 4, characters)).toBe("杭州杭…");
});
