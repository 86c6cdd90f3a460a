import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

import axe from "axe-core";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { Report } from "../../../../shared/audit/report.ts";
import { html } from "../../../../shared/report/html.ts";
import { digestCommand } from "../../../../shared/report/html/digest-view.ts";
import { digestReport, sha256Of } from "../../../../shared/report/report-digest.ts";
import { loadWords } from "../../../../shared/report/words/load-words.ts";
import { startEmulator } from "../../../emulator/emulator.ts";
import { CHROMIUM, startChromium } from "../../../harness/chromium.ts";
import { organizationReport } from "../../../harness/many-accounts.ts";
import { type OpenedPage, openPage } from "../../../harness/open-page.ts";
import {
  ALL_CARDS,
  fullReport,
  HOSTILE_NAMES,
  regionReport,
  THIRTY_REGIONS,
} from "../../../harness/page-reports.ts";
import { emulatorEnv, runCli } from "../../../harness/run-cli.ts";

const render = async (report: Report): Promise<string> =>
  html.render(report, { color: false, cards: ALL_CARDS, wayToAsk: "flag" });

const FULL = fullReport();
const FULL_PAGE = await render(FULL);
const PAGE = await render(THIRTY_REGIONS);
const ORGANIZATION = organizationReport({
  accounts: 40,
  regions: 30,
  status: (account, region) =>
    (account + region) % 50 === 0
      ? "NON_COMPLIANT"
      : account === 7
        ? "INSUFFICIENT_DATA"
        : "COMPLIANT",
});

/** Opens the first findings, among which are all statuses but that of most. */
const OPEN_SOME = `for (const finding of [...document.querySelectorAll(".finding")].slice(0, 8)) finding.open = true`;

const rows = (page: Page) => page.locator(".findings > li");
const regionsShown = async (page: Page): Promise<readonly string[]> =>
  (await rows(page).locator("summary").allInnerTexts()).map(
    (text) => /\b(?:cn|ap|us|eu|me|na)-[a-z]+(?:-[a-z0-9]+)?/.exec(text)?.[0] ?? text,
  );

