import { cellText } from "../table/cell-text.ts";

/** Labels of a sample by name. An empty value is, to Prometheus, no label. */
export type Labels = Readonly<Record<string, string | undefined>>;

export interface Sample {
  readonly labels: Labels;
  readonly value: number;
}

/** The samples of one metric, which is a gauge. */
export interface MetricFamily {
  /** With its unit, after `flowlog_guard_`. */
  readonly name: string;
  /** What a value means, and when there is none; one line. */
  readonly help: string;
  readonly samples: readonly Sample[];
  /**
   * Joins samples that have the same labels, of which the format allows one: a second one makes the
   * collector refuse the whole file. @default the lowest value
   */
  readonly join?: (a: number, b: number) => number;
}

/**
 * Writes a metric: its help, its type, and a line for each sample; nothing where there is no sample.
 * OpenMetrics reads it too, when a line `# EOF` follows the last metric.
 *
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 */
export function writeFamily({ name, help, samples, join = Math.min }: MetricFamily): string {
  const values = new Map<string, number>();
  for (const { labels, value } of samples) {
    const written = writeLabels(labels);
    const other = values.get(written);
    values.set(written, other === undefined ? value : join(other, value));
  }
  if (values.size === 0) return "";
  const metric = `flowlog_guard_${name}`;
  const lines = [...values].map(([labels, value]) => `${metric}${labels} ${value}`);
  return `${[`# HELP ${metric} ${help}`, `# TYPE ${metric} gauge`, ...lines].join("\n")}\n`;
}

function writeLabels(labels: Labels): string {
  const written = Object.entries(labels)
    .map(([name, value = ""]) => [name, cellText(value)] as const)
    .filter(([, value]) => value !== "")
    .map(([name, value]) => `${name}="${value.replaceAll(/[\\"]/g, String.raw`\$&`)}"`);
  return written.length === 0 ? "" : `{${written.join(",")}}`;
}
