import { describe, expect, test } from "vitest";

import { UNKNOWN_ACCOUNT } from "../../../shared/audit/report.ts";
import { type Route, sharesOf } from "../../../shared/audit/route.ts";
import { memberId, organizationReport } from "../../harness/many-accounts.ts";

const RULE = "flow-log-service-activated";
const REPORT = organizationReport({
  accounts: 3,
  regions: 2,
  name: (index) => (index === 2 ? null : `prod-${index}`),
});

function taken(only: Route | undefined): string[] {
  return sharesOf(REPORT)(only).report.findings.map(
    ({ accountId, regionId }) => `${accountId.slice(-1)}/${regionId}`,
  );
}

describe("a share", () => {
  const all = ["0/cn-r0", "0/cn-r1", "1/cn-r0", "1/cn-r1", "2/cn-r0", "2/cn-r1"];
  test.each<[Route | undefined, readonly string[]]>([
    [undefined, all],
    [{}, all],
    [{ accounts: ["prod-*"] }, all.slice(0, 4)],
    [{ accounts: ["*", "!prod-1"] }, ["0/cn-r0", "0/cn-r1", "2/cn-r0", "2/cn-r1"]],
    [{ accounts: [memberId(2)] }, all.slice(4)],
    [{ regions: ["cn-*", "!cn-r1"] }, ["0/cn-r0", "1/cn-r0", "2/cn-r0"]],
    [{ regions: ["all"], accounts: ["prod-1"] }, all.slice(2, 4)],
    [{ rules: ["flow-*"] }, all],
    [{ rules: ["*", "!flow-*"] }, []],
    [{ rules: ["vpc-*"] }, []],
    [{ severity: ["critical"] }, all],
    [{ severity: ["high", "medium", "low"] }, []],
  ])("of %j", (only, expected) => {
    expect(taken(only)).toEqual(expected);
  });

  test("has the counts, the accounts and the rules of itself", () => {
    const { report } = sharesOf(REPORT)({ accounts: ["prod-1"], regions: ["cn-r1"] });
    expect(report.summary).toMatchObject({ total: 1, nonCompliant: 1 });
    expect(report.scope).toEqual({ accounts: [memberId(1)], regions: ["cn-r1"] });
    expect(report.accounts.map(({ id }) => id)).toEqual([memberId(1)]);
    expect(sharesOf(REPORT)({ severity: ["low"] }).report.rules).toEqual([]);
  });

  test("has an account that is not known, whichever accounts it selects", () => {
    const { takes } = sharesOf(REPORT)({ accounts: ["prod-1"], regions: ["cn-r0"] });
    const subject = { ruleId: RULE, accountId: UNKNOWN_ACCOUNT, regionId: "cn-r0" };
    expect(takes(subject)).toBe(true);
    expect(takes({ ...subject, regionId: "cn-r1" })).toBe(false);
  });

  test("has a rule that the report does not list, whichever severities it selects", () => {
    const { takes } = sharesOf(REPORT)({ severity: ["low"] });
    expect(takes({ ruleId: "left-out", accountId: memberId(0), regionId: "cn-r0" })).toBe(true);
  });
});
