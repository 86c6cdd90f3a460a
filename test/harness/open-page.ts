import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import type { Browser, BrowserContextOptions, Page } from "playwright-core";

/** A page in a file of its own, as a reader opens it. */
export interface OpenedPage extends AsyncDisposable {
  readonly page: Page;
  readonly file: string;
  readonly url: string;
  /**
   * What a page that consists of one file never does: messages on the console, of which violations of
   * its policy are some, errors, dialogs, and requests other than that for itself.
   */
  readonly unwanted: readonly string[];
}

/** Writes HTML to a file and opens it. */
export async function openPage(
  browser: Browser,
  html: string,
  options: BrowserContextOptions = {},
): Promise<OpenedPage> {
  const folder = await mkdtemp(join(tmpdir(), "flowlog-guard-page-"));
  const file = join(folder, "page.html");
  await writeFile(file, html);
  const url = pathToFileURL(file).href;
  const context = await browser.newContext({ locale: "en-US", ...options });
  const page = await context.newPage();
  const unwanted: string[] = [];
  page.on("console", (message) => unwanted.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => unwanted.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => {
    unwanted.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("request", (request) => {
    if (request.url() !== url) unwanted.push(`request: ${request.url()}`);
  });
  await page.goto(url);
  return {
    page,
    file,
    url,
    unwanted,
    async [Symbol.asyncDispose]() {
      await context.close();
      await rm(folder, { recursive: true });
    },
  };
}
