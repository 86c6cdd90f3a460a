import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { Finding } from "../../../../shared/audit/finding.ts";
import type { Report } from "../../../../shared/audit/report.ts";
import { html } from "../../../../shared/report/html.ts";
import { searchable } from "../../../../shared/report/html/match-finding.ts";
import { matrixOf } from "../../../../shared/report/html/matrix.ts";
import { digestReport } from "../../../../shared/report/report-digest.ts";
import { CHROMIUM, startChromium } from "../../../harness/chromium.ts";
import { openPage } from "../../../harness/open-page.ts";
import { ALL_CARDS, regionReport, THIRTY_REGIONS } from "../../../harness/page-reports.ts";
import { resourceReport } from "../../../harness/resource-report.ts";

const render = async (report: Report): Promise<string> =>
  html.render(report, { color: false, cards: ALL_CARDS, wayToAsk: "flag" });

test.each([
  ["a few are not compliant", THIRTY_REGIONS],
  ["none is compliant", regionReport(Array.from({ length: 30 }, () => "NON_COMPLIANT"))],
])("a page of thirty regions, of which %s, is smaller than 60 kB", async (_what, report) => {
  expect(Buffer.byteLength(await render(report))).toBeLessThan(60_000);
});

test("a page loads nothing: it has no address but those of its own parts", async () => {
  const text = await render(THIRTY_REGIONS);
  expect(text.match(/\b(?:src|href|action|srcset|poster|data)="[^"#]/g)).toBeNull();
  expect(text).not.toMatch(/@import|url\(|\bon[a-z]+=|\sstyle=/);
});

describe("the matrix", () => {
  const findings = resourceReport([
    { ruleId: "r-a", regionId: "cn-a", id: "vpc-1", status: "COMPLIANT" },
    { ruleId: "r-a", regionId: "cn-a", id: "vpc-2", status: "NON_COMPLIANT" },
    { ruleId: "r-a", regionId: "cn-a", id: "vpc-3", status: "NON_COMPLIANT" },
    { ruleId: "r-a", regionId: "cn-b", id: "vpc-4", status: "COMPLIANT" },
    { ruleId: "r-b", regionId: "cn-a", status: "INSUFFICIENT_DATA" },
    { ruleId: "r-0", regionId: "cn-a", id: "vpc-1", status: "COMPLIANT" },
  ]).findings;
  const rows = matrixOf(findings, ({ ruleId }) => ruleId);

  test("has the worst rows first", () => {
    expect(rows.map(({ id }) => id)).toEqual(["r-a", "r-b", "r-0"]);
  });

  test("has the worst status of each cell, and how many findings have it", () => {
    expect([...(rows[0]?.cells ?? [])]).toEqual([
      ["cn-a", { status: "NON_COMPLIANT", count: 2, total: 3 }],
      ["cn-b", { status: "COMPLIANT", count: 1, total: 1 }],
    ]);
  });
});

describe("a search", () => {
  const { findings } = resourceReport([
    { regionId: "cn-a", id: "vpc-1", name: "Front", message: "None of them." },
    { regionId: "cn-b", id: "vpc-2", name: "back", status: "COMPLIANT" },
  ]);
  const search = searchable(findings, new Map([["1234567890123456", "Prod"]]));

  test.each<[string, readonly Finding["status"][], readonly string[]]>([
    ["", [], ["vpc-1", "vpc-2"]],
    ["FRONT", [], ["vpc-1"]],
    ["prod cn-b", [], ["vpc-2"]],
    ["front cn-b", [], []],
    ["1234567890123456", ["COMPLIANT"], ["vpc-2"]],
    ["", ["NON_COMPLIANT", "COMPLIANT"], ["vpc-1", "vpc-2"]],
    ["  none   of ", [], ["vpc-1"]],
    ["vpc-1front", [], []],
  ])("for %j among %j", (query, statuses, ids) => {
    const found = search.filter({ query, statuses: new Set(statuses) });
    expect(found.map(({ resource }) => resource?.id)).toEqual(ids);
  });
});

// More of it: report-page.large.test.ts.
describe.skipIf(CHROMIUM === null)("the page of a report in Chromium", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startChromium();
  });
  afterAll(() => browser.close());

  test("lists the findings, the worst first, and shows the digest of the report", async () => {
    await using opened = await openPage(browser, await render(THIRTY_REGIONS));
    const { page, unwanted } = opened;
    expect(await page.locator("h1").innerText()).toBe("Not compliant: 3 of 30 regions");
    const statuses = await page
      .locator(".findings > li")
      .evaluateAll((items) => items.map((item) => item.getAttribute("data-status")));
    expect(statuses).toEqual([
      ...["NON_COMPLIANT", "NON_COMPLIANT", "NON_COMPLIANT"],
      ...["INSUFFICIENT_DATA", "INSUFFICIENT_DATA", "IGNORED"],
      ...Array.from({ length: 24 }, () => "COMPLIANT"),
    ]);
    expect(await page.locator("#report-sha256").innerText()).toBe(
      digestReport(THIRTY_REGIONS).sha256,
    );
    expect(unwanted).toEqual([]);
  });
});
