import type { Format } from "./format.ts";

/**
 * For auditors: one page that requests nothing, in two languages, with the report's JSON in it. It takes
 * any number of bytes, since a report that is cut proves nothing.
 */
export const html = {
  contentType: "text/html; charset=utf-8",
  extension: "html",
  async render(report, options) {
    const { renderReportPage } = await import("./html/report-page.ts");
    return renderReportPage(report, options);
  },
  hasLanguages: true,
} as const satisfies Format;
