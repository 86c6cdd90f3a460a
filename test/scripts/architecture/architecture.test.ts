import { readFile } from "node:fs/promises";

import { beforeAll, describe, expect, test } from "vitest";

import { drawnPage, lintConfig, problemsOf } from "../../../scripts/architecture/architecture.ts";
import { breachesOf } from "../../../scripts/architecture/breaches.ts";
import { drawing } from "../../../scripts/architecture/drawing.ts";
import { cyclesOf, importGraph, layerGraph } from "../../../scripts/architecture/import-graph.ts";
import { LAYERS, layerOf } from "../../../scripts/architecture/layers.ts";
import { lintOverrides } from "../../../scripts/architecture/lint-rules.ts";
import { readSource } from "../../../scripts/architecture/read-source.ts";
import { readSourceFiles, type SourceFiles } from "../../../scripts/architecture/source-files.ts";
import { ROOT } from "../../../scripts/bundle.ts";

function parsed(texts: Readonly<Record<string, string>>): SourceFiles {
  return new Map(Object.entries(texts).map(([file, text]) => [file, readSource(file, text)]));
}

const SLOW_MACHINE_MS = 60_000;

let files: SourceFiles;
beforeAll(async () => {
  files = await readSourceFiles(ROOT);
}, SLOW_MACHINE_MS);

describe("the repository", () => {
  test("keeps to the table of layers", () => {
    expect(files.size).toBeGreaterThan(300);
    expect([...files].flatMap(([file, source]) => breachesOf(file, source))).toEqual([]);
  });

  test("has no cycle of files, imports of types included", () => {
    expect(cyclesOf(importGraph(files))).toEqual([]);
  });

  test.each(["audit", "check", "cli"])("imports the environment first in the entry %s", (entry) => {
    const file = `functions/${entry}/index.ts`;
    const [first] = files.get(file)?.imports ?? [];
    expect(first?.specifier).toBe("../environment.ts");
  });

  test("has the linter's rules that `npm run architecture` writes", async () => {
    const committed = await readFile(`${ROOT}.oxlintrc.json`, "utf8");
    expect(committed).toBe(await lintConfig(committed));
  });

  test("has the drawing that `npm run architecture` writes", async () => {
    const committed = await readFile(`${ROOT}ARCHITECTURE.md`, "utf8");
    expect(committed).toBe(drawnPage(committed, files));
  });
});

describe("the table of layers", () => {
  test("goes from top to bottom, so that there is no cycle of folders", () => {
    const folders = LAYERS.map(({ folder }) => folder);
    const upward = LAYERS.flatMap(({ folder, imports }, index) =>
      imports
        .filter((target) => folders.indexOf(target) <= index)
        .map((target) => `${folder} imports ${target}`),
    );
    expect(upward).toEqual([]);
    expect(new Set(folders).size).toBe(folders.length);
  });

  test.each([
    ["shared/notify/message/words/en.ts", "shared/notify"],
    ["shared/notify.ts", undefined],
    ["shared/new-folder/file.ts", undefined],
    ["functions/environment.ts", "functions"],
    ["functions/cli/run.ts", "functions/cli"],
    ["functions/new-entry/index.ts", undefined],
    ["package.json", "package.json"],
    ["shared/package.json", undefined],
    ["../elsewhere.ts", undefined],
  ])("%s is of %s", (file, folder) => {
    expect(layerOf(file)?.folder).toBe(folder);
  });
});

test("no pattern of the linter's rules is a wildcard without a folder, which would match in every folder", () => {
  const patterns = lintOverrides().flatMap((override) => override.files);
  expect(patterns.filter((pattern) => !pattern.includes("/"))).toEqual([
    "vitest.config.ts",
    "vitest.config.ts",
  ]);
});

describe("a problem", () => {
  test.each([
    [
      "an import of another layer",
      { "shared/run/a.ts": '\nimport "../alibaba/b.ts";' },
      ["shared/run/a.ts:2: shared/run does not import shared/alibaba"],
    ],
    [
      "an import of a file of no layer",
      { "shared/run/a.ts": 'import "../x.ts";' },
      ["shared/run/a.ts:1: shared/run does not import shared/x.ts"],
    ],
    [
      "a package",
      { "shared/run/a.ts": 'import "@a/b/c";' },
      ["shared/run/a.ts:1: shared/run does not import the package @a/b"],
    ],
    [
      "a module of Node's",
      { "shared/run/a.ts": 'import "fs";' },
      ["shared/run/a.ts:1: shared/run does not import node:fs"],
    ],
    [
      "a file of no layer",
      { "shared/x.ts": "" },
      ["shared/x.ts: belongs to no layer of scripts/architecture/layers.ts"],
    ],
    [
      "a cycle",
      {
        "shared/run/a.ts": 'export type { B } from "./b.ts";',
        "shared/run/b.ts": 'export type B = import("./a.ts").B;',
      },
      ["cycle: shared/run/a.ts → shared/run/b.ts → shared/run/a.ts"],
    ],
  ])("is named: %s", (_, sources, problems) => {
    expect(problemsOf(parsed(sources))).toEqual(problems);
  });
});

describe("cycles of files", () => {
  test.each([
    ["none", { a: ["b", "c"], b: ["c"], c: [] }, []],
    ["a file that imports itself", { a: ["a"] }, [["a", "a"]]],
    [
      "the shortest way back",
      { a: ["b"], b: ["c", "d"], c: ["d"], d: ["a"] },
      [
        ["a", "b", "d", "a"],
        ["c", "d", "a", "b", "c"],
      ],
    ],
    ["one that the first file only imports", { a: ["b"], b: ["c"], c: ["b"] }, [["b", "c", "b"]]],
    [
      "two",
      { a: ["b"], b: ["a"], c: ["d"], d: ["c"] },
      [
        ["a", "b", "a"],
        ["c", "d", "c"],
      ],
    ],
    ["none through a file that is not there", { a: ["b"] }, []],
  ])("%s", (_, graph: Record<string, readonly string[]>, cycles) => {
    expect(cyclesOf(new Map(Object.entries(graph)))).toEqual(cycles);
  });
});

test("a drawing has each import, and an arrow only where no longer path implies it", () => {
  const graph = importGraph(
    parsed({
      "shared/run/a.ts": 'import "../rules/b.ts"; import "../audit/c.ts"; import "./d.ts";',
      "shared/rules/b.ts": 'import type { C } from "../audit/c.ts";',
      "shared/audit/c.ts": "",
      "test/run.test.ts": 'import "../shared/run/a.ts";',
    }),
  );
  const lines = drawing(layerGraph(graph)).split("\n");
  expect(lines.filter((line) => line.includes("-->"))).toEqual([
    "  shared_run --> shared_rules",
    "  shared_rules --> shared_audit",
  ]);
  expect(lines).toEqual(
    expect.arrayContaining([
      '  shared_run["run"]',
      "| `run` | `rules` `audit` |",
      "| `rules` | `audit` |",
      "| `audit` | nothing |",
    ]),
  );
});

test("a drawing shows both arrows of a cycle of folders", () => {
  const graph = new Map([
    ["shared/run", ["shared/rules"]],
    ["shared/rules", ["shared/run"]],
  ]);
  expect(drawing(graph)).toContain(
    "  shared_run --> shared_rules\n  shared_rules --> shared_run\n",
  );
});

test("a page without markers is an error", () => {
  expect(() => drawnPage("# Architecture\n", new Map())).toThrow("ARCHITECTURE.md: has no lines");
});
