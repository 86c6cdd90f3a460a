import type { Format } from "./format.ts";

/**
 * OCSF 1.6.0 for data lakes: each finding is an event of the class Compliance Finding, with the profile Cloud.
 * The file is a JSON array with one event a line.
 *
 * @see https://schema.ocsf.io/1.6.0/classes/compliance_finding?profiles=cloud
 */
export const ocsf = {
  contentType: "application/json; charset=utf-8",
  extension: "ocsf.json",
  async render(report, options) {
    const { renderOcsf } = await import("./ocsf/render-ocsf.ts");
    return renderOcsf(report, options);
  },
} as const satisfies Format;
