import { expect, test } from "vitest";

import { assertReturnable } from "../../../functions/audit/assert-returnable.ts";
import type { HttpResponse } from "../../../functions/audit/http-response.ts";
import { organizationReport } from "../../harness/many-accounts.ts";

test("a report that Function Compute cannot return is an error that says what to do", () => {
  const report = organizationReport({ accounts: 3_000, regions: 40 });
  expect(() => assertReturnable(report)).toThrow(
    /^The report of 3000 accounts has \d\d MB, and Function Compute returns 32 MB at most\. .*--accounts/,
  );
});

test("a report of a thousand accounts is returned", () => {
  expect(() =>
    assertReturnable(organizationReport({ accounts: 1_000, regions: 30 })),
  ).not.toThrow();
});

test("the answer counts, as it is sent: a text in JSON", () => {
  const report = organizationReport({ accounts: 1_000, regions: 30 });
  const answer = (body: string): HttpResponse => ({
    statusCode: 200,
    headers: {},
    body,
    isBase64Encoded: false,
  });
  const small = answer("x".repeat(31 * 1_024 * 1_024));
  expect(() => assertReturnable(report, small)).not.toThrow();
  // Each quote takes two bytes.
  const large = answer('"'.repeat(17 * 1_024 * 1_024));
  expect(() => assertReturnable(report, large)).toThrow(
    /^The report of 1000 accounts has 35 MB, .*, for a smaller format such as table, or audit from/,
  );
});
