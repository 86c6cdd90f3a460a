import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { reportResponse } from "../../functions/audit/http-response.ts";
import { FORMAT_NAMES, formatOf } from "../../shared/report/formats.ts";
import { reportWith } from "../harness/report-with.ts";

function read(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
}

const GUIDE = read("docs/reports.md");

test("the guide to reports has a row and a section for every format, with its extension", () => {
  const rows = [...GUIDE.matchAll(/^\| `([a-z]+)` \| `\.([a-z.]+)` \|/gm)];
  expect(Object.fromEntries(rows.map(([, name, extension]) => [name, extension]))).toEqual(
    Object.fromEntries(FORMAT_NAMES.map((name) => [name, formatOf(name).extension])),
  );
  for (const name of FORMAT_NAMES) expect(GUIDE).toContain(`\n### \`${name}\`\n`);
});

test("the guide has every header of an answer beside its type", async () => {
  const { headers } = await reportResponse(reportWith(["COMPLIANT"]), "html");
  const rows = [...GUIDE.matchAll(/^\| `([a-z-]+)` \| (?!`\.)/gm)].map(([, name]) => name);
  const others = Object.keys(headers).filter((name) => name !== "content-type");
  expect(new Set(rows)).toEqual(new Set(others));
});
