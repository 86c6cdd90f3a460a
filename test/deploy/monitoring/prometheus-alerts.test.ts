import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { load } from "js-yaml";
import { describe, expect, test } from "vitest";

import type { Report } from "../../../shared/audit/report.ts";
import { METRICS_BY } from "../../../shared/report/format.ts";
import { CALLER_ID, memberId, organizationReport } from "../../harness/organization-report.ts";
import { hasPromtool, testRules } from "../../harness/promtool.ts";
import { reportOf, reportWith } from "../../harness/report-with.ts";
import { type MetricSample, metricsOf } from "../../shared/report/read-metrics.ts";
import { withExemption } from "../../shared/report/with-exemption.ts";
import { queriedMetrics, writtenLabels } from "./queried-metrics.ts";

const FILE = fileURLToPath(
  new URL("../../../deploy/monitoring/prometheus-alerts.yaml", import.meta.url),
);

interface AlertingRule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

const { groups } = load(readFileSync(FILE, "utf8")) as {
  readonly groups: readonly { readonly rules: readonly AlertingRule[] }[];
};
const RULES = groups.flatMap(({ rules }) => rules);

/** What the collector says of itself. */
const NODE_METRICS = /\bnode_textfile_scrape_error\b/;

test.each(RULES.map((rule) => [rule.alert, rule] as const))(
  "%s asks for metrics and labels that are really written",
  async (_alert, { expr, annotations }) => {
    const written = await writtenLabels();
    const texts = [expr, ...Object.values(annotations)];
    const queried = texts.flatMap(queriedMetrics);
    expect(queried.length > 0 || NODE_METRICS.test(expr)).toBe(true);
    for (const { name, labels } of queried) {
      expect([...written.keys()]).toContain(name);
      expect([...(written.get(name) ?? [])]).toEqual(expect.arrayContaining([...labels]));
    }
    const labelsOfAlert = written.get(queriedMetrics(expr)[0]?.name ?? "") ?? [];
    const shown = texts.flatMap((text) => [...text.matchAll(/\$labels\.(\w+)/g)]);
    for (const [, label] of shown) {
      expect([...labelsOfAlert, "instance"]).toContain(label);
    }
  },
);

test("each alert has a severity: that of the rule, or its own", async () => {
  const written = await writtenLabels();
  for (const { expr, labels } of RULES) {
    const own = written.get(queriedMetrics(expr)[0]?.name ?? "")?.has("severity") ?? false;
    expect(own || ["high", "medium", "low"].includes(labels?.["severity"] ?? "")).toBe(true);
  }
});

/** How often the collector is read and rules are evaluated, and how many times: for two days. */
const STEP = "5m";
const STEPS = 2 * 24 * 12;

/** A report of a run that ended at the beginning of promtool's time, or minutes later. */
function ended(report: Report, minutes = 0): Report {
  return reportOf(report, new Date(minutes * 60_000));
}

interface AlertCase {
  readonly what: string;
  /** Null where there is no file. */
  readonly report: Report | null;
  /** @default none */
  readonly others?: readonly MetricSample[];
  readonly at: string;
  /** Without what all names begin with. */
  readonly alerts: readonly string[];
}

const FINE = withExemption(ended(reportWith(["IGNORED", "COMPLIANT"])), "1970-03-01");
const UNREADABLE = ended(reportWith(["INSUFFICIENT_DATA", "COMPLIANT"]));
const ACCOUNTS = organizationReport([
  { id: CALLER_ID, name: "security", statuses: ["COMPLIANT"] },
  { id: memberId(1), name: "old" },
]);

const CASES: readonly AlertCase[] = [
  {
    what: "a compliant, complete and fresh audit alerts nobody",
    report: FINE,
    at: "175m",
    alerts: [],
  },
  {
    what: "something not compliant alerts at once",
    report: ended(reportWith(["NON_COMPLIANT", "COMPLIANT"])),
    at: "5m",
    alerts: ["NonCompliant"],
  },
  { what: "what could not be read once", report: UNREADABLE, at: "80m", alerts: [] },
  {
    what: "what could not be read twice alerts",
    report: UNREADABLE,
    at: "100m",
    alerts: ["Incomplete", "Unreadable"],
  },
  {
    what: "an account that is only assumed alerts",
    report: { ...FINE, accountAssumed: true },
    at: "100m",
    alerts: ["Incomplete"],
  },
  { what: "a stale file alerts", report: FINE, at: "185m", alerts: ["Stale"] },
  { what: "a stale file goes on alerting", report: FINE, at: "40h", alerts: ["Stale"] },
  { what: "a time in the future alerts", report: ended(FINE, 120), at: "5m", alerts: ["Stale"] },
  { what: "no file alerts", report: null, at: "20m", alerts: ["Absent"] },
  {
    what: "a file that the collector rejects alerts",
    report: null,
    others: [{ name: "node_textfile_scrape_error", labels: {}, value: 1 }],
    at: "20m",
    alerts: ["Absent", "FileRejected"],
  },
  {
    what: "an exemption that ends within a week alerts",
    report: withExemption(ended(reportWith(["IGNORED", "COMPLIANT"])), "1970-01-05"),
    at: "5m",
    alerts: ["ExemptionEnding"],
  },
  {
    what: "an account that is not audited alerts",
    report: ended(ACCOUNTS),
    at: "25h",
    alerts: ["AccountSkipped", "Stale"],
  },
];

/** Samples as `promtool test rules` takes them. */
function scraped(samples: readonly MetricSample[]): readonly unknown[] {
  return samples.map(({ name, labels, value }) => {
    const matchers = Object.entries(labels).map(([key, text]) => `${key}=${JSON.stringify(text)}`);
    return { series: `${name}{${matchers.join(",")}}`, values: `${value}x${STEPS}` };
  });
}

describe.each(METRICS_BY)(
  "to Prometheus, as promtool evaluates rules, with metrics by %s,",
  (by) => {
    test.skipIf(!hasPromtool()).each(CASES)(
      "$what",
      async ({ report, others = [], at, alerts }) => {
        const samples = report === null ? [] : await metricsOf(report, by);
        const said = testRules(FILE, {
          evaluation_interval: STEP,
          tests: [
            {
              interval: STEP,
              input_series: scraped([...samples, ...others]),
              promql_expr_test: [
                {
                  expr: 'count by (alertname) (ALERTS{alertstate="firing"})',
                  eval_time: at,
                  exp_samples: alerts.map((alert) => ({
                    labels: `{alertname="FlowlogGuard${alert}"}`,
                    value: 1,
                  })),
                },
              ],
            },
          ],
        });
        expect(said).toMatch(/SUCCESS/);
        expect(said).not.toMatch(/FAILED/);
      },
    );
  },
);
