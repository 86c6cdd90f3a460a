import type { Report } from "../../audit/report.ts";
import type { RenderOptions } from "../format.ts";
import { writeFamily } from "./exposition.ts";
import { familiesOfFindings } from "./finding-families.ts";
import { familiesOfRun } from "./run-families.ts";

/**
 * Writes a report as metrics. There are no messages, run ids or request ids in it: each would begin a
 * new series in every run.
 */
export function renderPrometheus(
  report: Report,
  { metricsBy = "finding" }: Pick<RenderOptions, "metricsBy">,
): string {
  return [...familiesOfRun(report), ...familiesOfFindings(report, metricsBy)]
    .map(writeFamily)
    .join("");
}
