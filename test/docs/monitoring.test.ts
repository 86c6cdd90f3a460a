import { readFileSync } from "node:fs";

import { describe, expect, test } from "vitest";

import { writtenLabels } from "../deploy/monitoring/queried-metrics.ts";

function read(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
}

describe("the guide to Prometheus and Grafana", () => {
  const guide = read("docs/monitoring.md");

  test("has a row for every metric that is written, with its labels, and for no other", async () => {
    const rows = [...guide.matchAll(/^\| `(flowlog_guard_\w+)` +\| ([^|]*)\|/gm)].map(
      ([, name = "", labels = ""]): [string, readonly string[]] => [
        name,
        [...labels.matchAll(/`(\w+)`/g)].map(([, label = ""]) => label).toSorted(),
      ],
    );
    const written = [...(await writtenLabels())].map(([name, labels]) => [
      name,
      [...labels].toSorted(),
    ]);
    expect(Object.fromEntries(rows)).toEqual(Object.fromEntries(written));
  });

  test("has a row for every alert", () => {
    const rows = [...guide.matchAll(/^\| `(FlowlogGuard\w+)` +\|/gm)].map(([, name]) => name);
    const alerts = read("deploy/monitoring/prometheus-alerts.yaml").matchAll(/alert: (\w+)/g);
    expect(rows).toEqual([...alerts].map(([, name]) => name));
  });
});
