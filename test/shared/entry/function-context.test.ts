import { expect, test } from "vitest";

import { CredentialsError } from "../../../shared/audit/run-error.ts";
import {
  auditTimeMs,
  credentialsOf,
  invocationTimeMs,
  readContext,
} from "../../../shared/entry/function-context.ts";
import { DELIVERY_TIMEOUT_MS } from "../../../shared/notify/deliver.ts";

test.each([
  [3, 1_800],
  [60, 36_000],
  [100, 60_000],
  [300, 260_000],
  [86_400, 86_360_000],
])("a function with %i s gives its audit %i ms", (timeout, expectedMs) => {
  expect(auditTimeMs(readContext({ function: { name: "f", timeout } }))).toBe(expectedMs);
});

test("the function of s.yaml keeps time for a delivery and for one attempt of the heartbeat", () => {
  const context = readContext({ function: { name: "f", timeout: 120 } });
  const keptMs = invocationTimeMs(context) - auditTimeMs(context);
  expect(keptMs).toBeGreaterThanOrEqual(DELIVERY_TIMEOUT_MS + 10_000);
});

test.each([
  [3, 2_700],
  [60, 59_000],
  [NaN, 59_000],
])("a function with %i s returns within %i ms", (timeout, expectedMs) => {
  expect(invocationTimeMs(readContext({ function: { name: "f", timeout } }))).toBe(expectedMs);
});

test("a function without a role is told where its policy is printed", () => {
  const context = readContext({ function: { name: "f", timeout: 60 } });
  expect(() => credentialsOf(context)).toThrow(CredentialsError);
  expect(() => credentialsOf(context)).toThrow(
    "The function f has no role, so there are no credentials. Give it a role with the policy that flowlog-guard policy prints for its configuration.",
  );
});
