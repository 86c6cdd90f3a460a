import { expect, test } from "vitest";

import { retryDelayMs } from "../../../shared/retry/retry.ts";
import { CLOUD_RETRY_POLICY } from "../../../shared/run/run-audit.ts";

test.each([
  [1, undefined, 0, 0],
  [1, undefined, 0.5, 100],
  [1, undefined, 1, 200],
  [2, undefined, 1, 400],
  [3, undefined, 1, 800],
  [9, undefined, 1, 5_000],
  [1, 70, 0.5, 70],
  [1, 7_000, 0, 7_000],
])("after %i failures, asked for %s, random %f: %i ms", (failures, wishMs, random, delayMs) => {
  expect(retryDelayMs(CLOUD_RETRY_POLICY, failures, wishMs, random)).toBe(delayMs);
});
