import { expect, test } from "vitest";

import { decideAlert } from "../../../shared/audit/alert.ts";
import type { Status } from "../../../shared/audit/finding.ts";
import { reportWith } from "../../harness/report-with.ts";

/** The whole decision: which statuses are there → what is due, and why. */
test.each<[readonly Status[], boolean, string]>([
  [[], false, "ALL_WELL"],
  [["COMPLIANT"], false, "ALL_WELL"],
  [["NOT_APPLICABLE", "IGNORED"], false, "ALL_WELL"],
  [["INSUFFICIENT_DATA"], false, "ONLY_UNREADABLE"],
  [["COMPLIANT", "INSUFFICIENT_DATA"], false, "ONLY_UNREADABLE"],
  [["NON_COMPLIANT"], true, "NON_COMPLIANT"],
  [["COMPLIANT", "NON_COMPLIANT"], true, "NON_COMPLIANT"],
  [["NON_COMPLIANT", "INSUFFICIENT_DATA"], true, "NON_COMPLIANT"],
])("%j → due: %s, %s", (statuses, due, reason) => {
  expect(decideAlert(reportWith(statuses))).toMatchObject({ due, reason });
});

test("what is not activated and what could not be read are told apart", () => {
  const decision = decideAlert(
    reportWith(["COMPLIANT", "NON_COMPLIANT", "INSUFFICIENT_DATA", "NON_COMPLIANT"]),
  );
  if (!decision.due) throw new Error("an alert is due");
  const { findings, unreadable, accountId, summary } = decision.alert;
  expect(findings.map(({ regionId }) => regionId)).toEqual(["cn-r1", "cn-r3"]);
  expect(unreadable.map(({ regionId }) => regionId)).toEqual(["cn-r2"]);
  expect(accountId).toBe("1234567890123456");
  expect(summary.total).toBe(4);
});
