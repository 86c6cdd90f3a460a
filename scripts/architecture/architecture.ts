import { readFile, writeFile } from "node:fs/promises";
import process from "node:process";
import { pathToFileURL } from "node:url";

import { format } from "oxfmt";

import { ROOT } from "../bundle.ts";
import { breachesOf } from "./breaches.ts";
import { drawing } from "./drawing.ts";
import { cyclesOf, importGraph, layerGraph } from "./import-graph.ts";
import { lintOverrides } from "./lint-rules.ts";
import { readSourceFiles, type SourceFiles } from "./source-files.ts";

const BEGIN = "<!-- npm run architecture -->";
const END = "<!-- end of npm run architecture -->";

/** Finds what breaks the table of layers: an import, a way around the linter, a cycle of files. */
export function problemsOf(files: SourceFiles): string[] {
  const cycles = cyclesOf(importGraph(files)).map((cycle) => `cycle: ${cycle.join(" → ")}`);
  return [...[...files].flatMap(([file, source]) => breachesOf(file, source)), ...cycles];
}

/** Puts the generated overrides into the linter's configuration. */
export async function lintConfig(current: string): Promise<string> {
  const config = { ...Object(JSON.parse(current)), overrides: lintOverrides() };
  const { code } = await format(".oxlintrc.json", JSON.stringify(config));
  return code;
}

/**
 * Puts the drawing between its markers.
 *
 * @throws {@link Error} when the page has no markers
 */
export function drawnPage(page: string, files: SourceFiles): string {
  const [before, rest = ""] = page.split(BEGIN);
  const after = rest.split(END)[1];
  if (before === undefined || after === undefined) {
    throw new Error(`ARCHITECTURE.md: has no lines "${BEGIN}" and "${END}" in this order`);
  }
  const chart = drawing(layerGraph(importGraph(files)));
  return `${before}${BEGIN}\n\n${chart}\n\n${END}${after}`;
}

if (import.meta.url === pathToFileURL(String(process.argv[1])).href) {
  const files = await readSourceFiles(ROOT);
  const [page, config] = [`${ROOT}ARCHITECTURE.md`, `${ROOT}.oxlintrc.json`];
  await writeFile(config, await lintConfig(await readFile(config, "utf8")));
  await writeFile(page, drawnPage(await readFile(page, "utf8"), files));
  const problems = problemsOf(files);
  for (const problem of problems) process.stderr.write(`architecture: ${problem}\n`);
  if (problems.length > 0) process.exitCode = 1;
}
