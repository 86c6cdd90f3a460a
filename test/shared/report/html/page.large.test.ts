import { readFile } from "node:fs/promises";

import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { digestCommand } from "../../../../shared/report/html/digest-view.ts";
import { sha256Of } from "../../../../shared/report/report-digest.ts";
import { CHROMIUM, startChromium } from "../../../harness/chromium.ts";
import { openPage } from "../../../harness/open-page.ts";
import { SAMPLE_PAGE } from "./sample-page.ts";

describe.skipIf(CHROMIUM === null)("a page in Chromium", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startChromium();
  });
  afterAll(() => browser.close());

  test.each([
    ["zh-CN", "zh-Hans", "大标题"],
    ["en-GB", "en", "Heading"],
    ["fr", "en", "Heading"],
  ])("begins in the browser's language: %s", async (locale, lang, heading) => {
    await using opened = await openPage(browser, SAMPLE_PAGE, { locale });
    expect(await opened.page.getAttribute("html", "lang")).toBe(lang);
    expect(await opened.page.locator("h1").innerText()).toBe(heading);
  });

  test("switches its language, also by keyboard", async () => {
    await using opened = await openPage(browser, SAMPLE_PAGE);
    const { page } = opened;
    await page.getByRole("radio", { name: "English" }).focus();
    await page.keyboard.press("ArrowRight");
    expect(await page.locator("h1").innerText()).toBe("大标题");
    expect(await page.getAttribute("html", "lang")).toBe("zh-Hans");
    expect(await page.title()).toBe("标题");
  });

  test("switches its language without a script too", async () => {
    await using opened = await openPage(browser, SAMPLE_PAGE, { javaScriptEnabled: false });
    const { page } = opened;
    expect(await page.locator("h1").innerText()).toBe("Heading");
    await page.getByRole("radio", { name: "中文" }).check();
    expect(await page.locator("h1").innerText()).toBe("大标题");
  });

  test("saves its JSON, of which it shows the digest", async () => {
    await using opened = await openPage(browser, SAMPLE_PAGE);
    const { page } = opened;
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Save the JSON" }).click(),
    ]);
    expect(download.suggestedFilename()).toBe("data.json");
    const saved = await readFile(await download.path());
    expect(sha256Of(saved)).toBe(await page.locator("#data-sha256").innerText());
  });

  test("copies a command from a local file", async () => {
    await using opened = await openPage(browser, SAMPLE_PAGE);
    const { page } = opened;
    await page.getByText("How to check it").click();
    await page.getByRole("button", { name: "Copy" }).click();
    await page.getByRole("button", { name: "Copied" }).waitFor();
    await page.goto("data:text/html,<textarea></textarea>");
    await page.locator("textarea").press("Control+V");
    expect(await page.locator("textarea").inputValue()).toBe(digestCommand("data"));
  });

  test("opens its parts to be printed, and closes them again", async () => {
    await using opened = await openPage(browser, SAMPLE_PAGE);
    const { page } = opened;
    const part = page.getByText("without this page's script");
    expect(await part.isVisible()).toBe(false);
    await page.emulateMedia({ media: "print" });
    await part.waitFor();
    await page.emulateMedia({ media: "screen" });
    await part.waitFor({ state: "hidden" });
  });
});
