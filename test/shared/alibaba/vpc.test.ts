import { expect, test } from "vitest";

import { newClientToken } from "../../../shared/alibaba/vpc.ts";

test("a client token begins with the run's id, is not repeated, and has at most 64 characters", () => {
  const runId = "r".repeat(47);
  const tokens = Array.from({ length: 100 }, () => newClientToken(runId));
  for (const token of tokens) expect(token).toMatch(/^r{47}-[\da-f]{16}$/);
  expect(new Set(tokens).size).toBe(100);
});
