import type { Format } from "./format.ts";

/** The report itself, indented. */
export const json: Format = {
  contentType: "application/json; charset=utf-8",
  extension: "json",
  render: (report) => `${JSON.stringify(report, null, 2)}\n`,
};
