import { expect, test } from "vitest";

import { applyExemptions, type Exemption } from "../../../shared/audit/exemption.ts";
import type { Finding, Status } from "../../../shared/audit/finding.ts";
import { summarize } from "../../../shared/audit/report.ts";
import { reportWith } from "../../harness/report-with.ts";

const EXEMPTION: Exemption = {
  region: "cn-r0",
  account: "*",
  rule: "flow-log-service-activated",
  resource: "*",
  owner: "net-team",
  reason: "no workloads, NET-42",
  expires: "2027-03-31",
  warnsFrom: "2027-03-24",
};

function statusAt(at: string, exemption: Partial<Exemption> = {}): Status | undefined {
  const { findings } = reportWith(["NON_COMPLIANT"]);
  return applyExemptions(findings, [{ ...EXEMPTION, ...exemption }], at).findings[0]?.status;
}

test.each([
  ["2026-11-22T08:00:00.000Z", "IGNORED"],
  ["2027-03-31T00:00:00.000Z", "IGNORED"],
  ["2027-03-31T23:59:59.999Z", "IGNORED"],
  ["2027-04-01T00:00:00.000Z", "NON_COMPLIANT"],
  ["2028-01-01T00:00:00.000Z", "NON_COMPLIANT"],
])("an exemption until 2027-03-31, at %s: %s", (at, status) => {
  expect(statusAt(at)).toBe(status);
});

test.each<[Partial<Exemption>, Status]>([
  [{ region: "cn-r1" }, "NON_COMPLIANT"],
  [{ region: "cn-*" }, "IGNORED"],
  [{ region: "*-r0" }, "IGNORED"],
  [{ region: "cn" }, "NON_COMPLIANT"],
  [{ account: "1234567890123456" }, "IGNORED"],
  [{ account: "99" }, "NON_COMPLIANT"],
])("%j: %s", (exemption, status) => {
  expect(statusAt("2026-11-22T08:00:00.000Z", exemption)).toBe(status);
});

test.each<[Status, string]>([
  ["NON_COMPLIANT", "NOT_ACTIVATED"],
  ["INSUFFICIENT_DATA", "TIMEOUT"],
  ["COMPLIANT", "ACTIVATED"],
])("the observation is kept in the finding: %s", (status, code) => {
  const { findings } = reportWith([status]);
  const [exempt] = applyExemptions(findings, [EXEMPTION], "2026-11-22T08:00:00Z").findings;
  expect(exempt).toEqual({
    ...findings[0],
    status: "IGNORED",
    reason: {
      code: "EXEMPT",
      message:
        "Exempt until 2027-03-31 (net-team: no workloads, NET-42). Observed: What is the matter with cn-r0.",
    },
    exemption: {
      owner: "net-team",
      reason: "no workloads, NET-42",
      expires: "2027-03-31",
      endsSoon: false,
      observed: { status, reason: { code, message: "What is the matter with cn-r0." } },
    },
  });
  expect(summarize(exempt === undefined ? [] : [exempt])).toMatchObject({ total: 1, ignored: 1 });
});

test.each([
  ["2027-03-23T23:59:59.999Z", false],
  ["2027-03-24T00:00:00.000Z", true],
  ["2027-03-31T12:00:00.000Z", true],
])("its end is announced from a week before: %s, %s", (at, endsSoon) => {
  const { findings } = reportWith(["NON_COMPLIANT"]);
  const [finding] = applyExemptions(findings, [EXEMPTION], at).findings;
  expect(finding?.exemption?.endsSoon).toBe(endsSoon);
  expect(finding?.reason.message.startsWith("Exempt until 2027-03-31 only")).toBe(endsSoon);
});

test.each([
  ["2027-03-23T23:59:59Z", []],
  [
    "2027-03-24T00:00:00Z",
    [
      "The exemption of cn-r0, account *, ends on 2027-03-31: ask net-team whether it is still needed.",
    ],
  ],
  [
    "2027-04-01T00:00:00Z",
    [
      "The exemption of cn-r0, account *, ended on 2027-03-31, and what it covered counts again. Take it out.",
    ],
  ],
])("its end is a warning, before and after: %s", (at, warnings) => {
  const { findings } = reportWith(["NON_COMPLIANT"]);
  expect(applyExemptions(findings, [EXEMPTION], at).warnings).toEqual(warnings);
});

/** Boxes of `boxes-shut`, which are resources, beside a finding about the whole region. */
const BOX_FINDINGS = reportWith(["NON_COMPLIANT", "NON_COMPLIANT", "NON_COMPLIANT"]).findings.map(
  (finding, index): Finding =>
    index === 0
      ? finding
      : {
          ...finding,
          ruleId: "boxes-shut",
          regionId: "cn-r0",
          resource: { type: "ACME::Box", id: `box-${index}` },
        },
);

