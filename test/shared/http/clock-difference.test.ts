import { expect, test } from "vitest";

import { ClockDifference } from "../../../shared/http/clock-difference.ts";

const DATE = "Sun, 22 Nov 2026 08:00:10 GMT";
const AT_MS = Date.parse(DATE);

test.each([
  ["the same second", AT_MS + 300, AT_MS + 800, 0],
  ["the end of the second", AT_MS + 999, AT_MS + 1_200, 0],
  ["an answer that took a minute", AT_MS - 30_000, AT_MS + 30_000, 0],
  ["a service that is ahead", AT_MS - 5_000, AT_MS - 4_000, 4_000],
  ["a service that is behind", AT_MS + 10_999, AT_MS + 12_000, -10_000],
])("%s", (_name, sentMs, answeredMs, expected) => {
  const difference = new ClockDifference();
  difference.observe(DATE, sentMs, answeredMs);
  expect(difference.largestMs).toBe(expected);
});

test("the largest of several answers counts, and those without a date do not", () => {
  const difference = new ClockDifference();
  for (const date of [undefined, "", "yesterday"]) difference.observe(date, 0, 0);
  expect(difference.largestMs).toBeNull();
  difference.observe(DATE, AT_MS - 3_000, AT_MS - 2_000);
  difference.observe(DATE, AT_MS + 8_999, AT_MS + 9_000);
  difference.observe(DATE, AT_MS, AT_MS);
  expect(difference.largestMs).toBe(-8_000);
});
