import { readFile } from "node:fs/promises";

import { expect, test } from "vitest";

import { ROOT } from "../../scripts/bundle.ts";
import { PAGE_ASSETS, pageAssets } from "../../scripts/page-assets.ts";

test("the scripts and the style of pages are those that `npm run page` writes", async () => {
  expect(await readFile(`${ROOT}${PAGE_ASSETS}`, "utf8")).toBe(await pageAssets());
});
