import { expect, test } from "vitest";

import { readReport } from "../../../shared/report/read-report.ts";
import { DEFAULT_RULES } from "../../../shared/rules/rules.ts";
import { CALLER_ID, organizationReport } from "../../harness/organization-report.ts";

/** An answer of 20 MB that is wrong ten million times must not cost memory for each of them. */
test("a report is read no further than to what is wrong first", () => {
  const untouched = {
    get ruleId(): string {
      throw new Error("This finding was read.");
    },
  };
  const report = organizationReport([{ id: CALLER_ID, statuses: ["COMPLIANT"] }]);
  expect(readReport({ ...report, findings: [1, untouched] }, DEFAULT_RULES)).toEqual({
    problem: "findings.0 is missing, of the wrong type or not as it should be",
  });
});
