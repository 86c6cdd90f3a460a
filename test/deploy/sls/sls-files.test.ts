import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import * as v from "valibot";
import { describe, expect, test } from "vitest";

import { writtenLines } from "../../harness/log-lines.ts";
import { Alert, Dashboard, Index, SavedSearch } from "./sls-bodies.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const FOLDER = join(ROOT, "deploy/sls");
const read = (path: string): unknown => JSON.parse(readFileSync(join(FOLDER, path), "utf8"));
const filesIn = (folder: string): string[] =>
  readdirSync(join(FOLDER, folder)).map((name) => `${folder}/${name}`);

const SAVED_SEARCHES = filesIn("saved-searches");
const ALERTS = filesIn("alerts");

const searches = SAVED_SEARCHES.map((path) => ({ path, body: v.parse(SavedSearch, read(path)) }));
const alerts = ALERTS.map((path) => ({ path, body: v.parse(Alert, read(path)) }));
const dashboard = v.parse(Dashboard, read("dashboard.json"));
const index = v.parse(Index, read("index.json"));

/** Every query of the files, by where it is. */
const QUERIES: readonly (readonly [where: string, query: string])[] = [
  ...searches.map(({ path, body }) => [path, body.searchQuery] as const),
  ...alerts.flatMap(({ path, body }) =>
    body.configuration.queryList.map(({ query }) => [path, query] as const),
  ),
  ...dashboard.charts.flatMap(({ title, search }) =>
    search.chartQueries.map(({ query }) => [title, query] as const),
  ),
];

/** A platform's own line, which is between ours. */
const FOREIGN = "FC Invoke Start RequestId: 1-69217a01-1523a2f1-9d2b";
const written = await writtenLines();
const lines = [FOREIGN, ...written.check];

function partsOf(query: string): { readonly search: string; readonly sql: string } {
  const [search = "", sql = "", ...more] = query.split(" | ");
  expect(more).toEqual([]);
  return { search, sql };
}

/** The words of a text, as the index of `message` divides it. */
function wordsOf(text: string): ReadonlySet<string> {
  const delimiters = index.keys["message"]?.token ?? [];
  const spaced = delimiters.reduce((rest, each) => rest.replaceAll(each, " "), text);
  return new Set(spaced.toLowerCase().split(" "));
}

