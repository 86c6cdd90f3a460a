import { expect, test } from "vitest";

import { skipReasonOf } from "../../../../shared/run/accounts/skip-reason.ts";

test.each<[string | null, string | null, string | null]>([
  [null, null, null],
  ["CreateSuccess", null, null],
  ["InviteSuccess", null, null],
  ["PromoteVerifying", null, null],
  ["PromoteFailed", null, null],
  ["PromoteExpired", null, null],
  ["PromoteCancelled", null, null],
  ["PromoteSuccess", null, null],
  ["SomethingNew", null, null],
  ["CreateSuccess", "Checking", null],
  ["CreateSuccess", "CheckFailed", null],
  ["CreateSuccess", "DeleteFailed", null],
  ["CreateSuccess", "", null],
  ["CreateVerifying", null, "NOT_READY"],
  ["CreateFailed", null, "NOT_READY"],
  ["CreateExpired", null, "NOT_READY"],
  ["CreateCancelled", null, "NOT_READY"],
  ["CreateSuccess", "Deleting", "BEING_DELETED"],
  ["CreateFailed", "Deleting", "BEING_DELETED"],
])("status %s, deletion %s: %s", (status, deletionStatus, code) => {
  expect(skipReasonOf({ status, deletionStatus })?.code ?? null).toBe(code);
});
