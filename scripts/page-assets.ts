import { readFile, writeFile } from "node:fs/promises";
import process from "node:process";
import { pathToFileURL } from "node:url";

import { build, transform } from "esbuild";
import { format } from "oxfmt";

import { BUNDLE_OPTIONS, ROOT } from "./bundle.ts";

/** Where the page's script and style are, as they run in a browser. */
const SOURCE = "shared/report/html/browser";

/** The generated module. */
export const PAGE_ASSETS = "shared/report/html/page-assets.ts";

/** Browsers of the last years; a script for these alone needs no helpers. */
const TARGET = ["chrome120", "firefox121", "safari17"];

/**
 * The module with the scripts and the style of the HTML report as texts. It is generated and committed,
 * so that the report needs no bundler where the source runs as it is, in tests and in development.
 */
export async function pageAssets(): Promise<string> {
  const [ofDocument, ofReport, style] = await Promise.all([
    scriptOf("document.ts"),
    scriptOf("report.ts"),
    styleOf("page.css"),
  ]);
  const text = [
    "// Written by `npm run page`.",
    "",
    "/** The scripts of pages, each whole. */",
    `export const PAGE_SCRIPTS = ${JSON.stringify({ document: ofDocument, report: ofReport })} as const;`,
    "",
    "/** The style of pages. */",
    `export const PAGE_STYLE = ${JSON.stringify(style)};`,
  ].join("\n");
  const { code } = await format(PAGE_ASSETS, text);
  return code;
}

async function scriptOf(file: string): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: [`${SOURCE}/${file}`],
    bundle: true,
    write: false,
    minify: true,
    charset: "utf8",
    format: "iife",
    platform: "browser",
    target: TARGET,
    logLevel: BUNDLE_OPTIONS.logLevel,
  });
  return (outputFiles[0]?.text ?? "").trim();
}

async function styleOf(file: string): Promise<string> {
  const style = await readFile(`${ROOT}${SOURCE}/${file}`, "utf8");
  const { code } = await transform(style, { loader: "css", minify: true, target: TARGET });
  return code.trim();
}

if (import.meta.url === pathToFileURL(String(process.argv[1])).href) {
  await writeFile(`${ROOT}${PAGE_ASSETS}`, await pageAssets());
}
