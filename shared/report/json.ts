import type { Format } from "./format.ts";

/** The report itself, indented. */
export const json = {
  contentType: "application/json; charset=utf-8",
  extension: "json",
  render: (report) => `${JSON.stringify(report, null, 2)}\n`,
} as const satisfies Format;
