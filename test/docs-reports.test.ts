import { existsSync, readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { reportResponse } from "../functions/audit/http-response.ts";
import { FORMAT_NAMES, formatOf } from "../shared/report/formats.ts";
import { reportWith } from "./harness/report-with.ts";
import { runMain } from "./harness/run-main.ts";

function read(path: string): string {
  return readFileSync(new URL(`../${path}`, import.meta.url), "utf8");
}

const GUIDE = read("docs/reports.md");

test("the guide to reports has a row and a section for every format, with its extension", () => {
  const rows = [...GUIDE.matchAll(/^\| `([a-z]+)` \| `\.([a-z.]+)` \|/gm)];
  expect(Object.fromEntries(rows.map(([, name, extension]) => [name, extension]))).toEqual(
    Object.fromEntries(FORMAT_NAMES.map((name) => [name, formatOf(name).extension])),
  );
  for (const name of FORMAT_NAMES) expect(GUIDE).toContain(`\n### \`${name}\`\n`);
});

test("the README names every extension", () => {
  const [, sentence = ""] =
    /to files with `--output`(.*?)Then stdout/s.exec(read("README.md")) ?? [];
  for (const name of FORMAT_NAMES) expect(sentence).toContain(`\`.${formatOf(name).extension}\``);
});

test("the guide links to existing files and headings", () => {
  const links = [...GUIDE.matchAll(/\]\(([^):]+)\)/g)].map(([, link]) => String(link));
  expect(links).toContain("evidence.md");
  const headings = [...GUIDE.matchAll(/^#+ (.*)$/gm)].map(
    ([, heading = ""]) =>
      `#${heading
        .toLowerCase()
        .replaceAll(/[^a-z0-9 -]/g, "")
        .replaceAll(" ", "-")}`,
  );
  for (const link of links) {
    const exists = link.startsWith("#")
      ? headings.includes(link)
      : existsSync(new URL(`../docs/${link.split("#")[0]}`, import.meta.url));
    expect({ link, exists }).toEqual({ link, exists: true });
  }
});

test("the guide has every header of an answer beside its type", async () => {
  const { headers } = await reportResponse(reportWith(["COMPLIANT"]), "html");
  const rows = [...GUIDE.matchAll(/^\| `([a-z-]+)` \| (?!`\.)/gm)].map(([, name]) => name);
  const others = Object.keys(headers).filter((name) => name !== "content-type");
  expect(new Set(rows)).toEqual(new Set(others));
});

test("the flags of the guide's commands are flags of audit", async () => {
  const { stdout: help } = await runMain(["audit", "--help"]);
  const commands = [...GUIDE.matchAll(/npx flowlog-guard audit([^\n'#]*)/g)];
  const flags = commands.flatMap(([, words = ""]) => words.match(/--[a-z-]+/g) ?? []);
  expect(flags.length).toBeGreaterThan(10);
  for (const flag of flags) expect(help).toContain(`${flag} `);
});
