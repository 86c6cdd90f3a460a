import { expect, test } from "vitest";

import { assertReturnable } from "../../../functions/audit/assert-returnable.ts";
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
