import { expect, test } from "vitest";

import {
  auditTimeMs,
  invocationTimeMs,
  readContext,
} from "../../../shared/function-compute/function-context.ts";

test.each([
  [3, 1_800],
  [60, 36_000],
  [75, 45_000],
  [300, 270_000],
  [86_400, 86_370_000],
])("a function with %i s leaves its audit %i ms", (timeout, expectedMs) => {
  expect(auditTimeMs(readContext({ function: { name: "f", timeout } }))).toBe(expectedMs);
});

test.each([
  [3, 2_700],
  [60, 59_000],
  [NaN, 59_000],
])("a function with %i s returns within %i ms", (timeout, expectedMs) => {
  expect(invocationTimeMs(readContext({ function: { name: "f", timeout } }))).toBe(expectedMs);
});
