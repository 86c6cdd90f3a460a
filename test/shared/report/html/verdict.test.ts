import { describe, expect, test } from "vitest";

import type { Status } from "../../../../shared/audit/finding.ts";
import type { Report } from "../../../../shared/audit/report.ts";
import { verdictOf } from "../../../../shared/report/html/verdict.ts";
import { organizationReport } from "../../../harness/organization-report.ts";
import { reportWith } from "../../../harness/report-with.ts";
import { resourceReport } from "../../../harness/resource-report.ts";

describe("the verdict", () => {
  test.each<[string, Report, Status, string]>([
    ["of all", reportWith(["COMPLIANT", "COMPLIANT"]), "COMPLIANT", "Compliant: 2 of 2 regions"],
    [
      "with a failure",
      reportWith(["COMPLIANT", "NON_COMPLIANT"]),
      "NON_COMPLIANT",
      "Not compliant: 1 of 2 regions",
    ],
    [
      "with a failure and an unreadable region",
      reportWith(["INSUFFICIENT_DATA", "NON_COMPLIANT"]),
      "NON_COMPLIANT",
      "Not compliant: 1 of 2 regions",
    ],
    [
      "with an unreadable region",
      reportWith(["COMPLIANT", "INSUFFICIENT_DATA", "IGNORED"]),
      "INSUFFICIENT_DATA",
      "Incomplete: 1 of 3 regions could not be read",
    ],
    [
      "with an exempt region",
      reportWith(["COMPLIANT", "IGNORED"]),
      "COMPLIANT",
      "Compliant: 1 of 2 regions",
    ],
    [
      "of exempt regions alone",
      reportWith(["IGNORED", "NOT_APPLICABLE"]),
      "IGNORED",
      "Nothing was found compliant: 2 regions exempt or not applicable",
    ],
    [
      "of regions to which nothing applies",
      reportWith(["NOT_APPLICABLE"]),
      "NOT_APPLICABLE",
      "Nothing was found compliant: 1 region exempt or not applicable",
    ],
    ["of nothing", reportWith([]), "INSUFFICIENT_DATA", "Incomplete: nothing was checked"],
    [
      "of resources",
      resourceReport([{ id: "vpc-1", status: "COMPLIANT" }, { id: "vpc-2" }]),
      "NON_COMPLIANT",
      "Not compliant: 1 of 2 findings",
    ],
    [
      "with a skipped account",
      organizationReport([{ id: "1", statuses: ["COMPLIANT"] }, { id: "2" }]),
      "COMPLIANT",
      "Compliant where audited: 1 of 1 region",
    ],
    [
      "that may lack the management account",
      { ...reportWith(["COMPLIANT"]), managementAccountUnknown: true },
      "COMPLIANT",
      "Compliant where audited: 1 of 1 region",
    ],
    [
      // The summary of a report is no proof: its findings are.
      "with a wrong summary",
      { ...reportWith(["NON_COMPLIANT"]), summary: reportWith(["COMPLIANT"]).summary },
      "NON_COMPLIANT",
      "Not compliant: 1 of 1 region",
    ],
  ])("%s", (_what, report, status, sentence) => {
    expect(verdictOf(report)).toMatchObject({ status, sentence: { en: sentence } });
  });

  test.each<[string, Report, readonly string[]]>([
    ["nothing else", reportWith(["COMPLIANT"]), []],
    [
      "what could not be read beside failures",
      reportWith(["INSUFFICIENT_DATA", "NON_COMPLIANT"]),
      [
        "The audit is also incomplete: 1 of 2 regions could not be read, so nothing is known about these.",
      ],
    ],
    [
      "exemptions",
      reportWith(["COMPLIANT", "IGNORED"]),
      ["1 finding exempt: an exemption hides a finding, and makes nothing compliant."],
    ],
    [
      "skipped accounts",
      organizationReport([{ id: "1", statuses: ["COMPLIANT"] }, { id: "2" }, { id: "3" }]),
      ["2 accounts were not audited."],
    ],
    [
      "an assumed account",
      { ...reportWith(["COMPLIANT"]), accountAssumed: true },
      ["The account is assumed from the state: who asked could not be identified."],
    ],
  ])("notes %s", (_what, report, notes) => {
    expect(verdictOf(report).notes.map(({ en }) => en)).toEqual(notes);
  });

  test.each([
    ["NON_COMPLIANT", "不合规：2 个地域中有 1 个"],
    ["INSUFFICIENT_DATA", "不完整：2 个地域中有 1 个无法读取"],
    ["COMPLIANT", "合规：2 个地域中有 2 个"],
  ] as const)("in Chinese, with one %s", (status, sentence) => {
    expect(verdictOf(reportWith(["COMPLIANT", status])).sentence.zh).toBe(sentence);
  });

  test("counts findings in Chinese with their own measure word", () => {
    const { rules, ...report } = reportWith(["NON_COMPLIANT", "INSUFFICIENT_DATA"]);
    const [first] = rules;
    if (first === undefined) throw new Error("the report has a rule");
    const { sentence, notes } = verdictOf({ ...report, rules: [first, { ...first, id: "other" }] });
    expect(sentence.zh).toBe("不合规：2 项检查结果中有 1 项");
    expect(notes[0]?.zh).toBe("检查也不完整：2 项检查结果中有 1 项无法读取，其状态未知。");
  });

  test("is never compliant where something could not be read", () => {
    const statuses: readonly Status[] = ["COMPLIANT", "IGNORED", "NOT_APPLICABLE", "NON_COMPLIANT"];
    for (const status of statuses) {
      const report = reportWith([status, "INSUFFICIENT_DATA"]);
      const verdict = verdictOf(report);
      expect(verdict.status).not.toBe("COMPLIANT");
      expect(verdict.sentence.en).not.toMatch(/^Compliant/);
    }
  });
});
