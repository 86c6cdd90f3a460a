import type { Report } from "../../audit/report.ts";
import { escapeInvisible } from "../../text/escape-invisible.ts";
import type { RenderOptions } from "../format.ts";
import { complianceFinding } from "./compliance-finding.ts";
import { eventContextOf } from "./event-context.ts";

/**
 * Writes all findings of a report as one JSON array, in the report's order. Each event has a line of its own,
 * so that a reader of lines needs to drop only the comma at its end.
 */
export function renderOcsf(report: Report, { cards }: Pick<RenderOptions, "cards">): string {
  const context = eventContextOf(report, cards);
  const lines = report.findings.map((finding) =>
    escapeInvisible(JSON.stringify(complianceFinding(finding, context))),
  );
  return lines.length === 0 ? "[]\n" : `[\n${lines.join(",\n")}\n]\n`;
}
