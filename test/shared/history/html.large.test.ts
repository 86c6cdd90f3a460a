import axe from "axe-core";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { html } from "../../../shared/history/html.ts";
import { sha256Of } from "../../../shared/report/report-digest.ts";
import { CHROMIUM, startChromium } from "../../harness/chromium.ts";
import { openPage } from "../../harness/open-page.ts";
import { HOSTILE_NAME, HISTORY_OPTIONS, sampleHistory } from "./sample-history.ts";

describe.skipIf(CHROMIUM === null)("the page of a history in Chromium", () => {
  let browser: Browser;
  let page: string;
  beforeAll(async () => {
    browser = await startChromium();
    page = await html.render(sampleHistory(), HISTORY_OPTIONS);
  });
  afterAll(() => browser.close());

  test.each([
    ["en-US", "light", 1_280],
    ["zh-CN", "light", 400],
    ["en-US", "dark", 400],
    ["zh-CN", "dark", 1_280],
  ] as const)("is accessible: %s, %s, %d px", async (locale, colorScheme, width) => {
    const viewport = { width, height: 900 };
    await using opened = await openPage(browser, page, { locale, colorScheme, viewport });
    await opened.page.evaluate(axe.source);
    const violations = await opened.page.evaluate(async () => {
      const runner = (globalThis as unknown as { axe: typeof axe }).axe;
      const found = await runner.run();
      return found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
    });
    expect(violations).toEqual([]);
    expect(opened.unwanted).toEqual([]);
    // Only the tables scroll.
    const { scrollWidth, clientWidth } = await opened.page.evaluate(() => ({
      scrollWidth: document.documentElement.scrollWidth,
      clientWidth: document.documentElement.clientWidth,
    }));
    expect(scrollWidth).toBeLessThanOrEqual(clientWidth);
  });

  test.each([
    ["en-US", "Compliant means: VPC flow log service is activated."],
    ["zh-CN", "合规是指：VPC 流日志功能已开通。"],
  ])("says in %s what compliance means", async (locale, meaning) => {
    await using opened = await openPage(browser, page, { locale });
    const text = await opened.page.locator("main").innerText();
    expect(text).toContain(meaning);
    expect(text.includes("Compliant means")).toBe(locale === "en-US");
  });

  test("breaks no word of a table in a narrow window", async () => {
    await using opened = await openPage(browser, page, { viewport: { width: 400, height: 900 } });
    const heads = opened.page.getByRole("columnheader", { name: /^(Status|Region or resource)$/ });
    const widths = await heads.evaluateAll((cells) => cells.map((cell) => cell.clientWidth));
    expect(widths.length).toBeGreaterThan(1);
    // "2026-11-28" and "compliant" have room.
    for (const width of widths) expect(width).toBeGreaterThanOrEqual(120);
  });

  test("shows every day with a mark and a word", async () => {
    await using opened = await openPage(browser, page);
    const row = opened.page.getByRole("row", { name: "2026-03" }).first();
    const cells = await row.getByRole("cell").allInnerTexts();
    expect(cells).toHaveLength(31);
    expect(cells.slice(0, 11).map((cell) => cell.replaceAll(/\s+/g, " ").trim())).toEqual([
      "✔ compliant",
      "✔ compliant",
      "✖ not compliant",
      "· no run",
      "? not observed in full",
      "✔ compliant",
      "✔ compliant",
      "– exempt",
      "✔ compliant",
      "✔ compliant",
      "",
    ]);
  });

  test("has text from outside as text, and its JSON with the digest that it shows", async () => {
    await using opened = await openPage(browser, page);
    expect(await opened.page.locator("img").count()).toBe(0);
    const json = await opened.page.locator("#history").textContent();
    expect(json).toContain(JSON.stringify(HOSTILE_NAME).replaceAll("<", "\\u003c").slice(1, 40));
    const own = String(json).trim().replaceAll("\\u003c", "<");
    expect(sha256Of(own)).toBe(await opened.page.locator("#history-sha256").innerText());
    expect(opened.unwanted).toEqual([]);
  });

  test("prints", async () => {
    await using opened = await openPage(browser, page);
    const pdf = await opened.page.pdf();
    expect(pdf.subarray(0, 4).toString()).toBe("%PDF");
  });
});
