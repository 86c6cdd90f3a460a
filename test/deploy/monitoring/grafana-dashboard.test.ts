import { readFileSync } from "node:fs";

import { describe, expect, test } from "vitest";

import { checkRules, hasPromtool } from "../../harness/promtool.ts";
import { queriedMetrics, writtenLabels } from "./queried-metrics.ts";

interface DataSource {
  readonly type: string;
  readonly uid: string;
}

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description: string;
  readonly datasource: DataSource;
  readonly gridPos: Readonly<Record<"x" | "y" | "w" | "h", number>>;
  readonly targets: readonly { readonly datasource: DataSource; readonly expr: string }[];
  readonly transformations?: readonly {
    readonly options: { readonly indexByName?: Readonly<Record<string, number>> };
  }[];
}

interface Dashboard {
  readonly __inputs: readonly { readonly name: string; readonly pluginId: string }[];
  readonly __requires: readonly { readonly type: string; readonly id: string }[];
  readonly id: null;
  readonly schemaVersion: number;
  readonly panels: readonly Panel[];
  readonly templating: {
    readonly list: readonly {
      readonly name: string;
      readonly datasource: DataSource;
      readonly query: { readonly query: string };
    }[];
  };
}

const DASHBOARD = JSON.parse(
  readFileSync(
    new URL("../../../deploy/monitoring/grafana-dashboard.json", import.meta.url),
    "utf8",
  ),
) as Dashboard;
const { panels, templating, __requires: requirements } = DASHBOARD;
const QUERIES = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));

describe("the dashboard", () => {
  test("asks for its data source when it is imported, and names no other", () => {
    expect(DASHBOARD).toMatchObject({
      __inputs: [{ name: "DS_PROMETHEUS", pluginId: "prometheus" }],
      id: null,
    });
    const sources = [
      ...panels.flatMap(({ datasource, targets }) => [
        datasource,
        ...targets.map((target) => target.datasource),
      ]),
      ...templating.list.map(({ datasource }) => datasource),
    ];
    const one = { type: "prometheus", uid: "${DS_PROMETHEUS}" };
    expect(sources).toEqual(sources.map(() => one));
  });

  test("says which kinds of panel it requires", () => {
    const required = requirements.filter(({ type }) => type === "panel");
    expect(required.map(({ id }) => id).toSorted()).toEqual(
      [...new Set(panels.map(({ type }) => type))].toSorted(),
    );
  });

  test("has panels that do not overlap, each with an id and a description", () => {
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(Math.max(...panels.map(({ gridPos: { x, w } }) => x + w))).toBe(24);
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    for (const { description } of panels) expect(description).toMatch(/\.$/);
  });

  test.each(panels.map((panel) => [panel.title, panel] as const))(
    "%s: asks for metrics and labels that are really written",
    async (_title, { targets, transformations = [] }) => {
      const written = await writtenLabels();
      const queried = targets.flatMap(({ expr }) => queriedMetrics(expr));
      expect(queried.length).toBeGreaterThanOrEqual(targets.length);
      for (const { name, labels } of queried) {
        expect([...written.keys()]).toContain(name);
        expect([...(written.get(name) ?? [])]).toEqual(expect.arrayContaining([...labels]));
      }
      const columns = transformations.flatMap(({ options }) =>
        Object.keys(options.indexByName ?? {}),
      );
      const labels = queried.flatMap(({ name }) => [...(written.get(name) ?? [])]);
      expect(["Value", ...labels]).toEqual(expect.arrayContaining(columns));
    },
  );

  test("fills its variables from metrics that are really written, and uses no others", async () => {
    const written = await writtenLabels();
    for (const { name, query } of templating.list) {
      const [, metric = "", label = ""] = /^label_values\((\w+), (\w+)\)$/.exec(query.query) ?? [];
      expect([...(written.get(metric) ?? [])]).toContain(label);
      expect(label).toBe(name);
    }
    const used = QUERIES.flatMap((query) => query.match(/\$\w+/g) ?? []);
    expect(new Set(used)).toEqual(new Set(templating.list.map(({ name }) => `$${name}`)));
  });

  test("shows every metric that is written, but the version and the duration", async () => {
    const shown = new Set(QUERIES.flatMap(queriedMetrics).map(({ name }) => name));
    const hidden = [...(await writtenLabels()).keys()].filter((name) => !shown.has(name));
    expect(hidden).toEqual([
      "flowlog_guard_build_info",
      "flowlog_guard_last_run_duration_seconds",
      "flowlog_guard_compliant",
    ]);
  });

  test.skipIf(!hasPromtool())("has queries that Prometheus can parse (promtool)", () => {
    const rules = QUERIES.map((expr, index) => ({ record: `q${index}`, expr }));
    expect(checkRules({ groups: [{ name: "queries", rules }] })).toMatch(
      new RegExp(`SUCCESS: ${rules.length} rules found`),
    );
  });
});
