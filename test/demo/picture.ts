import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { html } from "../../shared/report/html.ts";
import { startChromium } from "../harness/chromium.ts";
import { openPage } from "../harness/open-page.ts";
import { ALL_CARDS, regionReport } from "../harness/page-reports.ts";

/** What `npm run pictures` writes. */
const PICTURE = fileURLToPath(new URL("../../docs/report.webp", import.meta.url));

/** CSS pixels: a little more than the width of a document. */
const WIDTH = 940;
/** For the screens that most readers have. */
const PIXEL_RATIO = 2;
/** Of 100. Letters have no visible artefacts, and the file a third of the size of a PNG. */
const QUALITY = 90;

/** Few enough regions for a picture. */
const REPORT = regionReport([
  ...(["NON_COMPLIANT", "COMPLIANT", "INSUFFICIENT_DATA", "COMPLIANT"] as const),
  ...(["COMPLIANT", "COMPLIANT", "NON_COMPLIANT", "COMPLIANT", "IGNORED"] as const),
  ...Array.from({ length: 6 }, () => "COMPLIANT" as const),
]);

/** Opens the first finding, and tells where the second ends. */
const OPEN_FIRST = `(() => {
  document.querySelector(".finding").open = true;
  const last = document.querySelector(".findings > :nth-child(2)");
  return Math.round(last.getBoundingClientRect().bottom);
})()`;

/** Draws the page of an audit, with one finding open, for docs/reports.md. Needs a font that has Chinese. */
async function drawReport(): Promise<void> {
  const text = await html.render(REPORT, {
    color: false,
    cards: ALL_CARDS,
    wayToAsk: "flag",
  });
  const browser = await startChromium();
  try {
    await using opened = await openPage(browser, text, {
      viewport: { width: WIDTH, height: 800 },
      deviceScaleFactor: PIXEL_RATIO,
    });
    const { page } = opened;
    const height = await page.evaluate<number>(OPEN_FIRST);
    // Playwright itself writes no WebP.
    const devTools = await page.context().newCDPSession(page);
    const { data } = await devTools.send("Page.captureScreenshot", {
      format: "webp",
      quality: QUALITY,
      captureBeyondViewport: true,
      clip: { x: 0, y: 0, width: WIDTH, height, scale: 1 },
    });
    await writeFile(PICTURE, data, "base64");
  } finally {
    await browser.close();
  }
}

await drawReport();
