import { expect, test } from "vitest";

import { auditTimeMs } from "../../../functions/check/function-context.ts";

test.each([
  [3, 1_800],
  [60, 36_000],
  [75, 45_000],
  [300, 270_000],
  [86_400, 86_370_000],
])("a function with %i s leaves its audit %i ms", (timeout, expectedMs) => {
  const context = { requestId: "1", function: { name: "f", timeout }, region: "r", accountId: "1" };
  expect(auditTimeMs(context)).toBe(expectedMs);
});
