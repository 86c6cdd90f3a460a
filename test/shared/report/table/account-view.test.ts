import { describe, expect, test } from "vitest";

import type { Finding } from "../../../../shared/audit/finding.ts";
import { groupBy } from "../../../../shared/audit/group-by.ts";
import { viewOf } from "../../../../shared/report/table/account-view.ts";
import { type FindingSketch, resourceReport } from "../../../harness/resource-report.ts";

function accountOf(sketches: readonly FindingSketch[]) {
  const { findings } = resourceReport(sketches);
  return { accountId: "1", regions: [...groupBy(findings, ({ regionId }) => regionId).values()] };
}

function idsOf(findings: readonly Finding[]): string[] {
  return findings.map(({ regionId, resource }) => resource?.id ?? regionId);
}

const REFUSED = { status: "INSUFFICIENT_DATA", code: "ROLE_REFUSED" } as const;
const FINE = { status: "COMPLIANT", code: "COVERED" } as const;
const NONE = { status: "NOT_APPLICABLE", code: "NO_RESOURCES" } as const;

describe("an account is", () => {
  test.each<[string, readonly FindingSketch[]]>([
    [
      "of one rule",
      [
        { regionId: "cn-a", ...REFUSED },
        { regionId: "cn-b", ...REFUSED },
      ],
    ],
    [
      "of several rules",
      ["cn-a", "cn-b"].flatMap((regionId) => [
        { regionId, ruleId: "vpc-flow-log-active", ...REFUSED },
        { regionId, ruleId: "vpc-flow-log-complete", ...REFUSED },
      ]),
    ],
  ])("one line where one reason holds in every region, %s", (_what, sketches) => {
    const account = accountOf(sketches);
    const one = { kind: "one-reason", regionCount: 2 };
    expect(viewOf(account, null)).toMatchObject(one);
    expect(viewOf(account, ["INSUFFICIENT_DATA"])).toMatchObject(one);
    expect(viewOf(account, ["COMPLIANT"])).toBeNull();
  });

  test.each<[string, readonly FindingSketch[]]>([
    ["the region is its only one, which is named", [{ regionId: "cn-a", ...REFUSED }]],
    [
      "resources have to be named",
      [
        { regionId: "cn-a", id: "vpc-1" },
        { regionId: "cn-b", id: "vpc-2" },
      ],
    ],
    [
      "the reasons differ",
      [
        { regionId: "cn-a", ...REFUSED },
        { regionId: "cn-b", ...REFUSED, code: "TIMEOUT" },
      ],
    ],
  ])("listed where %s", (_what, sketches) => {
    const account = accountOf(sketches);
    expect(viewOf(account, null)).toEqual({ kind: "listed", ...account, counted: [] });
  });

  test("listed without what needs no attention, which is counted", () => {
    const account = accountOf([
      { regionId: "cn-a", id: "vpc-1" },
      { regionId: "cn-a", id: "vpc-2", ...FINE },
      { regionId: "cn-b", ...NONE },
    ]);
    const view = viewOf(account, null);
    if (view?.kind !== "listed") throw new Error("the account is listed");
    expect(view.regions.map(idsOf)).toEqual([["vpc-1"]]);
    expect(idsOf(view.counted)).toEqual(["vpc-2", "cn-b"]);
    const chosen = viewOf(account, ["NOT_APPLICABLE"]);
    if (chosen?.kind !== "listed") throw new Error("the account is listed");
    expect([chosen.regions.map(idsOf), chosen.counted]).toEqual([[["cn-b"]], []]);
  });

  test("fine where nothing needs attention", () => {
    const account = accountOf([
      { regionId: "cn-a", id: "vpc-1", ...FINE },
      { regionId: "cn-b", ...NONE },
    ]);
    expect(viewOf(account, null)).toMatchObject({ kind: "fine", regionCount: 2 });
    expect(viewOf(account, ["COMPLIANT"])).toMatchObject({ kind: "listed", counted: [] });
  });
});
