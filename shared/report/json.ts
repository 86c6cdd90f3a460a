import type { Format } from "./format.ts";

/** The report itself, indented. */
export const json: Format = (report) => `${JSON.stringify(report, null, 2)}\n`;