test.each<[Partial<Exemption>, string]>([
  [{}, "region"],
  [{ rule: "*" }, "region box-1 box-2"],
  [{ rule: "boxes-*" }, "box-1 box-2"],
  [{ rule: "boxes-shut", resource: "box-1" }, "box-1"],
  [{ rule: "boxes-shut", resource: "*-2" }, "box-2"],
  [{ rule: "*", resource: "box-*" }, "box-1 box-2"],
  [{ rule: "*", resource: "box-*", region: "cn-*" }, "box-1 box-2"],
  [{ rule: "*", resource: "box-2", region: "cn-*", account: "1234567890123456" }, "box-2"],
  [{ resource: "box-1" }, ""],
  [{ rule: "boxes" }, ""],
  [{ rule: "boxes-shut", resource: "box" }, ""],
  [{ rule: "all" }, ""],
  [{ rule: "*", resource: "all" }, ""],
])("%j exempts: %s", (exemption, exempted) => {
  const { findings, warnings } = applyExemptions(
    BOX_FINDINGS,
    [{ ...EXEMPTION, ...exemption }],
    "2026-11-22T08:00:00Z",
  );
  const ignored = findings.filter(({ status }) => status === "IGNORED");
  expect(ignored.map(({ resource }) => resource?.id ?? "region").join(" ")).toBe(exempted);
  expect(warnings).toHaveLength(exempted === "" ? 1 : 0);
});

test.each<[Status, boolean]>([
  ["INSUFFICIENT_DATA", false],
  ["NOT_APPLICABLE", true],
])("an exemption of a resource, where its region is %s, is a warning: %s", (status, warns) => {
  const findings = reportWith([status]).findings.map((finding) => ({
    ...finding,
    ruleId: "boxes-shut",
  }));
  const exemption = { ...EXEMPTION, rule: "boxes-shut", resource: "box-1" };
  const applied = applyExemptions(findings, [exemption], "2026-11-22T08:00:00Z");
  expect(applied.findings).toEqual(findings);
  expect(applied.warnings).toEqual(
    warns
      ? [
          "The exemption of cn-r0, account *, rule boxes-shut, resource box-1, is about nothing in scope. If the scope is what it always is, correct it or take it out.",
        ]
      : [],
  );
  // A box that cannot be read is known, and so are the others of its list.
  const listed = findings.map((finding) => ({ ...finding, resource: BOX_FINDINGS[1]?.resource }));
  const other = { ...exemption, resource: "box-9" };
  expect(
    applyExemptions(listed as Finding[], [other], "2026-11-22T08:00:00Z").warnings,
  ).toHaveLength(1);
  // Of another region than the one whose boxes cannot be listed.
  const elsewhere = { ...exemption, region: "cn-r7" };
  expect(applyExemptions(findings, [elsewhere], "2026-11-22T08:00:00Z").warnings).toHaveLength(1);
});

test("an exemption that covers nothing in scope is a warning", () => {
  const { findings } = reportWith(["NON_COMPLIANT"]);
  const exemptions = [EXEMPTION, { ...EXEMPTION, region: "cn-typo" }];
  expect(applyExemptions(findings, exemptions, "2026-11-22T08:00:00Z").warnings).toEqual([
    "The exemption of cn-typo, account *, is about no region in scope. If the scope is what it always is, correct it or take it out.",
  ]);
});

test("the first valid exemption in the list applies, whatever it names", () => {
  const { findings } = reportWith(["NON_COMPLIANT"]);
  const ownerOf = (...exemptions: Partial<Exemption>[]): string | undefined =>
    applyExemptions(
      findings,
      exemptions.map((exemption, index) => ({ ...EXEMPTION, owner: `${index}`, ...exemption })),
      "2026-11-22T08:00:00Z",
    ).findings[0]?.exemption?.owner;
  const account = "1234567890123456";
  expect(ownerOf({ region: "*" }, {}, { account })).toBe("0");
  expect(ownerOf({}, { region: "*" }, { account })).toBe("0");
  expect(ownerOf({ account, region: "cn-*" }, { region: "*" }, {})).toBe("0");
  expect(ownerOf({ expires: "2026-01-01" }, { account: "99" }, { region: "*" }, {})).toBe("2");
});

test("20,000 exemptions are applied to as many findings, in a time that grows with their number", () => {
  const { findings } = reportWith(Array.from({ length: 20_000 }, () => "NON_COMPLIANT"));
  const exemptions = findings.map(({ regionId }) => ({ ...EXEMPTION, region: regionId }));
  const applied = applyExemptions(findings, exemptions, "2026-11-22T08:00:00Z");
  expect(summarize(applied.findings).ignored).toBe(20_000);
  expect(applied.warnings).toEqual([]);
  const resources = findings.map((finding, index): Finding => ({
    ...finding,
    regionId: "cn-r0",
    resource: { type: "ACME::Box", id: `box-${index}` },
  }));
  const ofResources = resources.map(({ resource }) => ({
    ...EXEMPTION,
    resource: resource?.id ?? "",
  }));
  const exempted = applyExemptions(resources, ofResources, "2026-11-22T08:00:00Z");
  expect(summarize(exempted.findings).ignored).toBe(20_000);
});