describe.skipIf(CHROMIUM === null)("the page of a report in Chromium", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startChromium();
  });
  afterAll(() => browser.close());

  const open = async (text: string, options: BrowserContextOptions = {}): Promise<OpenedPage> =>
    openPage(browser, text, options);

  describe.each(["en-US", "zh-CN"])("in %s", (locale) => {
    describe.each(["light", "dark"] as const)("in %s colours", (colorScheme) => {
      test.each([
        ["on a desktop", 1280, "screen", PAGE],
        ["with everything in it, on a desktop", 1280, "screen", FULL_PAGE],
        ["on a phone", 400, "screen", PAGE],
        ["with everything in it, on a phone", 400, "screen", FULL_PAGE],
        ["in print", 800, "print", PAGE],
        ["with everything in it, in print", 800, "print", FULL_PAGE],
      ] as const)("has no fault that axe finds, %s", async (_what, width, media, text) => {
        await using opened = await open(text, {
          locale,
          colorScheme,
          viewport: { width, height: 900 },
        });
        const { page, unwanted } = opened;
        await page.emulateMedia({ media });
        if (media === "screen") {
          await page.evaluate(OPEN_SOME);
        }
        await page.locator(".findings dl").first().waitFor();
        await page.evaluate(axe.source);
        const { violations, passes } = await page.evaluate<axe.AxeResults>("axe.run(document)");
        expect(violations.map(({ id, nodes }) => [id, nodes.map(({ target }) => target)])).toEqual(
          [],
        );
        expect(passes.map(({ id }) => id)).toContain("color-contrast");
        expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
        expect(unwanted).toEqual([]);
      });
    });
  });

  test("shows every hostile name as text", async () => {
    await using opened = await open(FULL_PAGE);
    const { page, unwanted } = opened;
    const text = (await page.locator("main").innerText()).replaceAll(/\s+/g, " ");
    for (const shown of [
      "<script>alert(1)</script>",
      "</script><img src=x onerror=alert(1)>",
      "<!-- \"quotes\" 'and' `ticks` & &amp; -->",
      "right[U+202E]to left",
      "lone [U+D800] surrogate",
      "__proto__",
      String.raw`\u003c \\u003c`,
      "control [U+0000][U+001B][31m[U+0007]",
    ]) {
      expect(text).toContain(shown);
    }
    expect(HOSTILE_NAMES).toHaveLength(12);
    expect(await page.locator("main img, main script").count()).toBe(0);
    expect(unwanted).toEqual([]);
  });

  test("holds the canonical report, also for a reader without its script", async () => {
    await using opened = await open(FULL_PAGE);
    const { page, file } = opened;
    const { text, sha256 } = digestReport(FULL);
    expect(await page.locator("#report-sha256").innerText()).toBe(sha256);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Save the JSON" }).click(),
    ]);
    const saved = await readFile(await download.path(), "utf8");
    expect(saved).toBe(text);
    expect(sha256Of(saved)).toBe(sha256);
    const run = promisify(execFile);
    const { stdout } = await run("sh", [
      "-c",
      digestCommand("report").replace("FILE", '"$0"'),
      file,
    ]);
    expect(stdout).toBe(`${sha256}  -\n`);
  });

  test("filters by its counters, and says how many findings are shown", async () => {
    await using opened = await open(PAGE);
    const { page } = opened;
    const counter = page.getByRole("button", { name: "not compliant" });
    await counter.click();
    expect(await counter.getAttribute("aria-pressed")).toBe("true");
    expect(await regionsShown(page)).toEqual(["cn-heyuan", "cn-zhangjiakou", "me-east-1"]);
    expect(await page.locator("[role=search] + [role=status]").innerText()).toBe(
      "3 findings shown",
    );
    await page.getByRole("button", { name: "could not be read" }).click();
    expect(await rows(page).count()).toBe(5);
    await counter.click();
    expect(await rows(page).count()).toBe(2);
    await page.getByRole("button", { name: "Show all" }).click();
    expect(await rows(page).count()).toBe(30);
  });

  test("begins with the statuses that the reader asked for", async () => {
    const text = await html.render(THIRTY_REGIONS, {
      color: false,
      cards: ALL_CARDS,
      only: ["INSUFFICIENT_DATA"],
    });
    await using opened = await open(text);
    expect(await rows(opened.page).count()).toBe(2);
    expect(await opened.page.locator("h1").innerText()).toBe("Not compliant: 3 of 30 regions");
  });

  test("searches while the reader types, and from the overview", async () => {
    await using opened = await open(PAGE);
    const { page } = opened;
    await page.getByRole("searchbox").fill("TOKYO");
    expect(await regionsShown(page)).toEqual(["ap-northeast-1"]);
    await page.getByRole("link", { name: "me-east-1" }).click();
    expect(await regionsShown(page)).toEqual(["me-east-1"]);
    expect(await page.getByRole("searchbox").inputValue()).toBe("me-east-1");
    await page.getByRole("searchbox").fill("no such region");
    expect(await rows(page).count()).toBe(0);
  });

  test("is worked by keyboard: counters, findings, copying", async () => {
    await using opened = await open(PAGE);
    const { page } = opened;
    await page.getByRole("button", { name: "not compliant" }).focus();
    await page.keyboard.press("Space");
    expect(await rows(page).count()).toBe(3);
    await page.getByRole("searchbox").focus();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    const proof = rows(page).first().locator(".proof");
    expect(await proof.isVisible()).toBe(true);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Copied" }).waitFor();
    await page.goto("data:text/html,<textarea></textarea>");
    await page.locator("textarea").press("Control+V");
    expect(await page.locator("textarea").inputValue()).toBe(
      "aliyun vpc OpenFlowLogService --region cn-heyuan",
    );
  });

  test("has the evidence of each finding folded, and open in print", async () => {
    await using opened = await open(PAGE);
    const { page } = opened;
    const evidence = page.getByText("5CD1FCDF-73B0-46EE-A02E-E5258C0422B5");
    expect(await evidence.first().isVisible()).toBe(false);
    await page.emulateMedia({ media: "print" });
    await evidence.first().waitFor();
    expect(await evidence.filter({ visible: true }).count()).toBe(28);
    await page.emulateMedia({ media: "screen" });
    await evidence.first().waitFor({ state: "hidden" });
    const pdf = await page.pdf();
    expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");
  });

  test("says all of it in Chinese but the report's own messages", async () => {
    await using opened = await open(PAGE, { locale: "zh-CN" });
    const { page } = opened;
    expect(await page.locator("h1").innerText()).toBe("不合规：30 个地域中有 3 个");
    expect(await rows(page).first().locator("summary").innerText()).toMatch(/不合规[^]*未开通/);
    expect(await page.locator("main").innerText()).toContain("控制项 2.5、3.3 的前提条件");
    const english = await page
      .locator("main span[lang=en], main span[lang=en] *")
      .filter({ visible: true })
      .count();
    expect(english).toBe(0);
    await page.getByRole("radio", { name: "English" }).check();
    expect(await page.locator("h1").innerText()).toBe("Not compliant: 3 of 30 regions");
    expect(await rows(page).first().locator("summary").innerText()).toContain("not activated");
  });

  test.each([
    [true, "en-US"],
    [false, "en-US"],
    [true, "zh-CN"],
  ])(
    "begins in the language that is asked for, with a script: %s, in %s",
    async (script, locale) => {
      const cards = ALL_CARDS;
      const words = await loadWords(locale === "en-US" ? "zh" : "en");
      const text = await html.render(THIRTY_REGIONS, { color: false, cards, words });
      await using opened = await open(text, { locale, javaScriptEnabled: script });
      const { page } = opened;
      const isChinese = words.language === "zh";
      const titles = { zh: "不合规：30 个地域中有 3 个", en: "Not compliant: 3 of 30 regions" };
      expect(await page.locator("h1").innerText()).toBe(titles[words.language]);
      expect(await page.getAttribute("html", "lang")).toBe(isChinese ? "zh-Hans" : "en");
      expect(await page.title()).toContain(titles[words.language]);
      await page.getByRole("radio", { name: isChinese ? "English" : "中文" }).check();
      expect(await page.locator("h1").innerText()).toBe(titles[isChinese ? "en" : "zh"]);
      expect(opened.unwanted).toEqual([]);
    },
  );

  test("says the failures in Chinese without a script too", async () => {
    await using opened = await open(PAGE, { javaScriptEnabled: false });
    await opened.page.getByRole("radio", { name: "中文" }).check();
    expect(await opened.page.locator("main").innerText()).toContain(
      "me-east-1 NOT_ACTIVATED: 未开通。The flow log service is not activated. Activate it: aliyun vpc",
    );
  });

  test("says the verdict, the counts and the failures without a script", async () => {
    await using opened = await open(PAGE, { javaScriptEnabled: false });
    const text = await opened.page.locator("main").innerText();
    expect(text).toContain("Not compliant: 3 of 30 regions");
    expect(text).toContain("✖ 3 not compliant");
    expect(text).toContain(
      "me-east-1 NOT_ACTIVATED: The flow log service is not activated. Activate it: aliyun vpc",
    );
    expect(text).toContain("us-west-1 TIMEOUT: vpc.us-west-1.aliyuncs.com did not answer");
    expect(text).toContain("need JavaScript");
  });

  test("has a matrix of accounts and regions, the worst first, and adds more on demand", async () => {
    await using opened = await open(await render(ORGANIZATION));
    const { page } = opened;
    const matrix = page.locator(".matrix tbody tr");
    expect(await matrix.count()).toBe(20);
    expect(await matrix.first().locator("td").count()).toBe(30);
    await page.locator("#more-accounts + button").click();
    expect(await matrix.count()).toBe(40);
    await page.getByRole("link", { name: "prod-7 " }).click();
    expect(await rows(page).count()).toBe(30);
    expect(await page.getByRole("columnheader", { name: "cn-r0", exact: true }).count()).toBe(1);
    expect(await page.getByRole("rowheader", { name: /prod-7 / }).count()).toBe(1);
    expect(opened.unwanted).toEqual([]);
  });

  test("is the same page from the built command line, which bundles its script and style", async () => {
    const regions = { "cn-a": { activated: true }, "cn-b": { activated: false } };
    await using emulator = await startEmulator({ regions });
    const { stdout } = await runCli(["audit", "--format", "html"], emulatorEnv(emulator));
    expect(stdout).toMatch(/^<!doctype html>/);
    await using opened = await open(stdout, { locale: "zh-CN" });
    const { page, unwanted } = opened;
    expect(await page.locator("h1").innerText()).toMatch(/^不合规：/);
    const report: Report = JSON.parse(String(await page.locator("#report").textContent()));
    expect(await rows(page).count()).toBe(report.findings.length);
    expect(await page.locator("#report-sha256").innerText()).toBe(digestReport(report).sha256);
    expect(unwanted).toEqual([]);
  });

  test("shows a compliant account without filters' remains or remedies", async () => {
    const text = await render(regionReport(["COMPLIANT", "COMPLIANT"]));
    await using opened = await open(text);
    const { page } = opened;
    expect(await page.locator("h1").innerText()).toBe("Compliant: 2 of 2 regions");
    expect(await page.locator(".copyable").filter({ visible: true }).count()).toBe(0);
    expect(await page.getByRole("button", { name: "Show all" }).isVisible()).toBe(false);
  });
});
