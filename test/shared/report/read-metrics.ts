import type { Report } from "../../../shared/audit/report.ts";
import type { MetricsBy } from "../../../shared/report/format.ts";
import { prometheus } from "../../../shared/report/prometheus.ts";
import { DEFAULT_RULES } from "../../../shared/rules/rules.ts";

/** A line of a metric. */
export interface MetricSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const LINE = /^([a-z_]+)(?:\{(.*)\})? (\S+)$/;
const LABEL = /([a-z_]+)="((?:[^"\\]|\\.)*)"(?:,|$)/g;

/**
 * Reads the lines of metrics. What real parsers say of them is in prometheus.test.ts; this reader is
 * there so that other tests need no Python.
 */
export async function metricsOf(
  report: Report,
  metricsBy: MetricsBy = "finding",
): Promise<readonly MetricSample[]> {
  const text = await prometheus.render(report, { color: false, cards: DEFAULT_RULES, metricsBy });
  return text
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => {
      const [, name = "", labels = "", value = ""] = LINE.exec(line) ?? [];
      const pairs = [...labels.matchAll(LABEL)].map(([, key = "", text = ""]) => [
        key,
        text.replaceAll(/\\(.)/g, "$1"),
      ]);
      return { name, labels: Object.fromEntries(pairs), value: Number(value) };
    });
}