describe("the query of", () => {
  test.each(QUERIES)("%s asks the function's lines for fields that they have", (_where, query) => {
    const { search, sql } = partsOf(query);
    const [, word = ""] =
      /^__topic__: "FCLogs:FUNCTION_NAME" and message: (\w+)$/.exec(search) ?? [];
    const event = /\$\.event'\) = '(\w+)'/.exec(sql)?.[1];
    const asked = lines.filter((line) => line.startsWith("{"));
    const ofEvent = asked
      .map((line) => ({ line, fields: JSON.parse(line) as Record<string, unknown> }))
      .filter(({ fields }) => fields["event"] === event);
    expect(ofEvent).not.toEqual([]);
    expect(ofEvent.some(({ line }) => wordsOf(line).has(word.toLowerCase()))).toBe(true);

    const paths = [...sql.matchAll(/json_extract_scalar\(message, '\$\.([\w.]+)'\)/g)];
    expect(paths).not.toEqual([]);
    for (const [, path = ""] of paths) {
      // No region of this cloud is a resource: the guide's test has its fields.
      if (path.startsWith("resource.")) continue;
      const has = ({ fields }: { readonly fields: Record<string, unknown> }): boolean =>
        valueAt(fields, path) !== undefined;
      expect([path, ofEvent.some(has)]).toEqual([path, true]);
    }
  });

  test.each(QUERIES)("%s reads fields that are indexed for SQL", (_where, query) => {
    const { sql } = partsOf(query);
    const columns = [...sql.matchAll(/json_extract_scalar\((\w+),/g)].map(([, name = ""]) => name);
    for (const column of columns) {
      expect(index.keys[column]).toMatchObject({ type: "text", doc_value: true });
    }
  });
});

function valueAt(value: unknown, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>(
      (held, name) =>
        typeof held === "object" && held !== null ? Reflect.get(held, name) : undefined,
      value,
    );
}

describe("charts", () => {
  test("have titles of their own, and do not cover each other", () => {
    const { charts } = dashboard;
    expect(new Set(charts.map(({ title }) => title)).size).toBe(charts.length);
    const cells = charts.flatMap(({ display: { xPos, yPos, width, height } }) => {
      expect(xPos + width).toBeLessThanOrEqual(24);
      return Array.from(
        { length: width * height },
        (_, cell) => `${xPos + (cell % width)},${yPos + Math.floor(cell / width)}`,
      );
    });
    expect(new Set(cells).size).toBe(cells.length);
  });

  test("have the same query with variables and without, and columns for their axes", () => {
    for (const { search, display } of dashboard.charts) {
      for (const { query, tokenQuery } of search.chartQueries) expect(tokenQuery).toBe(query);
      const options = v.safeParse(
        v.object({
          queryOptionMap: v.object({
            A: v.object({ xAxisKey: v.string(), yAxisKeys: v.array(v.string()) }),
          }),
        }),
        display,
      );
      if (!options.success) continue;
      const { xAxisKey, yAxisKeys } = options.output.queryOptionMap.A;
      for (const key of [xAxisKey, ...yAxisKeys]) {
        expect(search.chartQueries[0]?.query).toContain(` as ${key}`);
      }
    }
  });
});

test("alerts compare columns that their query gives", () => {
  for (const { body } of alerts) {
    const { queryList, severityConfigurations, annotations } = body.configuration;
    const [{ query } = { query: "" }] = queryList;
    const names = [
      ...severityConfigurations.map(({ evalCondition }) => evalCondition.condition.split(" ")[0]),
      ...annotations.flatMap(({ value }) =>
        [...value.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name),
      ),
    ];
    for (const name of names) expect(query).toContain(` as ${name}`);
  }
});

const hasPython = isThere("python3", ["-c", "import sqlite3"]);

function isThere(command: string, args: readonly string[]): boolean {
  try {
    execFileSync(command, args, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

test.skipIf(!hasPython)(
  `the queries find what the function wrote${hasPython ? "" : " (skipped: needs python3 with sqlite3)"}`,
  () => {
    const queries = Object.fromEntries(
      QUERIES.map(([where, query]) => [where, partsOf(query).sql] as const),
    );
    const program = fileURLToPath(new URL("run-queries.py", import.meta.url));
    const input = JSON.stringify({ lines, queries });
    const rows = JSON.parse(
      execFileSync("python3", [program], { input, encoding: "utf8" }),
    ) as Record<string, Record<string, unknown>[]>;
    expect(rows["saved-searches/last-runs.json"]).toMatchObject([
      { outcome: "failed", error: "ConfigError" },
      { outcome: "failed", error: "AlertError" },
      { outcome: "done", non_compliant: 1, unreadable: 1, alert: "NO_RECEIVER_CONFIGURED" },
      { outcome: "done", non_compliant: 1, unreadable: 1, alert: "NON_COMPLIANT", error: null },
    ]);
    expect(rows["saved-searches/failed-runs.json"]).toHaveLength(2);
    expect(rows["saved-searches/non-compliant.json"]).toMatchObject([
      {
        rule: "flow-log-service-activated",
        region: "cn-b",
        resource: null,
        reason: "NOT_ACTIVATED",
        runs: 3,
      },
    ]);
    expect(rows["saved-searches/unreadable.json"]).toMatchObject([
      { region: "cn-c", reason: "ACCESS_DENIED", runs: 3 },
    ]);
    expect(rows["saved-searches/warnings.json"]).not.toEqual([]);
    expect(rows["alerts/run-missing.json"]).toEqual([{ runs: 2 }]);
    expect(rows["alerts/not-compliant.json"]).toMatchObject([{ non_compliant: 1, unreadable: 1 }]);
    expect(rows["flowlog-guard-course"]).toHaveLength(2);
    const without = JSON.parse(
      execFileSync("python3", [program], {
        input: JSON.stringify({ lines: [FOREIGN], queries }),
        encoding: "utf8",
      }),
    ) as Record<string, Record<string, unknown>[]>;
    expect(without["alerts/run-missing.json"]).toEqual([{ runs: 0 }]);
    expect(without["alerts/not-compliant.json"]).toMatchObject([{ non_compliant: null }]);
  },
);

describe("the guide's commands", () => {
  const guide = readFileSync(join(ROOT, "docs/logs.md"), "utf8");
  const scripts = [...guide.matchAll(/^```sh\n(.*?)^```/gms)].map(([, script = ""]) => script);

  /** Runs the guide with an `aliyun` that writes down its arguments. */
  function callsOf(script: string): string[][] {
    const folder = mkdtempSync(join(tmpdir(), "sls-guide-"));
    try {
      const calls = join(folder, "calls");
      const fake = `#!/bin/sh\nfor each in "$@"; do printf '%s\\0' "$each"; done >> "${calls}"\nprintf '\\n\\0' >> "${calls}"\n`;
      writeFileSync(join(folder, "aliyun"), fake);
      chmodSync(join(folder, "aliyun"), 0o755);
      const env = { ...process.env, PATH: `${folder}:${process.env["PATH"] ?? ""}` };
      execFileSync("sh", ["-eu", "-c", script], { cwd: ROOT, env });
      const calledWith = readFileSync(calls, "utf8").split("\n\0");
      return calledWith.filter((call) => call !== "").map((call) => call.split("\0").slice(0, -1));
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  test("import every file, with all names filled in", () => {
    const calls = callsOf(scripts.join("\n"));
    const actions = calls.map(([product, action]) => `${product} ${action}`);
    expect(actions).toEqual([
      "sls UpdateIndex",
      "sls CreateIndex",
      ...SAVED_SEARCHES.map(() => "sls CreateSavedSearch"),
      "sls CreateDashboard",
      ...ALERTS.map(() => "sls CreateAlert"),
    ]);
    const schemas = { Index, SavedSearch, Dashboard, Alert };
    const bodies = calls.map((call) => {
      expect(call[call.indexOf("--region") + 1]).toBe("cn-hangzhou");
      const body: unknown = JSON.parse(call[call.indexOf("--body") + 1] ?? "");
      const name = (call[1] ?? "").replace(/^(Create|Update)/, "");
      const schema = Object.entries(schemas).find(([known]) => known === name)?.[1];
      expect(schema && v.safeParse(schema, body).issues).toBeUndefined();
      return JSON.stringify(body);
    });
    for (const body of bodies) {
      expect(body).not.toMatch(/PROJECT_NAME|LOGSTORE_NAME|REGION_ID|FUNCTION_NAME|ACTION_POLICY/);
    }
    expect(new Set(bodies).size).toBe(2 + SAVED_SEARCHES.length + ALERTS.length);
  });

  test("are explained: the guide links every file", () => {
    const links = [...guide.matchAll(/\]\(\.\.\/deploy\/sls\/([\w/.-]+)\)/g)].map(
      ([, path]) => path,
    );
    const files = [...SAVED_SEARCHES, ...ALERTS, "dashboard.json", "index.json"];
    expect(new Set(links)).toEqual(new Set(files));
  });
});
