import { expect, test } from "vitest";

import {
  findingEntries,
  MAX_SHOWN_FINDINGS,
  shownFindings,
} from "../../../shared/conclude/finding-log.ts";
import { organizationReport } from "../../harness/many-accounts.ts";
import { reportWith } from "../../harness/report-with.ts";

test("all findings that need attention are logged, in the report's order", () => {
  const report = reportWith(["IGNORED", "COMPLIANT", "INSUFFICIENT_DATA", "NON_COMPLIANT"]);
  const entries = findingEntries("run", shownFindings(report));
  expect(entries.map(({ regionId }) => regionId)).toEqual(["cn-r0", "cn-r2", "cn-r3"]);
});

test("of many, the worst are logged, and how many there are", () => {
  const report = organizationReport({
    accounts: 1_000,
    regions: 2,
    status: (account, region) => {
      if (region === 0) return "INSUFFICIENT_DATA";
      return account % 2 === 0 ? "NON_COMPLIANT" : "COMPLIANT";
    },
  });
  const { shown, total } = shownFindings(report);
  expect([shown.length, total]).toEqual([MAX_SHOWN_FINDINGS, 1_500]);
  expect(shown.filter(({ status }) => status === "NON_COMPLIANT")).toHaveLength(500);
  const entries = findingEntries("run", { shown, total });
  expect(entries).toHaveLength(MAX_SHOWN_FINDINGS + 1);
  expect(entries.at(-1)).toMatchObject({ event: "findings", shown: MAX_SHOWN_FINDINGS, total });
});
