import type { HistoryFormat } from "./history-format.ts";

/** For auditors: one page that requests nothing, in two languages, with the history's JSON in it. */
export const html = {
  extension: "html",
  hasLanguages: true,
  async render(history, options) {
    const { renderHistoryPage } = await import("./html/history-page.ts");
    return renderHistoryPage(history, options);
  },
} as const satisfies HistoryFormat;
