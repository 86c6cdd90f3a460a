import type { Format } from "./format.ts";

/**
 * Metrics in the text format of Prometheus, for the text file collector of its node exporter:
 * `docs/monitoring.md`. No sample has a time, since the collector refuses those that do.
 *
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 */
export const prometheus = {
  contentType: "text/plain; version=0.0.4; charset=utf-8",
  extension: "prom",
  async render(report, options) {
    const { renderPrometheus } = await import("./prometheus/render-prometheus.ts");
    return renderPrometheus(report, options);
  },
} as const satisfies Format;
