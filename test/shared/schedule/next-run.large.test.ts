import * as fc from "fast-check";
import { expect, test } from "vitest";

import { AGREES_WITH_NODE_CRON, LOSES_NO_RUN } from "./next-run-properties.ts";

const LIMIT = { timeout: 180_000 };

test("in UTC it agrees with node-cron", LIMIT, () => {
  expect(() => fc.assert(AGREES_WITH_NODE_CRON, { numRuns: 2_000 })).not.toThrow();
});

test("no run is lost or repeated, wherever clocks are changed", LIMIT, () => {
  expect(() => fc.assert(LOSES_NO_RUN, { numRuns: 600 })).not.toThrow();
});
