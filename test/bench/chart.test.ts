import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { chart } from "./chart.ts";

const GROUP = {
  title: "Time <of> all",
  own: { label: "own & fast", value: 25, text: "25 ms" },
  other: { label: "other", value: 100, text: "100 ms" },
};

test("draws each pair of bars to its own scale, and escapes text", () => {
  const svg = chart([GROUP, { ...GROUP, own: { ...GROUP.own, value: 400 } }]);
  const widths = [...svg.matchAll(/<rect [^>]*width="(\d+)"/g)].map(([, width]) => Number(width));
  expect(widths).toEqual([113, 450, 450, 113]);
  expect(svg).toContain("Time &lt;of&gt; all: own &amp; fast 25 ms, other 100 ms.");
  expect(svg).toContain(">own &amp; fast</text>");
});

test("the guide to benches shows the chart, and the chart is one that the benches draw", () => {
  const read = (path: string): string =>
    readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
  expect(read("docs/benchmarks.md")).toContain("](benchmarks.svg)");
  const [, label = ""] = /aria-label="([^"]*)"/.exec(read("docs/benchmarks.svg")) ?? [];
  expect(label).toContain("flowlog-guard");
  expect(label).toContain("plain SDK calls");
});
