import { execFile } from "node:child_process";
import { promisify } from "node:util";

import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { digestCommand } from "../../../../shared/report/html/digest-view.ts";
import { CHROMIUM, startChromium } from "../../../harness/chromium.ts";
import { openPage } from "../../../harness/open-page.ts";
import { HOSTILE, SAMPLE_PAGE, SAMPLE_SHA256 } from "./sample-page.ts";

// More of it: page.large.test.ts.
describe.skipIf(CHROMIUM === null)("a page in Chromium", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startChromium();
  });
  afterAll(() => browser.close());

  test("requests nothing but itself, and runs its own script and style only", async () => {
    await using opened = await openPage(browser, SAMPLE_PAGE);
    const { page, file, unwanted } = opened;
    expect(await page.evaluate("getComputedStyle(document.body).maxWidth")).toBe("1152px");
    expect(JSON.parse(String(await page.locator("#data").textContent()))).toEqual({
      name: HOSTILE,
    });
    expect(await page.title()).toBe(`Title ${HOSTILE}`.replaceAll(/\s+/g, " "));
    expect(unwanted).toEqual([]);

    const run = promisify(execFile);
    const { stdout } = await run("sh", ["-c", digestCommand("data").replace("FILE", '"$0"'), file]);
    expect(stdout).toBe(`${SAMPLE_SHA256}  -\n`);
  });
});
