import { expect, test } from "vitest";

import type { Finding } from "../../../shared/audit/finding.ts";
import { isOneFindingPerRegion, sortFindings } from "../../../shared/audit/report.ts";
import { reportWith } from "../../harness/report-with.ts";
import { SAMPLE_RULE } from "../../harness/sample-rule.ts";

function findingOf(name: string): Finding {
  const [accountId = "", regionId = "", ruleId = "", id, type = "ACME::Box"] = name.split(" ");
  const [finding] = reportWith(["COMPLIANT"]).findings;
  if (finding === undefined) throw new Error("a report has a finding");
  const about = id === undefined ? {} : { resource: { type, id } };
  return { ...finding, accountId, regionId, ruleId, ...about };
}

test("findings are sorted by account, region, rule, and id and type of the resource", () => {
  const sorted = [
    "1 cn-a a-rule",
    "1 cn-a b-rule box-1 ACME::Bag",
    "1 cn-a b-rule box-1 ACME::Box",
    "1 cn-a b-rule box-10 ACME::Bag",
    "1 cn-a b-rule box-2 ACME::Bag",
    "1 cn-b a-rule",
    "2 cn-a a-rule",
  ];
  const findings = sorted.map(findingOf);
  for (const mixed of [findings, findings.toReversed()]) {
    expect(sortFindings(mixed)).toEqual(findings);
  }
});

test("a report has one finding for each region unless it has more rules, or resources", () => {
  const report = reportWith(["COMPLIANT", "NON_COMPLIANT"]);
  expect(isOneFindingPerRegion(report)).toBe(true);
  expect(isOneFindingPerRegion({ ...report, rules: [...report.rules, SAMPLE_RULE] })).toBe(false);
  const [first] = report.findings;
  if (first === undefined) throw new Error("a report has a finding");
  const resource = { type: "ACME::Box", id: "box-1" };
  const findings = [first, { ...first, resource }];
  expect(isOneFindingPerRegion({ ...report, findings })).toBe(false);
});
